package dev.copperplate.samples;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.ObjectInfo;
import dev.copperplate.backup.ObjectKey;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Hashes the stored objects and compares each with its name, which is its SHA-256. Needs no
 * password, and finds what no snapshot uses, too. To be used once.
 */
final class ObjectCheck {

  private static final List<String> PREFIXES = List.of("keys/", "snapshots/", "index/", "data/");
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
  private static final int BUFFER_SIZE = 128 << 10;

  private final BackupTarget target;
  private final int threads;
  private final LongConsumer progress;
  private final List<Finding> findings = new ArrayList<>();
  private final AtomicLong objects = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();

  /**
   * @param threads how many objects are hashed at once
   * @param progress told how many bytes were hashed so far, from several threads
   */
  ObjectCheck(BackupTarget target, int threads, LongConsumer progress) {
    this.target = target;
    this.threads = threads;
    this.progress = progress;
  }

  /** Whether the object bears the hash of its content as its name. */
  static boolean isNamedByHash(ObjectKey key) {
    return HASH.matcher(name(key)).matches();
  }

  private static String name(ObjectKey key) {
    return key.value().substring(key.value().lastIndexOf('/') + 1);
  }

  /** Hashes all of them, several at once. */
  void run() throws IOException, InterruptedException {
    for (String prefix : PREFIXES) {
      try (Cursor<ObjectInfo> all = target.list(prefix)) {
        run(all);
      }
    }
  }

  /** What is wrong with objects. */
  synchronized List<Finding> findings() {
    return List.copyOf(findings);
  }

  long objects() {
    return objects.get();
  }

  long bytes() {
    return bytes.get();
  }

  private void run(Cursor<ObjectInfo> all) throws IOException, InterruptedException {
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      List<Callable<Void>> workers = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        workers.add(() -> work(all));
      }
      for (Future<Void> each : executor.invokeAll(workers)) {
        each.get();
      }
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw new IOException(failed.getCause());
    } finally {
      executor.shutdownNow();
    }
  }

  private @Nullable Void work(Cursor<ObjectInfo> all) throws IOException {
    for (ObjectInfo each = next(all); each != null; each = next(all)) {
      if (isNamedByHash(each.key())) {
        check(each.key());
      }
    }
    return null;
  }

  private synchronized @Nullable ObjectInfo next(Cursor<ObjectInfo> all) throws IOException {
    return all.next();
  }

  private void check(ObjectKey key) throws IOException {
    try {
      String hash = hash(key);
      objects.incrementAndGet();
      if (!hash.equals(name(key))) {
        add(Finding.error(key.value(), "its content does not match its name", remedy(key)));
      }
    } catch (BackupException failure) {
      if (failure.kind() != Kind.NOT_FOUND) { // Removed by somebody since it was listed.
        add(Finding.error(key.value(), "cannot be read: " + failure.getMessage(), ""));
      }
    }
  }

  private static String remedy(ObjectKey key) {
    return key.value().startsWith("index/")
        ? "Rebuild the index with `restic repair index`, or take the object from a replica"
        : "Take the object from a replica, or back up again what is still there";
  }

  private String hash(ObjectKey key) throws IOException {
    MessageDigest digest = sha256();
    byte[] buffer = new byte[BUFFER_SIZE];
    try (InputStream in = target.read(key, ByteRange.ALL)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
        progress.accept(bytes.addAndGet(n));
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("Every Java has SHA-256", impossible);
    }
  }

  private synchronized void add(Finding finding) {
    findings.add(finding);
  }
}
