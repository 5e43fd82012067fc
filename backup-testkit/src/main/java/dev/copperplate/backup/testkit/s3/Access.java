package dev.copperplate.backup.testkit.s3;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decides by the policies of users and buckets: an explicit Deny wins, then any Allow, else it is
 * denied; see <a
 * href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html">
 * the logic of evaluation</a>. The owner is allowed what no bucket policy denies.
 */
final class Access {

  private static final String BUCKETS = "arn:aws:s3:::";

  private final Store store;

  Access(Store store) {
    this.store = store;
  }

  void require(Request request, String action, String bucket, String key) {
    require(request, action, bucket, key, Map.of());
  }

  /**
   * @param facts what conditions may ask for, beside what the request itself says
   */
  void require(
      Request request, String action, String bucket, String key, Map<String, String> facts) {
    if (!allows(request, action, bucket, key, facts)) {
      throw S3Error.accessDenied(denial(request.user(), action, bucket, key));
    }
  }

  private static String denial(User user, String action, String bucket, String key) {
    return user.isAnonymous()
        ? "Access Denied"
        : "User: "
            + user.arn()
            + " is not authorized to perform: "
            + action
            + " on resource: \""
            + resource(bucket, key)
            + '"';
  }

  private static String resource(String bucket, String key) {
    return BUCKETS + (bucket.isEmpty() ? "*" : key.isEmpty() ? bucket : bucket + '/' + key);
  }

  boolean allows(
      Request request, String action, String bucket, String key, Map<String, String> facts) {
    User user = request.user();
    Map<String, String> context = new HashMap<>(facts);
    context.put("aws:SecureTransport", "false");
    String prefix = request.query().get("prefix");
    if (prefix != null) {
      context.put("s3:prefix", prefix);
    }
    Attempt attempt = new Attempt(user.arn(), action, resource(bucket, key), context);
    Effect own = effect(user.policy(), attempt);
    Effect ofBucket = ofBucket(user, bucket, attempt);
    if (own == Effect.DENY || ofBucket == Effect.DENY) {
      return false;
    }
    return user.isOwner() || own == Effect.ALLOW || ofBucket == Effect.ALLOW;
  }

  private static Effect effect(@Nullable PolicyDocument policy, Attempt attempt) {
    return policy == null ? Effect.NONE : policy.effect(attempt);
  }

  /**
   * A <a
   * href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html">block</a>
   * takes from strangers what a public policy allows.
   */
  private Effect ofBucket(User user, String name, Attempt attempt) {
    Bucket bucket = store.find(name);
    PolicyDocument policy = bucket == null ? null : bucket.settings().policy();
    Effect effect = effect(policy, attempt);
    boolean blocked =
        bucket != null
            && user.isAnonymous()
            && bucket.settings().blocks(BucketSettings.RESTRICT_PUBLIC_BUCKETS);
    return blocked && effect == Effect.ALLOW ? Effect.NONE : effect;
  }

  /** What a policy says. */
  enum Effect {
    ALLOW,
    DENY,
    NONE
  }

  /**
   * What is attempted.
   *
   * @param principal the ARN of who attempts it
   * @param context the values of condition keys; those that are absent have none
   */
  record Attempt(String principal, String action, String resource, Map<String, String> context) {}
}
