package dev.copperplate.backup.testkit.s3;

import org.jspecify.annotations.Nullable;

/**
 * Somebody who signs requests.
 *
 * @param policy what it may do; null for the owner, who may do everything that no bucket policy
 *     denies
 */
record User(String accessKey, String secretKey, @Nullable PolicyDocument policy) {

  /** Who does not sign. */
  static final User ANONYMOUS = new User("", "", null);

  boolean isAnonymous() {
    return accessKey.isEmpty();
  }

  boolean isOwner() {
    return policy == null && !isAnonymous();
  }

  /** The name that bucket policies have for it. */
  String arn() {
    String account = "arn:aws:iam::" + Store.ACCOUNT + ":";
    return isOwner() ? account + "root" : account + "user/" + accessKey;
  }

  @Override
  public String toString() {
    return isAnonymous() ? "anonymous" : accessKey;
  }
}
