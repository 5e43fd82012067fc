package dev.copperplate.backup.testkit.s3;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html">DeleteObject</a>
 * and <a
 * href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html">DeleteObjects</a>.
 */
final class Deletions {

  private static final int MOST_KEYS = 1000;

  private final Store store;
  private final Access access;
  private final ObjectLock lock;

  Deletions(Store store, Access access, ObjectLock lock) {
    this.store = store;
    this.access = access;
    this.lock = lock;
  }

  List<Operation> all() {
    return List.of(
        Operation.onObject("DeleteObject", "DELETE", this::deleteOne)
            .parameters("versionId")
            .headers(ObjectLock.BYPASS, Conditions.IF_MATCH),
        Operation.onBucket("DeleteObjects", "POST", this::deleteMany)
            .when("delete")
            .headers(ObjectLock.BYPASS)
            .actionByItself());
  }

  /**
   * What became of a deletion.
   *
   * @param version that was deleted or made; null if there is nothing to name
   */
  private record Outcome(boolean marker, @Nullable String version) {}

  private Response deleteOne(Request request) {
    Bucket bucket = store.bucket(request.bucket());
    Outcome outcome;
    synchronized (bucket) {
      String id = request.query().get("versionId");
      if (request.hasHeader(Conditions.IF_MATCH)) {
        if (id != null) {
          throw S3Error.notImplemented("If-Match for a version");
        }
        Conditions.checkWrite(request, bucket.newest(request.key()), store);
      }
      outcome = delete(request, bucket, request.key(), id);
    }
    return new Response(204)
        .header("x-amz-delete-marker", outcome.marker() ? "true" : null)
        .header("x-amz-version-id", outcome.version());
  }

  /** Deleting what is absent succeeds. */
  private Outcome delete(Request request, Bucket bucket, String key, @Nullable String id) {
    if (id == null) {
      return deleteNewest(bucket, key);
    }
    StoredVersion version = bucket.version(key, id);
    if (version == null) {
      return new Outcome(false, id);
    }
    lock.checkDeletable(request, key, version);
    bucket.remove(key, version);
    return new Outcome(version.isMarker(), id);
  }

  private Outcome deleteNewest(Bucket bucket, String key) {
    if (store.has(Oddity.FORGETS_VERSIONS)
        || bucket.settings().versioning() == BucketSettings.Versioning.NEVER) {
      StoredVersion version = bucket.newest(key);
      if (version != null) {
        bucket.remove(key, version);
      }
      return new Outcome(false, null);
    }
    StoredVersion marker = store.version(bucket, null);
    bucket.add(key, marker);
    return new Outcome(true, VersionIds.of(marker));
  }

  private Response deleteMany(Request request) {
    request.requireDigest();
    XmlElement wanted = request.xml("Delete").holding("Object", "Quiet");
    List<XmlElement> objects = wanted.all("Object");
    if (objects.isEmpty() || objects.size() > MOST_KEYS) {
      throw S3Error.malformedXml();
    }
    boolean quiet = wanted.flag("Quiet");
    XmlWriter document = XmlWriter.root("DeleteResult");
    for (XmlElement object : objects) {
      deleteEach(request, object, quiet, document);
    }
    return Response.xml(document.close("DeleteResult"));
  }

  private void deleteEach(Request request, XmlElement object, boolean quiet, XmlWriter document) {
    String key = object.holding("Key", "VersionId").required("Key").text();
    String id = object.text("VersionId").orElse(null);
    try {
      access.require(
          request,
          id == null ? "s3:DeleteObject" : "s3:DeleteObjectVersion",
          request.bucket(),
          key);
      Bucket bucket = store.bucket(request.bucket());
      Outcome outcome;
      synchronized (bucket) {
        outcome = delete(request, bucket, key, id);
      }
      if (!quiet) {
        write(document, key, id, outcome);
      }
    } catch (S3Error e) {
      document.open("Error").element("Key", key).element("VersionId", id);
      document.element("Code", e.code()).element("Message", e.text()).close("Error");
    }
  }

  private static void write(XmlWriter document, String key, @Nullable String id, Outcome outcome) {
    document.open("Deleted").element("Key", key).element("VersionId", id);
    if (outcome.marker()) {
      document.element("DeleteMarker", true).element("DeleteMarkerVersionId", outcome.version());
    }
    document.close("Deleted");
  }
}
