package dev.copperplate.backup.repository;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.EntryType;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.Verification;
import dev.copperplate.backup.verify.Verifiers;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;

/** The main class of a child that reads and verifies all there is, in a heap that a test chose. */
final class HostileReading {

  private HostileReading() {}

  /** Argument: directory. */
  public static void main(String[] arguments) throws Exception {
    try (BackupRepository repository = TestRepositories.open(Path.of(arguments[0]))) {
      for (Snapshot each : repository.list(SnapshotFilter.ALL)) {
        read(repository, each);
        Verification verification = repository.verify(each, Verifiers.checksums());
        System.out.println(
            "verified " + verification.passed() + " " + verification.findings().size());
      }
    }
  }

  private static void read(BackupRepository repository, Snapshot snapshot) throws IOException {
    try (SnapshotReader reader = repository.open(snapshot);
        Cursor<Entry> walk = reader.walk(EntryPath.ROOT, Integer.MAX_VALUE)) {
      while (true) {
        try {
          Entry entry = walk.next();
          if (entry == null) {
            return;
          }
          if (entry.type() == EntryType.FILE) {
            read(reader, entry);
          }
        } catch (BackupException failure) {
          System.out.println("failed " + failure.kind() + " " + failure.getMessage());
        }
      }
    }
  }

  private static void read(SnapshotReader reader, Entry file) throws IOException {
    try (InputStream in = reader.open(file, ByteRange.ALL)) {
      long size = in.transferTo(OutputStream.nullOutputStream());
      System.out.println("read " + file.path() + " " + size);
    }
  }
}
