package dev.copperplate.backup.s3;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.ObjectKey;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.DeleteMarkerEntry;
import software.amazon.awssdk.services.s3.model.DeleteObjectsRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.ObjectVersion;
import software.amazon.awssdk.services.s3.model.S3Error;

/**
 * Deletes objects, a thousand with a request. In a bucket with versions it deletes all versions and
 * marks of an object: to delete the name alone would only add a mark, hide what is retained, and
 * free nothing.
 */
final class S3Deletion {

  private static final int BATCH = 1000;

  private final S3Client client;
  private final S3Calls calls;
  private final S3Settings settings;
  private final S3Failures failures;
  private final S3Retention retention;
  private final String doing;

  private final List<ObjectIdentifier> batch = new ArrayList<>();
  private final Map<ObjectKey, BackupException> remaining = new LinkedHashMap<>();

  S3Deletion(
      S3Client client,
      S3Calls calls,
      S3Settings settings,
      S3Failures failures,
      S3Retention retention,
      String doing) {
    this.client = client;
    this.calls = calls;
    this.settings = settings;
    this.failures = failures;
    this.retention = retention;
    this.doing = doing;
  }

  /** Deletes objects of a bucket without versions. */
  Map<ObjectKey, BackupException> delete(Collection<ObjectKey> keys) throws IOException {
    for (ObjectKey key : keys) {
      add(key, null);
    }
    flush();
    return remaining;
  }

  /** Deletes objects of a bucket with versions. */
  Map<ObjectKey, BackupException> delete(Collection<ObjectKey> keys, S3Versions versions)
      throws IOException {
    versions.visit(
        doing,
        keys,
        new S3Versions.Visitor() {
          @Override
          public void version(ObjectKey key, ObjectVersion version) throws IOException {
            add(key, version.versionId());
          }

          @Override
          public void mark(ObjectKey key, DeleteMarkerEntry mark) throws IOException {
            add(key, mark.versionId());
          }
        });
    flush();
    return remaining;
  }

  private void add(ObjectKey key, @Nullable String version) throws IOException {
    batch.add(
        ObjectIdentifier.builder()
            .key(settings.location().stored(key.value()))
            .versionId(version)
            .build());
    if (batch.size() == BATCH) {
      flush();
    }
  }

  private void flush() throws IOException {
    if (batch.isEmpty()) {
      return;
    }
    DeleteObjectsRequest request =
        DeleteObjectsRequest.builder()
            .bucket(settings.location().bucket())
            .delete(each -> each.objects(batch).quiet(true))
            .overrideConfiguration(settings::limit)
            .build();
    DeleteObjectsResponse answer = calls.make(doing, () -> client.deleteObjects(request));
    batch.clear();
    for (S3Error error : answer.errors()) {
      Optional<ObjectKey> key = settings.location().key(Objects.toString(error.key(), ""));
      if (key.isEmpty()) {
        // Not of one object: then the request as a whole came to nothing.
        throw failures.explained(doing, error);
      }
      remain(key.get(), error);
    }
  }

  private void remain(ObjectKey key, S3Error error) throws IOException {
    if (remaining.containsKey(key)) {
      return;
    }
    String what = doing + ", of them " + key + ",";
    BackupException refused = failures.explained(what, error);
    if (refused.kind() == Kind.DENIED && error.versionId() != null) {
      Optional<Instant> until = retention.until(what, key, error.versionId());
      if (until.isPresent()) {
        refused =
            new BackupException(
                Kind.RETAINED, what + " refused: the store keeps it until " + until.get(), refused);
      }
    }
    remaining.put(key, refused);
  }
}
