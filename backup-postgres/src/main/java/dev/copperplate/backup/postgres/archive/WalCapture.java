package dev.copperplate.backup.postgres.archive;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.BackupSource;
import dev.copperplate.backup.CaptureContext;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryOutput;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.EntryType;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.SnapshotWriter;
import dev.copperplate.backup.SourceId;
import dev.copperplate.backup.postgres.wal.TimelineHistory;
import dev.copperplate.backup.postgres.wal.WalRange;
import dev.copperplate.backup.postgres.wal.WalSegment;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One commit: what is in the spool, and what the commit before it had. Made once. */
final class WalCapture implements BackupSource {

  private static final int TIMELINE_DIGITS = 8;
  private static final int BUFFER = 64 << 10;
  private static final EntryPath GUIDE = EntryPath.of(".backup/RESTORE.md");

  private final SourceId id;
  private final Cut cut;
  private final Window window;
  private final WalFacts facts;
  private final Map<EntryPath, Cut.Piece> pieces = new HashMap<>();
  private final Map<EntryPath, byte[]> histories = new HashMap<>();
  private final List<WalRange> lost = new ArrayList<>();

  /**
   * @param facts those of what it will hold; gaps are added if the commit before it has lost
   *     anything
   */
  WalCapture(SourceId id, Cut cut, Window window, WalFacts facts) {
    this.id = id;
    this.cut = cut;
    this.window = window;
    this.facts = facts;
  }

  @Override
  public SourceId id() {
    return id;
  }

  @Override
  public void capture(SnapshotWriter writer, CaptureContext context)
      throws IOException, InterruptedException {
    cut.pieces().forEach(each -> pieces.put(path(each.segment(), each.name()), each));
    cut.histories()
        .forEach(
            (timeline, content) ->
                histories.put(
                    StoredCommits.ROOT.child(TimelineHistory.fileName(timeline)), content));
    SnapshotReader previous = previous(context);
    if (previous != null) {
      writer.replaces(previous.snapshot());
      takeOver(writer, previous);
    }
    for (Map.Entry<EntryPath, Cut.Piece> each : pieces.entrySet()) {
      write(writer, context, each.getKey(), each.getValue());
    }
    for (Map.Entry<EntryPath, byte[]> each : histories.entrySet()) {
      write(writer, context, each.getKey(), each.getValue());
    }
    write(writer, context, GUIDE, WalGuide.text(facts).getBytes(StandardCharsets.UTF_8));
    WalFacts all = facts();
    all.writeTo(writer);
    all.gaps().forEach(gap -> context.report(missing(gap)));
  }

  /** What it holds; complete after the capture. */
  WalFacts facts() {
    List<WalRange> gaps = new ArrayList<>(facts.gaps());
    gaps.addAll(lost);
    return new WalFacts(
        facts.system(),
        facts.version(),
        facts.size(),
        facts.start(),
        facts.end(),
        facts.slot(),
        facts.began(),
        facts.closed(),
        gaps);
  }

  static Finding missing(WalRange gap) {
    return Finding.warning(
        "WAL " + gap,
        "is missing: the server no longer had it when it was to be archived",
        "Take a new full backup; nothing can be recovered from an earlier one past " + gap.from());
  }

  /**
   * The commit of this window that was made last: the newest of the source, unless another archiver
   * made that; its answer may have been lost.
   */
  private @Nullable SnapshotReader previous(CaptureContext context) throws IOException {
    if (window.last().isEmpty()) {
      return null;
    }
    Optional<SnapshotReader> newest = context.previous();
    if (newest.isPresent() && isOfThisWindow(newest.get())) {
      return newest.get();
    }
    return context.attach(context.snapshots().open(window.last().get()));
  }

