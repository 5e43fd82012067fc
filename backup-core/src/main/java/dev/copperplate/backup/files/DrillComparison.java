package dev.copperplate.backup.files;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.EntryType;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.RawName;
import dev.copperplate.backup.RestoreContext;
import dev.copperplate.backup.SnapshotReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Compares a restored copy with its snapshot and reports every difference. Directories and links
 * are compared by the walking thread, content by the workers.
 */
final class DrillComparison implements Descent.Visitor<OpenDirectory> {

  private static final int PRIVILEGES = 06000;
  private static final int BUFFER = 64 << 10;
  private static final String CONTENT_REMEDY =
      "Restore from another snapshot until it is known why";
  private static final String METADATA_REMEDY =
      "Look whether the file system of the scratch directory keeps them";

  private final SnapshotReader snapshot;
  private final RestoreContext context;
  private final StatusReader statuses = new StatusReader(false);
  private final Map<LinkGroups.Key, Long> inodes = new HashMap<>();

  DrillComparison(SnapshotReader snapshot, RestoreContext context) {
    this.snapshot = snapshot;
    this.context = context;
  }

  void compare(Path copy) throws IOException, InterruptedException {
    try (Cursor<Entry> walk = snapshot.walk(EntryPath.ROOT, Integer.MAX_VALUE)) {
      new Descent<>(this).run(walk, OpenDirectory.at(copy, statuses));
    }
    context.workers().join();
  }

  @Override
  public @Nullable OpenDirectory directory(OpenDirectory parent, Entry entry) throws IOException {
    try {
      if (!isThere(parent, entry)) {
        return null;
      }
      compareExtended(parent.path(entry.path().name()), entry);
      return parent.open(entry.path().name(), false);
    } catch (AccessDeniedException locked) {
      warnOfLocked(entry);
      return null;
    }
  }

  @Override
  public void other(OpenDirectory parent, Entry entry) throws IOException, InterruptedException {
    try {
      if (Action.isSpecial(entry.type()) || !isThere(parent, entry)) {
        return;
      }
      Path path = parent.path(entry.path().name());
      if (entry.type() == EntryType.SYMLINK) {
        compareTarget(path, entry);
      } else {
        compareExtended(path, entry);
        compareContent(path, entry);
      }
    } catch (AccessDeniedException locked) {
      warnOfLocked(entry);
    }
  }

  /** Whether it can be looked at more closely. */
  private boolean isThere(OpenDirectory parent, Entry entry) throws IOException {
    Optional<Status> status = parent.status(entry.path().name());
    if (status.isEmpty()) {
      error(entry, "is missing in the restored copy");
      return false;
    }
    if (status.get().type() != entry.type()) {
      error(entry, "is a " + entry.type() + ", and was restored as a " + status.get().type());
      return false;
    }
    compareMetadata(entry, status.get());
    return true;
  }

  private void compareMetadata(Entry entry, Status restored) {
    Attributes expected = entry.attributes();
    Attributes actual = restored.attributes();
    ChronoUnit unit = ChronoUnit.NANOS;
    if (entry.type() == EntryType.SYMLINK) {
      unit = ChronoUnit.MICROS; // JDK 17 cuts them, and the restorer says so
    } else {
      String wanted = Integer.toOctalString(expected.permissions() & ~PRIVILEGES);
      warnIfOther(entry, "permissions", wanted, Integer.toOctalString(actual.permissions()));
    }
    Instant time = expected.modified().truncatedTo(unit);
    warnIfOther(entry, "time of modification", time, actual.modified().truncatedTo(unit));
    if (entry.type() == EntryType.FILE && LinkGroups.isLinked(entry)) {
      Long first = inodes.putIfAbsent(LinkGroups.Key.of(entry), actual.inode());
      if (first != null && first != actual.inode()) {
        warn(entry, "is a name of another file of the snapshot, and was restored as its own");
      }
    }
  }

  private void compareExtended(Path path, Entry entry) throws IOException {
    Map<String, RawName> expected = new TreeMap<>(entry.attributes().extended());
    expected.keySet().removeIf(each -> !each.startsWith(ExtendedAttributes.PREFIX));
    warnIfOther(entry, "extended attributes", expected, ExtendedAttributes.read(path));
  }

  private void compareTarget(Path link, Entry entry) throws IOException {
    RawName wanted = PathBytes.bytes(PathBytes.target(Action.wantedTarget(entry)));
    RawName actual = PathBytes.bytes(Files.readSymbolicLink(link));
    if (!wanted.equals(actual)) {
      error(entry, "leads to '" + wanted + "', and was restored to lead to '" + actual + "'");
    }
  }

  /** The file is opened here, while its directory is open, and closed by the worker. */
  private void compareContent(Path path, Entry entry) throws IOException, InterruptedException {
    InputStream copy =
        Channels.newInputStream(
            Files.newByteChannel(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
    boolean submitted = false;
    try {
      context.workers().submit(() -> compareContent(copy, entry));
      submitted = true;
    } finally {
      if (!submitted) {
        copy.close();
      }
    }
  }

  private @Nullable Void compareContent(InputStream copy, Entry entry) throws IOException {
    try (copy;
        InputStream stored = snapshot.open(entry, ByteRange.ALL)) {
      long at = mismatch(stored, copy);
      if (at >= 0) {
        error(entry, "has other content in the restored copy, from byte " + at);
      }
    } catch (BackupException failure) {
      if (!Reasons.isBrokenContent(failure)) {
        throw failure;
      }
      error(entry, String.valueOf(failure.getMessage()));
    }
    return null;
  }

  private static long mismatch(InputStream one, InputStream other) throws IOException {
    byte[] a = new byte[BUFFER];
    byte[] b = new byte[BUFFER];
    for (long at = 0; ; at += BUFFER) {
      int sizeA = one.readNBytes(a, 0, BUFFER);
      int sizeB = other.readNBytes(b, 0, BUFFER);
      int mismatch = Arrays.mismatch(a, 0, sizeA, b, 0, sizeB);
      if (mismatch >= 0) {
        return at + mismatch;
      }
      if (sizeA < BUFFER) {
        return -1;
      }
    }
  }

  @Override
  public void left(OpenDirectory directory) {
    directory.close();
  }

  @Override
  public void abandoned(OpenDirectory directory) {
    directory.close();
  }

  /** The restore has said so. */
  @Override
  public void broken(BackupException failure) {}

  /** The restore has said so. */
  @Override
  public void refused(Entry entry, String why) {}

  /** Whoever is not root may be forbidden to look at what was restored for its owner. */
  private void warnOfLocked(Entry entry) {
    context.report(
        Finding.warning(
            entry.path().toString(),
            "was restored and cannot be compared: its permissions forbid to look",
            "Let somebody make the drill who may read everything"));
  }

  private void warnIfOther(Entry entry, String what, Object wanted, Object actual) {
    if (!wanted.equals(actual)) {
      warn(entry, "has the " + what + " " + wanted + ", and was restored with " + actual);
    }
  }

  private void warn(Entry entry, String message) {
    context.report(Finding.warning(entry.path().toString(), message, METADATA_REMEDY));
  }

  private void error(Entry entry, String message) {
    context.report(Finding.error(entry.path().toString(), message, CONTENT_REMEDY));
  }
}
