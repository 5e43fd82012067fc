package dev.copperplate.backup.s3;

import dev.copperplate.backup.Finding;
import java.io.IOException;
import java.util.List;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;
import software.amazon.awssdk.services.s3.model.ServerSideEncryptionRule;

/** Whether the bucket can be read at all one day: a key that is deleted takes everything along. */
final class EncryptionCheck implements PreflightCheck {

  private final BucketView bucket;

  EncryptionCheck(BucketView bucket) {
    this.bucket = bucket;
  }

  @Override
  public String subject() {
    return "encryption";
  }

  @Override
  public void look(List<Finding> findings) throws IOException {
    for (ServerSideEncryptionRule rule : bucket.encryption()) {
      if (rule.applyServerSideEncryptionByDefault() != null
          && rule.applyServerSideEncryptionByDefault().sseAlgorithm()
              != ServerSideEncryption.AES256) {
        findings.add(
            Finding.warning(
                subject(),
                "The store encrypts with the key "
                    + rule.applyServerSideEncryptionByDefault().kmsMasterKeyID()
                    + ": whoever deletes or disables it makes every snapshot unreadable",
                "Guard that key as the backups, or let the store use its own: the engine encrypts"
                    + " everything anyway"));
      }
    }
  }
}
