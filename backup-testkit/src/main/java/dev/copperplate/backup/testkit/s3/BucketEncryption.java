package dev.copperplate.backup.testkit.s3;

import org.jspecify.annotations.Nullable;

/**
 * The encryption that objects get unless they ask for one; since 2023 that is <a
 * href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-encryption.html">never
 * none</a>.
 *
 * @param key of KMS; null for the default one, and for AES256
 */
record BucketEncryption(String algorithm, @Nullable String key) {

  /**
   * @param configuration null for none
   */
  static BucketEncryption of(@Nullable XmlElement configuration) {
    return configuration == null ? new BucketEncryption(KmsKeys.AES, null) : parse(configuration);
  }

  static BucketEncryption parse(XmlElement configuration) {
    XmlElement rule = configuration.holding("Rule").required("Rule");
    rule.holding("ApplyServerSideEncryptionByDefault", "BucketKeyEnabled");
    XmlElement applied = rule.required("ApplyServerSideEncryptionByDefault");
    applied.holding("SSEAlgorithm", "KMSMasterKeyID");
    return new BucketEncryption(
        applied.required("SSEAlgorithm").text(), applied.text("KMSMasterKeyID").orElse(null));
  }

  static XmlElement document(String algorithm) {
    return XmlElement.of(
        "ServerSideEncryptionConfiguration",
        XmlElement.of(
            "Rule",
            XmlElement.of(
                "ApplyServerSideEncryptionByDefault", XmlElement.text("SSEAlgorithm", algorithm)),
            XmlElement.text("BucketKeyEnabled", "false")));
  }
}
