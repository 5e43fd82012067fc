package dev.copperplate.backup.testkit.s3;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * <a
 * href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectRetention.html">PutObjectRetention</a>,
 * <a
 * href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectLegalHold.html">PutObjectLegalHold</a>,
 * and the reading of both.
 */
final class RetentionOperations {

  private final Store store;
  private final Access access;
  private final ObjectLock lock;

  RetentionOperations(Store store, Access access, ObjectLock lock) {
    this.store = store;
    this.access = access;
    this.lock = lock;
  }

  List<Operation> all() {
    return List.of(
        Operation.onObject("GetObjectRetention", "GET", this::retention)
            .when("retention")
            .parameters("versionId"),
        Operation.onObject("PutObjectRetention", "PUT", this::retain)
            .when("retention")
            .parameters("versionId")
            .headers(ObjectLock.BYPASS)
            .facts(this::facts),
        Operation.onObject("GetObjectLegalHold", "GET", this::hold)
            .when("legal-hold")
            .parameters("versionId"),
        Operation.onObject("PutObjectLegalHold", "PUT", this::setHold)
            .when("legal-hold")
            .parameters("versionId"));
  }

  private Response retention(Request request) {
    Bucket bucket = store.bucket(request.bucket());
    synchronized (bucket) {
      Retention retention = version(request, bucket).retention();
      if (retention == null) {
        throw noConfiguration();
      }
      XmlWriter document = XmlWriter.root("Retention").element("Mode", retention.mode());
      document.element("RetainUntilDate", Times.xml(retention.until()));
      return Response.xml(document.close("Retention"));
    }
  }

  private static S3Error noConfiguration() {
    return new S3Error(
        404,
        "NoSuchObjectLockConfiguration",
        "The specified object does not have a ObjectLock configuration");
  }

  private Response retain(Request request) {
    request.requireDigest();
    Retention wanted = wanted(request);
    if (wanted != null) {
      lock.inFuture(wanted);
    }
    Bucket bucket = store.bucket(request.bucket());
    synchronized (bucket) {
      StoredVersion version = version(request, bucket);
      boolean bypass = lock.mayBypass(request, request.key());
      if (!mayChange(version.retention(), wanted, bypass)) {
        throw S3Error.accessDenied("Access Denied because object protected by object lock.");
      }
      version.setRetention(wanted);
    }
    return new Response(200);
  }

  private boolean mayChange(@Nullable Retention now, @Nullable Retention wanted, boolean bypass) {
    if (now == null || now.isOver(store.now())) {
      return true;
    }
    return wanted == null
        ? bypass && now.mode() == RetentionMode.GOVERNANCE
        : now.mayBecome(wanted, store.now(), bypass);
  }

  /** An empty document asks for the end of retention. */
  private static @Nullable Retention wanted(Request request) {
    XmlElement document = request.xml("Retention").holding("Mode", "RetainUntilDate");
    if (document.children().isEmpty()) {
      return null;
    }
    return new Retention(
        RetentionMode.named(document.required("Mode").text()),
        Times.parse("RetainUntilDate", document.required("RetainUntilDate").text()));
  }

  private Map<String, String> facts(Request request) {
    Retention wanted = wanted(request);
    return wanted == null ? Map.of() : ObjectLock.facts(wanted, store.now());
  }

  private Response hold(Request request) {
    Bucket bucket = store.bucket(request.bucket());
    synchronized (bucket) {
      StoredVersion version = version(request, bucket);
      if (version.hold() == LegalHold.NEVER) {
        throw noConfiguration();
      }
      XmlWriter document = XmlWriter.root("LegalHold");
      document.element("Status", version.hold());
      return Response.xml(document.close("LegalHold"));
    }
  }

  private Response setHold(Request request) {
    request.requireDigest();
    XmlElement wanted = request.xml("LegalHold").holding("Status");
    LegalHold hold = LegalHold.named(wanted.required("Status").text());
    Bucket bucket = store.bucket(request.bucket());
    synchronized (bucket) {
      version(request, bucket).setHold(hold);
    }
    return new Response(200);
  }

  private StoredVersion version(Request request, Bucket bucket) {
    lock.requireLocking(bucket);
    String id = request.query().get("versionId");
    StoredVersion version = ObjectReads.find(access, request, bucket, request.key(), id);
    if (version.isMarker()) {
      throw S3Error.methodNotAllowed(request.method(), "DeleteMarker")
          .header("x-amz-delete-marker", "true");
    }
    return version;
  }
}
