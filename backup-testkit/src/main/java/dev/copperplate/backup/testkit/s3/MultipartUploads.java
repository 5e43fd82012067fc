package dev.copperplate.backup.testkit.s3;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The beginning of <a
 * href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html">uploads in
 * parts</a>, and their parts.
 */
final class MultipartUploads {

  private static final int MOST_PARTS = 10_000;
  private static final String ALGORITHM = "x-amz-checksum-algorithm";
  private static final String TYPE = "x-amz-checksum-type";

  private final Store store;
  private final ObjectLock lock;
  private final ObjectHeaders headers;

  MultipartUploads(Store store, ObjectLock lock, ObjectHeaders headers) {
    this.store = store;
    this.lock = lock;
    this.headers = headers;
  }

  List<Operation> all() {
    return List.of(
        Operation.onObject("CreateMultipartUpload", "POST", this::create)
            .action("s3:PutObject")
            .when("uploads")
            .headers(ObjectHeaders.KNOWN)
            .headers(ObjectLock.KNOWN)
            .headers(ALGORITHM, TYPE)
            .facts(lock::facts),
        Operation.onObject("UploadPart", "PUT", this::part)
            .action("s3:PutObject")
            .when("partNumber", "uploadId"),
        Operation.onObject("AbortMultipartUpload", "DELETE", this::abort).when("uploadId"));
  }

  private Response create(Request request) {
    Bucket bucket = store.bucket(request.bucket());
    ChecksumAlgorithm algorithm =
        Optional.ofNullable(request.header(ALGORITHM)).map(ChecksumAlgorithm::ofName).orElse(null);
    boolean whole = isOfWhole(request.header(TYPE), algorithm);
    Upload upload =
        new Upload(
            String.format(Locale.ROOT, "upload.%016x", store.next()),
            request.key(),
            store.now(),
            headers.of(request, bucket),
            lock.settings(request, bucket),
            algorithm,
            whole);
    synchronized (bucket) {
      bucket.uploads().put(upload.id(), upload);
    }
    XmlWriter document = XmlWriter.root("InitiateMultipartUploadResult");
    document.element("Bucket", bucket.name()).element("Key", upload.key());
    document.element("UploadId", upload.id());
    Response response = Response.xml(document.close("InitiateMultipartUploadResult"));
    if (algorithm != null) {
      response.header(ALGORITHM, algorithm).header(TYPE, upload.checksumType());
    }
    return response;
  }

  /**
   * Which <a
   * href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html">type
   * goes with which algorithm</a>.
   */
  private static boolean isOfWhole(@Nullable String type, @Nullable ChecksumAlgorithm algorithm) {
    if (algorithm == null) {
      if (type != null) {
        throw S3Error.invalidRequest(
            "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm"
                + " header.");
      }
      return true;
    }
    boolean nvme = algorithm == ChecksumAlgorithm.CRC64NVME;
    String wanted = type == null ? nvme ? "FULL_OBJECT" : "COMPOSITE" : type;
    boolean whole = wanted.equals("FULL_OBJECT");
    boolean possible = whole ? algorithm.isCyclic() : !nvme && wanted.equals("COMPOSITE");
    if (!possible) {
      throw S3Error.invalidRequest(
          "The " + wanted + " checksum type cannot be used with the " + algorithm + " algorithm.");
    }
    return whole;
  }

  private Response part(Request request) {
    ObjectWrites.requireLength(request);
    int number = request.query().number("partNumber", 0);
    if (number < 1 || number > MOST_PARTS) {
      throw S3Error.invalidArgument(
          "Part number must be an integer between 1 and 10000, inclusive",
          "partNumber",
          Integer.toString(number));
    }
    Bucket bucket = store.bucket(request.bucket());
    synchronized (bucket) {
      Upload upload = find(request, bucket);
      ObjectLock.requireDigest(request, upload.lock());
      StoredChecksum checksum = checksum(request, upload);
      byte[] content = request.payload().content();
      String tag = Digests.hex(Digests.md5(content));
      upload.add(number, new Upload.Part(content, tag, checksum, store.now()));
      Response response = new Response(200).header("ETag", '"' + tag + '"');
      response.header(checksum.algorithm().header(), checksum.value());
      upload.headers().forEach((name, value) -> encryption(response, name, value));
      return response;
    }
  }

  private static void encryption(Response response, String name, String value) {
    if (name.startsWith(ObjectHeaders.ENCRYPTION)) {
      response.header(name, value);
    }
  }

  /** A part without a checksum gets one; one of another algorithm is refused. */
  private static StoredChecksum checksum(Request request, Upload upload) {
    StoredChecksum given = request.payload().checksum();
    ChecksumAlgorithm wanted = upload.algorithm();
    if (given != null && wanted != null && given.algorithm() != wanted) {
      throw S3Error.invalidRequest(
          "Checksum Type mismatch occurred, expected checksum Type: "
              + wanted
              + ", actual checksum Type: "
              + given.algorithm());
    }
    if (given != null) {
      return given;
    }
    byte[] content = request.payload().content();
    return wanted == null ? StoredChecksum.unasked(content) : StoredChecksum.of(wanted, content);
  }

  private Response abort(Request request) {
    Bucket bucket = store.bucket(request.bucket());
    synchronized (bucket) {
      bucket.uploads().remove(find(request, bucket).id());
    }
    return new Response(204);
  }

  static Upload find(Request request, Bucket bucket) {
    String id = request.query().get("uploadId", "");
    Upload upload = bucket.uploads().get(id);
    if (upload == null || !upload.key().equals(request.key())) {
      throw new S3Error(
              404,
              "NoSuchUpload",
              "The specified upload does not exist. The upload ID may be invalid, or the upload may"
                  + " have been aborted or completed.")
          .detail("UploadId", id);
    }
    return upload;
  }
}
