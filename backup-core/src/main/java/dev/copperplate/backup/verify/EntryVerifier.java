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

/** Walks a snapshot and looks at each of its files, or reads a sample, several at once. */
final class EntryVerifier implements Verifier {

  private static final int MAX_FINDINGS = 1000;
  private static final int BUFFER_SIZE = 128 << 10;
  private static final String REMEDY =
      "Restore the damaged objects from a replica, or back up again what is still there";

  private final String name;
  private final Sample.Choice choice;

  EntryVerifier(String name, Sample.Choice choice) {
    this.name = name;
    this.choice = choice;
  }

  /** One that reads no content. */
  static EntryVerifier structure(String name) {
    return new EntryVerifier(name, Sample.same(Pieces.NONE, Proof.STRUCTURE));
  }

  /** Finds out the size without fetching anything. */
  private static long requireStored(SnapshotReader snapshot, Entry file) throws IOException {
    try (InputStream in = snapshot.open(file, ByteRange.ALL)) {
      long size = 0;
      for (long more = in.skip(Long.MAX_VALUE); more > 0; more = in.skip(Long.MAX_VALUE)) {
        size += more;
      }
      return size;
    }
  }

  /** Reads to the end of the range or of the file. */
  private static long read(SnapshotReader snapshot, Entry file, ByteRange range)
      throws IOException {
    byte[] buffer = new byte[(int) Math.max(1, Math.min(BUFFER_SIZE, file.size()))];
    try (InputStream in = snapshot.open(file, range)) {
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
    Sample sample = choice.of(snapshot, context);
    try (Cursor<Entry> walk = snapshot.walk(EntryPath.ROOT, Integer.MAX_VALUE)) {
      while (true) {
        Entry entry = next(walk, snapshot, result);
        if (entry == null) {
          break;
        }
        if (entry.type() == EntryType.FILE) {
          Pieces pieces = sample.of(entry);
          context.workers().submit(() -> lookAt(snapshot, entry, pieces, result));
        }
      }
    }
    context.workers().join();
    return Verification.of(name, sample.proof(), result.findings(), result.facts());
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

  private static @Nullable Void lookAt(
      SnapshotReader snapshot, Entry file, Pieces pieces, Result result) throws IOException {
    try {
      long size;
      if (pieces == Pieces.ALL) {
        size = read(snapshot, file, ByteRange.ALL);
        result.read(size);
      } else {
        size = requireStored(snapshot, file);
        result.read(readPieces(snapshot, file, size, pieces));
      }
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

  private static long readPieces(SnapshotReader snapshot, Entry file, long size, Pieces pieces)
      throws IOException {
    long read = 0;
    for (long at = 0; at < size && pieces != Pieces.NONE; at += Pieces.SIZE) {
      if (pieces.contains(at / Pieces.SIZE)) {
        read += read(snapshot, file, new ByteRange(at, Math.min(size, at + Pieces.SIZE)));
      }
    }
    return read;
  }

  /** What was found so far. Thread-safe. */
  private static final class Result {

    private final List<Finding> findings = new ArrayList<>();
    private final AtomicLong files = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong read = new AtomicLong();
    private long more;

    void count(long size) {
      files.incrementAndGet();
      bytes.addAndGet(size);
    }

    void read(long size) {
      read.addAndGet(size);
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
      return Map.of("files", files.toString(), "bytes", bytes.toString(), "read", read.toString());
    }
  }
}
