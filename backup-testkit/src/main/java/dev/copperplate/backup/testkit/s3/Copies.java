package dev.copperplate.backup.testkit.s3;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html">CopyObject</a>,
 * which also makes an old version the current one.
 */
final class Copies {

  private static final String DIRECTIVE = "x-amz-metadata-directive";
  private static final String ALGORITHM = "x-amz-checksum-algorithm";

  private final Store store;
  private final Access access;
  private final ObjectLock lock;
  private final ObjectHeaders headers;
  private final ObjectWriter writer;

  Copies(Store store, Access access, ObjectLock lock, ObjectHeaders headers) {
    this.store = store;
    this.access = access;
    this.lock = lock;
    this.headers = headers;
    this.writer = new ObjectWriter(store);
  }

  List<Operation> all() {
    return List.of(
        Operation.onObject("CopyObject", "PUT", this::copy)
            .action("s3:PutObject")
            .when(CopySource.HEADER)
            .headers(ObjectHeaders.KNOWN)
            .headers(ObjectLock.KNOWN)
            .headers(CopySource.HEADER + "-if-match", CopySource.HEADER + "-if-none-match")
            .headers(Conditions.IF_MATCH, Conditions.IF_NONE_MATCH)
            .headers(DIRECTIVE, ALGORITHM)
            .facts(lock::facts));
  }

  private Response copy(Request request) {
    CopySource source = CopySource.parse(request.header(CopySource.HEADER, ""));
    boolean replaces = replaces(request);
    if (source.isDestinationOf(request) && !replaces && !changes(request)) {
      throw S3Error.invalidRequest(
          "This copy request is illegal because it is trying to copy an object to itself without"
              + " changing the object's metadata, storage class, website redirect location or"
              + " encryption attributes.");
    }
    StoredVersion from = source.find(request, store, access);
    Bucket bucket = store.bucket(request.bucket());
    StoredObject object = object(request, bucket, from.object(), replaces);
    LockSettings settings = lock.settings(request, bucket);
    StoredVersion version =
        writer.write(request, bucket, object, settings, Oddity.IGNORES_CONDITIONS);
    return answer(source, from, bucket, version);
  }

  private static boolean replaces(Request request) {
    String directive = request.header(DIRECTIVE, "COPY");
    return switch (directive) {
      case "COPY" -> false;
      case "REPLACE" -> true;
      default -> throw S3Error.invalidArgument("Unknown metadata directive.", DIRECTIVE, directive);
    };
  }

  private static boolean changes(Request request) {
    return request.hasHeader(StoredObject.STORAGE_CLASS)
        || request.hasHeader(ObjectHeaders.ENCRYPTION);
  }

  private StoredObject object(Request request, Bucket bucket, StoredObject from, boolean replaces) {
    Map<String, String> kept = new TreeMap<>();
    if (replaces) {
      kept.putAll(headers.described(request));
    } else {
      from.headers().forEach((name, value) -> keep(kept, name, value));
    }
    kept.putAll(headers.handling(request, bucket));
    return StoredObject.whole(from.content(), kept, checksum(request, from));
  }

  private static void keep(Map<String, String> kept, String name, String value) {
    if (ObjectHeaders.describes(name)) {
      kept.put(name, value);
    }
  }

  /** A copy is made in one piece: a checksum of parts becomes one of the whole. */
  private static StoredChecksum checksum(Request request, StoredObject from) {
    String asked = request.header(ALGORITHM);
    if (asked != null) {
      return StoredChecksum.of(ChecksumAlgorithm.ofName(asked), from.content());
    }
    StoredChecksum checksum = from.checksum();
    return checksum == null
        ? StoredChecksum.unasked(from.content())
        : StoredChecksum.of(checksum.algorithm(), from.content());
  }

  private Response answer(
      CopySource source, StoredVersion from, Bucket bucket, StoredVersion version) {
    XmlWriter document = XmlWriter.root("CopyObjectResult");
    document.element("LastModified", Times.xml(version.modified()));
    document.element("ETag", version.object().quotedTag());
    version.object().describeChecksum(document);
    Response response = Response.xml(document.close("CopyObjectResult"));
    response.header("x-amz-copy-source-version-id", sourceVersion(source, from));
    return ObjectWriter.answer(response, bucket, version);
  }

  private @Nullable String sourceVersion(CopySource source, StoredVersion from) {
    boolean named =
        store.bucket(source.bucket()).settings().versioning() != BucketSettings.Versioning.NEVER;
    return named ? VersionIds.of(from) : null;
  }
}
