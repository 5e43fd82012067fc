package dev.copperplate.backup.verify;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.EntryType;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Proof;
import dev.copperplate.backup.RestoreContext;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.Verification;
import dev.copperplate.backup.Verifier;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Walks a snapshot and looks at each of its files, several at once. */
final class EntryVerifier implements Verifier {

  /** How one file is looked at. */
  @FunctionalInterface
  interface Look {

    /** Returns how many bytes the file has. */
    long at(SnapshotReader snapshot, Entry file) throws IOException;
  }

  private static final int MAX_FINDINGS = 1000;
  private static final int BUFFER_SIZE = 128 << 10;
  private static final String REMEDY =
      "Restore the damaged objects from a replica, or back up again what is still there";

  private final String name;
  private final Proof proof;
  private final Look look;

  EntryVerifier(String name, Proof proof, Look look) {
    this.name = name;
    this.proof = proof;
    this.look = look;
  }

  /** Finds out the size without fetching anything. */
  static long requireStored(SnapshotReader snapshot, Entry file) throws IOException {
    try (InputStream in = snapshot.open(file, ByteRange.ALL)) {
      long size = 0;
      for (long more = in.skip(Long.MAX_VALUE); more > 0; more = in.skip(Long.MAX_VALUE)) {
        size += more;
      }
      return size;
    }
  }

  /** Reads to the end. */
  static long readWhole(SnapshotReader snapshot, Entry file) throws IOException {
    byte[] buffer = new byte[(int) Math.max(1, Math.min(BUFFER_SIZE, file.size()))];
    try (InputStream in = snapshot.open(file, ByteRange.ALL)) {
      long size = 0;
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        size += n;
      }
      return size;
    }
  }

  @Override
  public Verification verify(SnapshotReader snapshot, RestoreContext context)
      throws IOException, InterruptedException {
    context.expect(snapshot.snapshot().files(), snapshot.snapshot().bytes());
    Result result = new Result();
    try (Cursor<Entry> walk = snapshot.walk(EntryPath.ROOT, Integer.MAX_VALUE)) {
      while (true) {
        Entry entry = next(walk, snapshot, result);
        if (entry == null) {
          break;
        }
        if (entry.type() == EntryType.FILE) {
          context.workers().submit(() -> lookAt(snapshot, entry, result));
        }
      }
    }
    context.workers().join();
    return Verification.of(name, proof, result.findings(), result.facts());
  }

  /** The walk goes on behind what cannot be read. */
  private static @Nullable Entry next(Cursor<Entry> walk, SnapshotReader snapshot, Result result)
      throws IOException {
    while (true) {
      try {
        return walk.next();
      } catch (BackupException failure) {
        result.add("snapshot " + snapshot.snapshot().id().shortHex(), failure);
      }
    }
  }

  private @Nullable Void lookAt(SnapshotReader snapshot, Entry file, Result result)
      throws IOException {
    try {
      long size = look.at(snapshot, file);
      if (size != file.size()) {
        result.add(
            Finding.error(
                file.path().toString(),
                "its directory says " + file.size() + " bytes, and " + size + " are stored",
                REMEDY));
      }
      result.count(size);
    } catch (BackupException failure) {
      result.add(file.path().toString(), failure);
    }
    return null;
  }

  /** What was found so far. Thread-safe. */
  private static final class Result {

    private final List<Finding> findings = new ArrayList<>();
    private final AtomicLong files = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private long more;

    void count(long size) {
      files.incrementAndGet();
      bytes.addAndGet(size);
    }

    /** Makes a finding of what is wrong with the backup; anything else means: could not look. */
    void add(String subject, BackupException failure) throws BackupException {
      if (failure.kind() != Kind.MISSING && failure.kind() != Kind.DAMAGED) {
        throw failure;
      }
      add(Finding.error(subject, String.valueOf(failure.getMessage()), REMEDY));
    }

    synchronized void add(Finding finding) {
      if (findings.size() < MAX_FINDINGS) {
        findings.add(finding);
      } else {
        more++;
      }
    }

    synchronized List<Finding> findings() {
      List<Finding> all = new ArrayList<>(findings);
      if (more > 0) {
        all.add(Finding.error("snapshot", more + " more findings like these", REMEDY));
      }
      return all;
    }

    Map<String, String> facts() {
      return Map.of("files", files.toString(), "bytes", bytes.toString());
    }
  }
}
