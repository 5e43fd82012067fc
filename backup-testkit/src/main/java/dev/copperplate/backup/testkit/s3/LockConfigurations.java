package dev.copperplate.backup.testkit.s3;

import dev.copperplate.backup.testkit.s3.BucketSettings.DefaultRetention;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * <a
 * href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectLockConfiguration.html">PutObjectLockConfiguration</a>
 * and its reading.
 */
final class LockConfigurations {

  private final Store store;

  LockConfigurations(Store store) {
    this.store = store;
  }

  List<Operation> all() {
    return List.of(
        Operation.onBucket("GetObjectLockConfiguration", "GET", this::configuration)
            .when("object-lock")
            .action("s3:GetBucketObjectLockConfiguration"),
        Operation.onBucket("PutObjectLockConfiguration", "PUT", this::configure)
            .when("object-lock")
            .action("s3:PutBucketObjectLockConfiguration"));
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
    DefaultRetention retention = wanted.child("Rule").map(LockConfigurations::rule).orElse(null);
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
}
