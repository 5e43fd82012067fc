package dev.copperplate.backup.testkit.s3;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html">GetObject</a> and <a
 * href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html">HeadObject</a>.
 */
final class ObjectReads {

  private static final String MODE = "x-amz-checksum-mode";
  private static final Set<String> ARCHIVED = Set.of("GLACIER", "DEEP_ARCHIVE");

  private final Store store;
  private final Access access;

  ObjectReads(Store store, Access access) {
    this.store = store;
    this.access = access;
  }

  List<Operation> all() {
    return List.of(
        known(Operation.onObject("GetObject", "GET", request -> read(request, true))),
        known(Operation.onObject("HeadObject", "HEAD", request -> read(request, false)))
            .action("s3:GetObject"));
  }

  private static Operation known(Operation operation) {
    return operation
        .parameters("versionId")
        .headers("range", MODE, Conditions.IF_MATCH, Conditions.IF_NONE_MATCH)
        .headers("if-modified-since", "if-unmodified-since");
  }

  private Response read(Request request, boolean withContent) {
    Bucket bucket = store.bucket(request.bucket());
    synchronized (bucket) {
      StoredVersion version = find(request, bucket);
      checkConditions(request, version);
      if (withContent) {
        refuseArchived(version.object());
      }
      return answer(request, bucket, version);
    }
  }

  /** What is archived must be restored first, which this server cannot. */
  static void refuseArchived(StoredObject object) {
    if (ARCHIVED.contains(object.storageClass())) {
      throw new S3Error(
              403,
              "InvalidObjectState",
              "The operation is not valid for the object's storage class")
          .detail("StorageClass", object.storageClass());
    }
  }

  /** The version that is asked for, which is no marker. */
  private StoredVersion find(Request request, Bucket bucket) {
    String id = request.query().get("versionId");
    StoredVersion version = find(access, request, bucket, request.key(), id);
    if (!version.isMarker()) {
      return version;
    }
    S3Error refused =
        id == null
            ? S3Error.noSuchKey(request.key())
            : S3Error.methodNotAllowed(request.method(), "DeleteMarker").header("Allow", "DELETE");
    throw refused
        .header("x-amz-delete-marker", "true")
        .header("x-amz-version-id", VersionIds.of(version))
        .header("Last-Modified", Times.http(version.modified()));
  }

  /**
   * Who may not list does not learn whether a key exists.
   *
   * @param id null for the newest version
   */
  static StoredVersion find(
      Access access, Request request, Bucket bucket, String key, @Nullable String id) {
    StoredVersion version = id == null ? bucket.newest(key) : bucket.version(key, id);
    if (version != null) {
      return version;
    }
    if (!access.allows(request, "s3:ListBucket", bucket.name(), "", Map.of())) {
      throw S3Error.accessDenied();
    }
    throw id == null ? S3Error.noSuchKey(key) : S3Error.noSuchVersion(key, id);
  }

  /** In the order of RFC 9110, section 13.2.2. */
  private static void checkConditions(Request request, StoredVersion version) {
    String tag = version.object().tag();
    Optional<String> match = Optional.ofNullable(request.header(Conditions.IF_MATCH));
    Optional<String> noneMatch = Optional.ofNullable(request.header(Conditions.IF_NONE_MATCH));
    Optional<Instant> unmodified = time(request, "if-unmodified-since");
    Optional<Instant> modified = time(request, "if-modified-since");
    if (match.isPresent() && !Conditions.fits(match.get(), tag)) {
      throw S3Error.preconditionFailed("If-Match");
    }
    if (match.isEmpty() && unmodified.isPresent() && version.modified().isAfter(unmodified.get())) {
      throw S3Error.preconditionFailed("If-Unmodified-Since");
    }
    boolean same =
        noneMatch.isPresent()
            ? Conditions.fits(noneMatch.get(), tag)
            : modified.isPresent() && !version.modified().isAfter(modified.get());
    if (same) {
      throw new S3Error(304, "NotModified", "Not Modified").header("ETag", '"' + tag + '"');
    }
  }

  private static Optional<Instant> time(Request request, String header) {
    return Optional.ofNullable(request.header(header)).flatMap(Times::parseHttp);
  }

  private Response answer(Request request, Bucket bucket, StoredVersion version) {
    StoredObject object = version.object();
    Optional<Span> span = Span.parse(request.header("range"), object.content().length);
    Response response = new Response(span.isPresent() ? 206 : 200);
    response
        .header("Last-Modified", Times.http(version.modified()))
        .header("ETag", object.quotedTag())
        .header("Accept-Ranges", "bytes");
    object.headers().forEach(response::header);
    if (object.storageClass().equals("STANDARD")) {
      response.headers().remove(StoredObject.STORAGE_CLASS);
    }
    ObjectWriter.identity(response, bucket, version);
    addLock(request, response, version);
    Span sent = span.orElse(new Span(0, object.content().length));
    if (span.isPresent()) {
      response.header("Content-Range", sent.header(object.content().length));
    } else if (request.header(MODE, "").equals("ENABLED")) {
      Optional.ofNullable(object.checksum()).ifPresent(checksum -> checksum.addTo(response));
    }
    return response.body(object.content(), sent.from(), sent.length());
  }

  /** Only for who may ask for it. */
  private void addLock(Request request, Response response, StoredVersion version) {
    Retention retention = version.retention();
    if (retention != null && may(request, "s3:GetObjectRetention")) {
      response
          .header(ObjectLock.MODE, retention.mode())
          .header(ObjectLock.UNTIL, Times.xml(retention.until()));
    }
    if (version.hold() != LegalHold.NEVER && may(request, "s3:GetObjectLegalHold")) {
      response.header(ObjectLock.HOLD, version.hold());
    }
  }

  private boolean may(Request request, String action) {
    return access.allows(request, action, request.bucket(), request.key(), Map.of());
  }
}
