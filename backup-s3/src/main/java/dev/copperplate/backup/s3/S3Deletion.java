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
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
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

  /** So few, such as the versions of a lock, are deleted one by one. */
  private static final int FEW = 2;

  private final S3Client client;
  private final S3Requests requests;
  private final S3Settings settings;
  private final S3Failures failures;
  private final S3Retention retention;
  private final String doing;

  private final List<ObjectIdentifier> batch = new ArrayList<>();
  private final Map<ObjectKey, BackupException> remaining = new LinkedHashMap<>();

  S3Deletion(
      S3Client client,
      S3Requests requests,
      S3Settings settings,
      S3Failures failures,
      S3Retention retention,
      String doing) {
    this.client = client;
    this.requests = requests;
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

  /** Deletes versions, and marks, by their ids. */
  Map<ObjectKey, BackupException> delete(Map<ObjectKey, List<String>> ids) throws IOException {
    for (Map.Entry<ObjectKey, List<String>> each : ids.entrySet()) {
      for (String id : each.getValue()) {
        add(each.getKey(), id);
      }
    }
    flush();
    return remaining;
  }

  /** Deletes a name that stands for nothing, to see whether that is allowed. */
  void deleteName(ObjectKey key) throws IOException {
    DeleteObjectResponse answer = deleteAlone(key, null);
    if (Boolean.TRUE.equals(answer.deleteMarker()) && answer.versionId() != null) {
      deleteAlone(key, answer.versionId());
    }
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
    if (batch.size() <= FEW || !deletedAtOnce()) {
      for (ObjectIdentifier each : batch) {
        deleteOne(each);
      }
    }
    batch.clear();
  }

  /**
   * Returns whether that is allowed: Ceph wants a right on the whole bucket for it, which somebody
   * who may delete below a prefix does not have.
   */
  private boolean deletedAtOnce() throws IOException {
    DeleteObjectsRequest request =
        DeleteObjectsRequest.builder()
            .bucket(settings.location().bucket())
            .delete(each -> each.objects(batch).quiet(true))
            .overrideConfiguration(settings::limit)
            .build();
    DeleteObjectsResponse answer;
    try {
      answer = requests.make(doing, () -> client.deleteObjects(request));
    } catch (BackupException e) {
      if (S3Failures.code(e).equals("AccessDenied")) {
        return false;
      }
      throw e;
    }
    for (S3Error error : answer.errors()) {
      Optional<ObjectKey> key = settings.location().key(Objects.toString(error.key(), ""));
      if (key.isEmpty()) {
        // Not of one object: then the request as a whole came to nothing.
        throw failures.explained(doing, error);
      }
      remain(key.get(), error.versionId(), failures.explained(of(key.get()), error));
    }
    return true;
  }

  private DeleteObjectResponse deleteAlone(ObjectKey key, @Nullable String version)
      throws IOException {
    return requests.make(of(key), () -> client.deleteObject(settings.deletion(key, version)));
  }

  private void deleteOne(ObjectIdentifier object) throws IOException {
    ObjectKey key = settings.location().key(object.key()).orElseThrow();
    try {
      deleteAlone(key, object.versionId());
    } catch (BackupException e) {
      if (e.kind() == Kind.NOT_FOUND) {
        return;
      }
      if (!S3Failures.code(e).equals("AccessDenied")) {
        throw e;
      }
      remain(key, object.versionId(), e);
    }
  }

  private String of(ObjectKey key) {
    return doing + ", of them " + key + ",";
  }

  private void remain(ObjectKey key, @Nullable String version, BackupException refused)
      throws IOException {
    if (remaining.containsKey(key)) {
      return;
    }
    Optional<Instant> until =
        refused.kind() == Kind.DENIED && version != null
            ? retention.until(of(key), key, version)
            : Optional.empty();
    remaining.put(key, until.map(time -> retained(key, time, refused)).orElse(refused));
  }

  private BackupException retained(ObjectKey key, Instant until, BackupException refused) {
    return new BackupException(
        Kind.RETAINED, of(key) + " refused: the store keeps it until " + until, refused);
  }
}
