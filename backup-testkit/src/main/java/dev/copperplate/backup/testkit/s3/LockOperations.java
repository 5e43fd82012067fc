package dev.copperplate.backup.testkit.s3;

import dev.copperplate.backup.testkit.s3.BucketSettings.DefaultRetention;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * <a
 * href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectRetention.html">PutObjectRetention</a>,
 * PutObjectLegalHold, <a
 * href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectLockConfiguration.html">PutObjectLockConfiguration</a>,
 * and the reading of each.
 */
final class LockOperations {

  private final Store store;
  private final Access access;
  private final ObjectLock lock;

  LockOperations(Store store, Access access, ObjectLock lock) {
    this.store = store;
    this.access = access;
    this.lock = lock;
  }

  List<Operation> all() {
    return List.of(
        Operation.onBucket("GetObjectLockConfiguration", "GET", this::configuration)
            .when("object-lock")
            .action("s3:GetBucketObjectLockConfiguration"),
        Operation.onBucket("PutObjectLockConfiguration", "PUT", this::configure)
            .when("object-lock")
            .action("s3:PutBucketObjectLockConfiguration"),
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

  private Response configuration(Request request) {
    refuseIfUnable();
    Bucket bucket = store.bucket(request.bucket());
    synchronized (bucket) {
      if (!bucket.settings().isLocking()) {
        throw new S3Error(
                404,
                "ObjectLockConfigurationNotFoundError",
                "Object Lock configuration does not exist for this bucket")
            .detail("BucketName", bucket.name());
      }
      XmlWriter document = XmlWriter.root("ObjectLockConfiguration");
      document.element("ObjectLockEnabled", "Enabled");
      DefaultRetention retention = bucket.settings().defaultRetention();
      if (retention != null) {
        writeRule(document, retention);
      }
      return Response.xml(document.close("ObjectLockConfiguration"));
    }
  }

  private static void writeRule(XmlWriter document, DefaultRetention retention) {
    document.open("Rule").open("DefaultRetention").element("Mode", retention.mode());
    String unit = retention.unit() == ChronoUnit.DAYS ? "Days" : "Years";
    document.element(unit, retention.number());
    document.close("DefaultRetention").close("Rule");
  }

  /** It can be enabled afterwards, but never disabled. */
  private Response configure(Request request) {
    refuseIfUnable();
    request.requireDigest();
    XmlElement wanted = request.xml("ObjectLockConfiguration").holding("ObjectLockEnabled", "Rule");
    if (!wanted.text("ObjectLockEnabled").orElse("").equals("Enabled")) {
      throw S3Error.malformedXml();
    }
    DefaultRetention retention = wanted.child("Rule").map(LockOperations::rule).orElse(null);
    Bucket bucket = store.bucket(request.bucket());
    synchronized (bucket) {
      if (bucket.settings().versioning() != BucketSettings.Versioning.ENABLED) {
        throw new S3Error(
            409,
            "InvalidBucketState",
            "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration");
      }
      bucket.settings().enableLocking();
      bucket.settings().setDefaultRetention(retention);
    }
    return new Response(200);
  }

  private static DefaultRetention rule(XmlElement rule) {
    XmlElement retention = rule.holding("DefaultRetention").required("DefaultRetention");
    retention.holding("Mode", "Days", "Years");
    RetentionMode mode = RetentionMode.named(retention.required("Mode").text());
    boolean inDays = retention.child("Days").isPresent();
    if (inDays == retention.child("Years").isPresent()) {
      throw S3Error.malformedXml();
    }
    int number = number(retention.required(inDays ? "Days" : "Years").text());
    return new DefaultRetention(mode, number, inDays ? ChronoUnit.DAYS : ChronoUnit.YEARS);
  }

  private static int number(String text) {
    try {
      int number = Integer.parseInt(text.strip());
      if (number > 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw S3Error.malformedXml();
    }
    throw S3Error.invalidArgument(
        "Default retention period must be a positive integer value.", "Days", text);
  }

  private void refuseIfUnable() {
    if (store.has(Oddity.NO_LOCK)) {
      throw S3Error.notImplemented("Object Lock");
    }
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
      XmlWriter document = XmlWriter.root("LegalHold");
      document.element("Status", version.isHeld() ? "ON" : "OFF");
      return Response.xml(document.close("LegalHold"));
    }
  }

  private Response setHold(Request request) {
    request.requireDigest();
    XmlElement wanted = request.xml("LegalHold").holding("Status");
    boolean on = ObjectLock.isOn(wanted.required("Status").text());
    Bucket bucket = store.bucket(request.bucket());
    synchronized (bucket) {
      version(request, bucket).setHeld(on);
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
