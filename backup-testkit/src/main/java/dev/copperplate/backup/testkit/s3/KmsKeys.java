package dev.copperplate.backup.testkit.s3;

import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.jspecify.annotations.Nullable;

/** The keys of KMS that there are, by ARN or id: a request that names another one is refused. */
final class KmsKeys {

  static final String AES = "AES256";
  static final String KMS = "aws:kms";

  /** The key that S3 takes where none is named. */
  static final String DEFAULT =
      "arn:aws:kms:us-east-1:" + Store.ACCOUNT + ":key/0f7a5ea8-5b1f-4d0c-9a53-5e36ac2f7e11";

  private final Set<String> keys = new ConcurrentSkipListSet<>();

  void add(String key) {
    keys.add(key);
  }

  /** Refuses what S3 would refuse, and what this server does not know. */
  void check(String algorithm, @Nullable String key) {
    if (algorithm.equals(AES) && key == null) {
      return;
    }
    if (!algorithm.equals(KMS)) {
      throw S3Error.invalidArgument(
          "The encryption method specified is not supported",
          "x-amz-server-side-encryption",
          algorithm);
    }
    if (key != null && !keys.contains(key)) {
      throw new S3Error(400, "KMS.NotFoundException", "Key '" + key + "' does not exist");
    }
  }
}
