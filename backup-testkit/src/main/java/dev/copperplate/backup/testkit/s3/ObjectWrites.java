package dev.copperplate.backup.testkit.s3;

import java.util.List;
import java.util.Map;

/** <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html">PutObject</a>. */
final class ObjectWrites {

  private final Store store;
  private final ObjectLock lock;
  private final ObjectHeaders headers;

  ObjectWrites(Store store, ObjectLock lock, ObjectHeaders headers) {
    this.store = store;
    this.lock = lock;
    this.headers = headers;
  }

  List<Operation> all() {
    return List.of(
        Operation.onObject("PutObject", "PUT", this::put)
            .headers(ObjectHeaders.KNOWN)
            .headers(Conditions.IF_MATCH, Conditions.IF_NONE_MATCH)
            .headers(ObjectLock.MODE, ObjectLock.UNTIL, ObjectLock.HOLD)
            .facts(lock::facts));
  }

  /** AWS refuses content whose length is not announced. */
  static void requireLength(Request request) {
    if (!request.hasHeader("content-length")) {
      throw new S3Error(
          411, "MissingContentLength", "You must provide the Content-Length HTTP header.");
    }
  }

  private Response put(Request request) {
    requireLength(request);
    Bucket bucket = store.bucket(request.bucket());
    StoredObject object = object(request, headers.of(request, bucket));
    StoredVersion version;
    synchronized (bucket) {
      LockSettings settings = lock.settings(request, bucket);
      ObjectLock.requireDigest(request, settings);
      if (!store.has(Oddity.IGNORES_CONDITIONS)) {
        Conditions.checkWrite(request, bucket.newest(request.key()), store);
      }
      version = store.version(bucket, object);
      settings.applyTo(version);
      bucket.add(request.key(), version);
    }
    return written(new Response(200), bucket, version);
  }

  private StoredObject object(Request request, Map<String, String> described) {
    byte[] content = request.payload().content();
    String tag = Digests.hex(Digests.md5(content));
    StoredChecksum given = request.payload().checksum();
    return new StoredObject(content, tag, described, given == null ? ownChecksum(content) : given);
  }

  /** Where none was given, S3 computes one since December 2024. */
  static StoredChecksum ownChecksum(byte[] content) {
    return StoredChecksum.of(ChecksumAlgorithm.CRC64NVME, content);
  }

  /** The headers that every write answers with. */
  static Response written(Response response, Bucket bucket, StoredVersion version) {
    StoredObject object = version.object();
    response.header("ETag", '"' + object.tag() + '"');
    encrypted(response, object);
    identified(response, bucket, version);
    StoredChecksum checksum = object.checksum();
    if (checksum != null) {
      response
          .header(checksum.algorithm().header(), checksum.value())
          .header("x-amz-checksum-type", checksum.type());
    }
    return response;
  }

  static void encrypted(Response response, StoredObject object) {
    response
        .header(ObjectHeaders.ENCRYPTION, object.headers().get(ObjectHeaders.ENCRYPTION))
        .header(ObjectHeaders.KMS_KEY, object.headers().get(ObjectHeaders.KMS_KEY));
  }

  /** A bucket that never kept versions names none. */
  static Response identified(Response response, Bucket bucket, StoredVersion version) {
    boolean named = bucket.settings().versioning() != BucketSettings.Versioning.NEVER;
    return named ? response.header("x-amz-version-id", VersionIds.of(version)) : response;
  }
}
