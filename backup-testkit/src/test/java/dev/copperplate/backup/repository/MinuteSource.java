package dev.copperplate.backup.repository;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.BackupSource;
import dev.copperplate.backup.CaptureContext;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryOutput;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.SnapshotWriter;
import dev.copperplate.backup.SourceId;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/**
 * An archive that grows by one small file a minute, as one of write-ahead logs does: a snapshot
 * holds all of its UTC day so far and replaces the one before. What the one before held is not read
 * again.
 */
final class MinuteSource implements BackupSource {

  private static final SourceId ID = new SourceId("minutes", "orders");

  @Override
  public SourceId id() {
    return ID;
  }

  @Override
  public void capture(SnapshotWriter writer, CaptureContext context) throws IOException {
    Instant day = context.time().truncatedTo(ChronoUnit.DAYS);
    Optional<SnapshotReader> earlier =
        context.previous().filter(each -> !each.snapshot().time().isBefore(day));
    if (earlier.isPresent()) {
      writer.replaces(earlier.get().snapshot());
    }
    int last = minuteOf(context.time());
    if (earlier.isPresent()) {
      reuseAll(writer, earlier.get(), EntryPath.of("/log"), hour(last));
      if (last % 60 > 0) {
        reuseAll(writer, earlier.get(), hour(last), EntryPath.ROOT);
      }
    }
    try (EntryOutput out = writer.file(EntryPath.of(path(last)), Attributes.PLAIN)) {
      out.write(content(day, last));
      out.commit();
    }
  }

  /** Takes over what a directory held, but for one that is taken over by itself. */
  private static void reuseAll(
      SnapshotWriter writer, SnapshotReader earlier, EntryPath directory, EntryPath but)
      throws IOException {
    try (Cursor<Entry> all = earlier.walk(directory, 1)) {
      for (Entry each = all.next(); each != null; each = all.next()) {
        if (!each.path().equals(but) && !writer.reuse(each.path(), each.attributes(), each)) {
          throw new IOException(each.path() + " of the snapshot before is gone");
        }
      }
    }
  }

  private static EntryPath hour(int minute) {
    return EntryPath.of(String.format(Locale.ROOT, "/log/%02d", minute / 60));
  }

  private static int minuteOf(Instant time) {
    Instant day = time.truncatedTo(ChronoUnit.DAYS);
    return (int) ChronoUnit.MINUTES.between(day, time);
  }

  private static String path(int minute) {
    return String.format(Locale.ROOT, "/log/%02d/%02d", minute / 60, minute % 60);
  }

  private static byte[] content(Instant day, int minute) {
    Random random = new Random(day.getEpochSecond() + minute);
    byte[] content = new byte[500 + random.nextInt(1000)];
    random.nextBytes(content);
    return content;
  }

  /** What a snapshot of a time holds, by path. */
  static Map<String, byte[]> files(Instant time) {
    Map<String, byte[]> files = new TreeMap<>();
    for (int minute = 0; minute <= minuteOf(time); minute++) {
      files.put(path(minute), content(time.truncatedTo(ChronoUnit.DAYS), minute));
    }
    return files;
  }
}
