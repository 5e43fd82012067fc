package dev.copperplate.backup.s3;

import dev.copperplate.backup.ObjectKey;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.CopyObjectResult;
import software.amazon.awssdk.services.s3.model.MetadataDirective;

/** What a recovery changes in a bucket. Nothing but marks of deletions is removed by it. */
final class RecoveryChanges {

  /** Longer than a copy and what follows it take. */
  private static final Duration NOT_WORTH_KEEPING = Duration.ofMinutes(1);

  private final S3Client client;
  private final S3Requests requests;
  private final S3Settings settings;
  private final S3Retention retention;

  RecoveryChanges(
      S3Client client, S3Requests requests, S3Settings settings, S3Retention retention) {
    this.client = client;
    this.requests = requests;
    this.settings = settings;
    this.retention = retention;
  }

  /** Hides an object by a mark; its versions stay, even locked ones. */
  void hide(ObjectKey key) throws IOException {
    requests.make(
        "Hiding of " + key + " in " + settings.location(),
        () -> client.deleteObject(settings.deletion(key, null)));
  }

  /**
   * Makes an earlier version the current one, by a copy in the store, which is kept for as long as
   * that version: a copy does not inherit it everywhere. The last minute does not count.
   */
  void makeCurrent(ObjectKey key, String version) throws IOException {
    String doing = "Making version " + version + " of " + key + " in " + settings.location();
    String stored = settings.location().stored(key.value());
    CopyObjectRequest request =
        CopyObjectRequest.builder()
            .sourceBucket(settings.location().bucket())
            .sourceKey(stored)
            .sourceVersionId(version)
            .destinationBucket(settings.location().bucket())
            .destinationKey(stored)
            .metadataDirective(MetadataDirective.COPY)
            .overrideConfiguration(settings::limit)
            .build();
    CopyObjectResponse copy = requests.make(doing + " current", () -> client.copyObject(request));
    Optional<Instant> until = retention.until(doing, key, version);
    if (until.isPresent() && !isAlmostOver(until.get(), copy)) {
      // Without an id, the current version is meant, which is the copy.
      retention.prolong(doing + " retained as well", key, copy.versionId(), until.get());
    }
  }

  /** Stores refuse to keep anything until a time that has passed, by their own clocks. */
  private static boolean isAlmostOver(Instant until, CopyObjectResponse copy) {
    CopyObjectResult made = copy.copyObjectResult();
    return made != null
        && made.lastModified() != null
        && until.isBefore(made.lastModified().plus(NOT_WORTH_KEEPING));
  }

  /** Removes marks. */
  void removeMarks(ObjectKey key, List<String> marks) throws IOException {
    for (String mark : marks) {
      requests.make(
          "Removing of a mark of " + key + " in " + settings.location(),
          () -> client.deleteObject(settings.deletion(key, mark)));
    }
  }
}
