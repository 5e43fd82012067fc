package dev.copperplate.backup.s3;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Content;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.PutOptions;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import software.amazon.awssdk.services.s3.model.ObjectVersion;

/**
 * Tries what a store does, with objects of one byte, because several stores answer success to what
 * they ignore. Leaves one object locked for a minute where locks are tried.
 */
final class StoreTrials {

  private static final int WRITERS = 4;
  private static final Duration LOCKED = Duration.ofMinutes(1);
  private static final SecureRandom RANDOM = new SecureRandom();

  private final String place;
  private final S3Upload upload;
  private final S3Versions versions;
  private final Removal removal;

  StoreTrials(String place, S3Upload upload, S3Versions versions, Removal removal) {
    this.place = place;
    this.upload = upload;
    this.versions = versions;
    this.removal = removal;
  }

  /** Deletes what a trial left, with all its versions. */
  interface Removal {
    Map<ObjectKey, BackupException> remove(Collection<ObjectKey> keys) throws IOException;
  }

  /**
   * Whether of those who ask that an object be absent one wins: one after the other, and at once.
   */
  boolean heedsAbsence() throws IOException {
    ObjectKey one = fresh();
    ObjectKey many = fresh();
    try {
      return won(one) && !won(one) && winners(many) == 1;
    } catch (BackupException e) {
      if (e.kind() == Kind.UNSUPPORTED || e.kind() == Kind.INVALID) {
        return false; // It says so itself.
      }
      throw e;
    } finally {
      removal.remove(List.of(one, many));
    }
  }

  /** Whether what is overwritten is kept. */
  boolean keepsVersions() throws IOException {
    ObjectKey key = fresh();
    try {
      put(key, PutOptions.METADATA);
      put(key, PutOptions.METADATA);
      Deque<ObjectVersion> kept =
          versions
              .oldest("Listing of the versions of " + key + " in " + place, List.of(key), 2)
              .get(key);
      return kept != null && kept.size() == 2;
    } finally {
      removal.remove(List.of(key));
    }
  }

  /**
   * Whether what is locked cannot be deleted.
   *
   * @param now by the store's clock
   */
  boolean keepsLocked(Instant now) throws IOException {
    ObjectKey key = fresh();
    put(key, new PutOptions(false, true, Optional.of(now.plus(LOCKED))));
    BackupException refused = removal.remove(List.of(key)).get(key);
    return refused != null && refused.kind() == Kind.RETAINED;
  }

  private static ObjectKey fresh() {
    return new ObjectKey(
        StoreMemory.FOLDER + "trial-" + HexFormat.of().toHexDigits(RANDOM.nextLong()));
  }

  private boolean won(ObjectKey key) throws IOException {
    try {
      put(key, PutOptions.METADATA.onlyIfAbsent());
      return true;
    } catch (BackupException e) {
      if (e.kind() == Kind.ALREADY_EXISTS) {
        return false;
      }
      throw e;
    }
  }

  private int winners(ObjectKey key) throws IOException {
    ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
    try {
      List<Future<Boolean>> attempts = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        attempts.add(writers.submit(() -> won(key)));
      }
      int winners = 0;
      for (Future<Boolean> attempt : attempts) {
        winners += attempt.get() ? 1 : 0;
      }
      return winners;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw S3Failures.interrupted("Trying what " + place + " heeds", e);
    } finally {
      writers.shutdownNow();
    }
  }

  private void put(ObjectKey key, PutOptions options) throws IOException {
    upload.put("Put of " + key + " to " + place, key, Content.of(new byte[] {'x'}), options);
  }
}