  private boolean isOfThisWindow(SnapshotReader newest) throws IOException {
    Optional<WalFacts> found =
        WalFacts.of(newest.manifest())
            .filter(each -> each.slot().equals(facts.slot()) && each.began().equals(facts.began()));
    if (found.isPresent() && isAhead(found.get())) {
      throw new BackupException(
          Kind.CONFLICT,
          "Another archiver with the slot "
              + facts.slot()
              + " has archived up to "
              + found.get().end()
              + "; give each a slot of its own");
    }
    return found.isPresent();
  }

  private boolean isAhead(WalFacts other) {
    return other.end().timeline() == facts.end().timeline()
        && facts.end().lsn().isBefore(other.end().lsn());
  }

  private void takeOver(SnapshotWriter writer, SnapshotReader previous) throws IOException {
    try (Cursor<Entry> all = previous.walk(StoredCommits.ROOT, 2)) {
      for (Entry each = all.next(); each != null; each = all.next()) {
        if (each.type() == EntryType.FILE && !isFresh(each.path())) {
          forget(each.path());
          takeOver(writer, each);
        }
      }
    }
  }

  /** Whether the spool has more of the segment. */
  private boolean isFresh(EntryPath path) {
    Cut.Piece whole = pieces.get(whole(path));
    Cut.Piece partial = pieces.get(partial(path));
    return (whole != null && whole.fresh()) || (partial != null && partial.fresh());
  }

  /** What is stored already is not written again. */
  private void forget(EntryPath path) {
    pieces.remove(whole(path));
    pieces.remove(partial(path));
    histories.remove(path);
  }

  private static EntryPath whole(EntryPath path) {
    return path.parent().child(withoutSuffix(path.name().toString()));
  }

  private static EntryPath partial(EntryPath path) {
    return path.parent().child(withoutSuffix(path.name().toString()) + WalSegment.PARTIAL);
  }

  private void takeOver(SnapshotWriter writer, Entry stored) throws IOException {
    if (writer.reuse(stored.path(), stored.attributes(), stored)) {
      return;
    }
    String name = stored.path().name().toString();
    if (facts.size().isName(withoutSuffix(name))) {
      WalSegment segment = facts.size().segment(withoutSuffix(name));
      lost.add(new WalRange(segment.start(), segment.end()));
    }
  }

  private static String withoutSuffix(String name) {
    return name.endsWith(WalSegment.PARTIAL)
        ? name.substring(0, name.length() - WalSegment.PARTIAL.length())
        : name;
  }

  /** Where in a commit a segment lies. */
  static EntryPath path(WalSegment segment, String name) {
    return StoredCommits.ROOT.child(segment.name().substring(0, TIMELINE_DIGITS)).child(name);
  }

  private static void write(
      SnapshotWriter writer, CaptureContext context, EntryPath path, byte[] content)
      throws IOException {
    Attributes attributes = Attributes.PLAIN.modified(context.time());
    try (EntryOutput out = writer.file(path, attributes)) {
      out.write(content);
      out.commit();
    }
  }

  /** Writes a segment, with zeros for what has not come: servers accept no other length. */
  private static void write(
      SnapshotWriter writer, CaptureContext context, EntryPath path, Cut.Piece piece)
      throws IOException {
    Attributes attributes = Attributes.PLAIN.modified(context.time());
    try (InputStream in = Files.newInputStream(piece.file());
        EntryOutput out = writer.file(path, attributes)) {
      byte[] buffer = new byte[BUFFER];
      copy(in, out, piece, buffer);
      Arrays.fill(buffer, (byte) 0);
      for (long left = piece.segment().size().bytes() - piece.bytes(); left > 0; ) {
        int size = (int) Math.min(left, buffer.length);
        out.write(buffer, 0, size);
        left -= size;
      }
      out.commit();
    }
  }

  private static void copy(InputStream in, OutputStream out, Cut.Piece piece, byte[] buffer)
      throws IOException {
    for (long left = piece.bytes(); left > 0; ) {
      int size = in.read(buffer, 0, (int) Math.min(left, buffer.length));
      if (size < 0) {
        throw new EOFException("The spool lost a part of " + piece.segment());
      }
      out.write(buffer, 0, size);
      left -= size;
    }
  }
}
