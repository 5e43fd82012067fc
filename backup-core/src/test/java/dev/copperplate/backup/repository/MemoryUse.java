package dev.copperplate.backup.repository;

import dev.copperplate.backup.BackupSource;
import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Content;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.EntryType;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.PutOptions;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.files.FilesRestorer;
import dev.copperplate.backup.target.LocalTarget;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/** The main class of a child that does something large in a small heap and tells what it took. */
final class MemoryUse {

  private MemoryUse() {}

  /**
   * Arguments: directory; {@code many}, {@code stream} or {@code discard} and a size, or {@code
   * read}, or {@code restore} and another directory.
   */
  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    long begun = System.nanoTime();
    String what = arguments[1];
    BackupTarget target = LocalTarget.at(directory);
    if (what.equals("discard")) {
      target = new Discarding(target);
    }
    try (BackupRepository repository =
        BackupRepository.open(target, TestRepositories.PASSWORDS, RepositoryOptions.DEFAULT)) {
      long done =
          switch (what) {
            case "many" -> backup(repository, new ManyFilesSource(Integer.parseInt(arguments[2])));
            case "stream", "discard" ->
                backup(repository, new StreamSource(Long.parseLong(arguments[2])));
            case "read" -> read(repository);
            default -> restore(repository, Path.of(arguments[2]));
          };
      Duration took = Duration.ofNanos(System.nanoTime() - begun);
      System.out.printf(
          Locale.ROOT,
          "done %d in %.1f s, peak %d MiB%n",
          done,
          took.toMillis() / 1000.0,
          peak() >> 20);
    }
  }

  private static long backup(BackupRepository repository, BackupSource source)
      throws IOException, InterruptedException {
    return repository.backup(source).snapshot().files();
  }

  private static long read(BackupRepository repository) throws IOException {
    long files = 0;
    Snapshot snapshot = repository.list(SnapshotFilter.ALL).get(0);
    try (SnapshotReader reader = repository.open(snapshot);
        Cursor<Entry> walk = reader.walk(EntryPath.ROOT, Integer.MAX_VALUE)) {
      for (Entry each = walk.next(); each != null; each = walk.next()) {
        if (each.type() == EntryType.FILE) {
          try (InputStream in = reader.open(each, ByteRange.ALL)) {
            in.transferTo(OutputStream.nullOutputStream());
            files++;
          }
        }
      }
    }
    return files;
  }

  private static long restore(BackupRepository repository, Path to)
      throws IOException, InterruptedException {
    Snapshot snapshot = repository.list(SnapshotFilter.ALL).get(0);
    return repository.restore(snapshot, FilesRestorer.to(to)).files();
  }

  /** The most that was in the heap at once, garbage included; only a small heap makes it tell. */
  private static long peak() {
    long peak = 0;
    for (MemoryPoolMXBean each : ManagementFactory.getMemoryPoolMXBeans()) {
      if (each.getType() == MemoryType.HEAP) {
        peak += each.getPeakUsage().getUsed();
      }
    }
    return peak;
  }

  /** A store with room for everything: reads packs of data to their end and keeps none. */
  private static final class Discarding extends DecoratedTarget {

    Discarding(BackupTarget target) {
      super(target);
    }

    @Override
    public void put(ObjectKey key, Content content, PutOptions options) throws IOException {
      if (key.value().startsWith("data/") && content.length() > 1 << 20) {
        try (InputStream in = content.open()) {
          in.transferTo(OutputStream.nullOutputStream());
        }
        return;
      }
      super.put(key, content, options);
    }
  }
}
