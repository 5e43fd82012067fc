package dev.copperplate.backup.s3;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.ObjectKey;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRetentionRequest;
import software.amazon.awssdk.services.s3.model.ObjectLockRetention;
import software.amazon.awssdk.services.s3.model.ObjectVersion;
import software.amazon.awssdk.services.s3.model.PutObjectRetentionRequest;

/** Asks and prolongs the time for which versions of objects are kept. */
final class S3Retention {

  /** A refusal, or no answer to such a question: what has no retention has none that counts. */
  private static final Set<Kind> WITHOUT =
      Set.of(Kind.NOT_FOUND, Kind.INVALID, Kind.UNSUPPORTED, Kind.DENIED);

  /** Ceph 16 counts seconds in 32 bits. */
  static final Instant LATEST = Instant.parse("2106-01-01T00:00:00Z");

  /**
   * Of one key. Whoever may write can add versions of a key without end; the oldest ones are those
   * that were there before.
   */
  static final int MOST_VERSIONS = 10;

  private final S3Client client;
  private final S3Requests requests;
  private final S3Settings settings;
  private final S3Versions versions;

  S3Retention(S3Client client, S3Requests requests, S3Settings settings, S3Versions versions) {
    this.client = client;
    this.requests = requests;
    this.settings = settings;
    this.versions = versions;
  }

  /** Stores keep whole seconds; none of them is lost. */
  static Instant wholeSeconds(Instant until) {
    Instant down = until.truncatedTo(ChronoUnit.SECONDS);
    return down.equals(until) ? down : down.plusSeconds(1);
  }

  /** Until when a version is kept; empty if it is not, or if the store does not say. */
  Optional<Instant> until(String doing, ObjectKey key, @Nullable String version)
      throws IOException {
    GetObjectRetentionRequest request =
        GetObjectRetentionRequest.builder()
            .bucket(settings.location().bucket())
            .key(settings.location().stored(key.value()))
            .versionId(version)
            .overrideConfiguration(settings::limit)
            .build();
    try {
      ObjectLockRetention retention =
          requests.make(doing, () -> client.getObjectRetention(request)).retention();
      return Optional.ofNullable(retention).map(ObjectLockRetention::retainUntilDate);
    } catch (BackupException e) {
      if (WITHOUT.contains(e.kind())) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * Keeps the versions of some objects for longer, and not only the current one, which may be
   * somebody's junk.
   *
   * @throws BackupException {@code NOT_FOUND} if one of the objects has no version
   */
  void prolong(String doing, Collection<ObjectKey> keys, Instant until) throws IOException {
    Map<ObjectKey, Deque<ObjectVersion>> found = versions.oldest(doing, keys, MOST_VERSIONS);
    for (ObjectKey key : keys) {
      if (!found.containsKey(key)) {
        throw new BackupException(Kind.NOT_FOUND, doing + " failed: there is no " + key);
      }
    }
    for (Map.Entry<ObjectKey, Deque<ObjectVersion>> each : found.entrySet()) {
      for (ObjectVersion version : each.getValue()) {
        prolong(doing + ", of them " + each.getKey(), each.getKey(), version.versionId(), until);
      }
    }
  }

  /**
   * Keeps one version for longer.
   *
   * @param version its id; null for the current one
   */
  void prolong(String doing, ObjectKey key, @Nullable String version, Instant until)
      throws IOException {
    PutObjectRetentionRequest request =
        PutObjectRetentionRequest.builder()
            .bucket(settings.location().bucket())
            .key(settings.location().stored(key.value()))
            .versionId(version)
            .retention(
                each ->
                    each.mode(settings.lockMode().ofRetention())
                        .retainUntilDate(wholeSeconds(until)))
            .overrideConfiguration(settings::limit)
            .build();
    try {
      requests.make(doing, () -> client.putObjectRetention(request));
    } catch (BackupException refused) {
      // A store refuses to make a retention shorter, which is what it was asked when it is longer.
      if (refused.kind() != Kind.DENIED || isShorter(doing, key, version, until)) {
        throw refused;
      }
    }
  }

  private boolean isShorter(String doing, ObjectKey key, @Nullable String version, Instant until)
      throws IOException {
    return until(doing, key, version).filter(present -> !present.isBefore(until)).isEmpty();
  }
}
