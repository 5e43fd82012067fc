package dev.copperplate.backup.testkit.s3;

import java.util.List;

/** <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html">PutObject</a>. */
final class ObjectWrites {

  private final Store store;
  private final ObjectLock lock;
  private final ObjectHeaders headers;
  private final ObjectWriter writer;

  ObjectWrites(Store store, ObjectLock lock, ObjectHeaders headers) {
    this.store = store;
    this.lock = lock;
    this.headers = headers;
    this.writer = new ObjectWriter(store);
  }

  List<Operation> all() {
    return List.of(
        Operation.onObject("PutObject", "PUT", this::put)
            .headers(ObjectHeaders.KNOWN)
            .headers(ObjectLock.KNOWN)
            .headers(Conditions.IF_MATCH, Conditions.IF_NONE_MATCH)
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
    LockSettings settings = lock.settings(request, bucket);
    ObjectLock.requireDigest(request, settings);
    byte[] content = request.payload().content();
    StoredChecksum given = request.payload().checksum();
    StoredChecksum checksum = given == null ? StoredChecksum.unasked(content) : given;
    StoredObject object = StoredObject.whole(content, headers.of(request, bucket), checksum);
    StoredVersion version =
        writer.write(request, bucket, object, settings, Oddity.IGNORES_CONDITIONS);
    Response response = new Response(200).header("ETag", object.quotedTag());
    checksum.addTo(response);
    return ObjectWriter.answer(response, bucket, version);
  }
}
