package dev.copperplate.backup.testkit.s3;

import dev.copperplate.backup.testkit.s3.BucketSettings.DefaultRetention;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rules of <a
 * href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html">Object Lock</a>.
 */
final class ObjectLock {

  static final String MODE = "x-amz-object-lock-mode";
  static final String UNTIL = "x-amz-object-lock-retain-until-date";
  static final String HOLD = "x-amz-object-lock-legal-hold";

  /** What an operation that writes objects understands. */
  static final String[] KNOWN = {MODE, UNTIL, HOLD};

  static final String BYPASS = "x-amz-bypass-governance-retention";

  private final Store store;
  private final Access access;

  ObjectLock(Store store, Access access) {
    this.store = store;
    this.access = access;
  }

  /** What the headers of a request and the default of its bucket lock a new version with. */
  LockSettings settings(Request request, Bucket bucket) {
    Retention retention = asked(request);
    String hold = request.header(HOLD);
    if (retention != null || hold != null) {
      requireLocking(bucket);
    }
    if (retention != null) {
      access.require(
          request,
          "s3:PutObjectRetention",
          request.bucket(),
          request.key(),
          facts(retention, store.now()));
    }
    if (hold != null) {
      access.require(request, "s3:PutObjectLegalHold", request.bucket(), request.key());
    }
    return new LockSettings(
        retention == null ? byDefault(bucket) : retention,
        hold == null ? LegalHold.NEVER : LegalHold.named(hold));
  }

  /** Refuses content without a digest that is to be locked. */
  static void requireDigest(Request request, LockSettings settings) {
    if (!settings.equals(LockSettings.NONE) && !request.payload().hasDigest()) {
      throw S3Error.invalidRequest(
          "Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with"
              + " Object Lock parameters");
    }
  }

  private @Nullable Retention asked(Request request) {
    String mode = request.header(MODE);
    String until = request.header(UNTIL);
    if (mode == null && until == null) {
      return null;
    }
    if (mode == null || until == null) {
      throw S3Error.invalidArgument(
          "x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied",
          mode == null ? MODE : UNTIL,
          "");
    }
    return inFuture(new Retention(RetentionMode.named(mode), Times.parse(UNTIL, until)));
  }

  Retention inFuture(Retention retention) {
    if (!retention.until().isAfter(store.now())) {
      throw S3Error.invalidArgument(
          "The retain until date must be in the future!", UNTIL, Times.xml(retention.until()));
    }
    return retention;
  }

  private @Nullable Retention byDefault(Bucket bucket) {
    DefaultRetention wanted = bucket.settings().defaultRetention();
    if (wanted == null) {
      return null;
    }
    Instant until =
        store.now().atOffset(ZoneOffset.UTC).plus(wanted.number(), wanted.unit()).toInstant();
    return new Retention(wanted.mode(), until);
  }

  void requireLocking(Bucket bucket) {
    if (store.has(Oddity.NO_LOCK)) {
      throw S3Error.notImplemented("Object Lock");
    }
    if (!bucket.settings().isLocking()) {
      throw S3Error.invalidRequest("Bucket is missing Object Lock Configuration");
    }
  }

  /** What conditions of policies may ask for of the headers of a request. */
  Map<String, String> facts(Request request) {
    Retention retention = asked(request);
    return retention == null ? Map.of() : facts(retention, store.now());
  }

  /** Days that have begun count. */
  static Map<String, String> facts(Retention retention, Instant now) {
    Duration left = Duration.between(now, retention.until());
    long days = left.plusDays(1).minusNanos(1).toDays();
    return Map.of(
        "s3:object-lock-remaining-retention-days",
        Long.toString(days),
        "s3:object-lock-mode",
        retention.mode().name());
  }

  /** Refuses the deletion of a version that is locked. */
  void checkDeletable(Request request, String key, StoredVersion version) {
    boolean locked = version.hold() == LegalHold.ON || isKept(request, key, version.retention());
    if (locked && !store.has(Oddity.DELETES_LOCKED)) {
      throw S3Error.accessDenied("Access Denied because object protected by object lock.");
    }
  }

  private boolean isKept(Request request, String key, @Nullable Retention retention) {
    return retention != null
        && !retention.isOver(store.now())
        && (retention.mode() == RetentionMode.COMPLIANCE || !mayBypass(request, key));
  }

  /** Whether GOVERNANCE is to be bypassed, and may be. */
  boolean mayBypass(Request request, String key) {
    return request.flag(BYPASS)
        && access.allows(request, "s3:BypassGovernanceRetention", request.bucket(), key, Map.of());
  }
}
