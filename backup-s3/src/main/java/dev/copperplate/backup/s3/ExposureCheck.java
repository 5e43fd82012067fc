package dev.copperplate.backup.s3;

import dev.copperplate.backup.Finding;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.services.s3.model.Grant;
import software.amazon.awssdk.services.s3.model.PublicAccessBlockConfiguration;

/** Whether everybody can get at the bucket. */
final class ExposureCheck implements PreflightCheck {

  private static final Set<String> EVERYBODY =
      Set.of(
          "http://acs.amazonaws.com/groups/global/AllUsers",
          "http://acs.amazonaws.com/groups/global/AuthenticatedUsers");

  private final BucketView bucket;

  ExposureCheck(BucketView bucket) {
    this.bucket = bucket;
  }

  @Override
  public String subject() {
    return "public access";
  }

  @Override
  public void look(List<Finding> findings) throws IOException {
    if (bucket.publicAccessBlock().filter(ExposureCheck::blocksAll).isPresent()) {
      return;
    }
    findings.add(
        Finding.warning(
            subject(),
            "Nothing keeps the bucket from being made public by a policy or a list one day",
            "Block all public access of the bucket"));
    if (bucket.hasPublicPolicy()) {
      findings.add(
          Finding.error(
              subject(),
              "The policy of the bucket lets everybody in",
              "Name who may, and no other"));
    }
    if (bucket.grants().stream().anyMatch(ExposureCheck::isForEverybody)) {
      findings.add(
          Finding.error(
              subject(),
              "The access control list of the bucket lets everybody in",
              "Take those grants away"));
    }
  }

  private static boolean blocksAll(PublicAccessBlockConfiguration block) {
    return Boolean.TRUE.equals(block.blockPublicAcls())
        && Boolean.TRUE.equals(block.blockPublicPolicy())
        && Boolean.TRUE.equals(block.ignorePublicAcls())
        && Boolean.TRUE.equals(block.restrictPublicBuckets());
  }

  private static boolean isForEverybody(Grant grant) {
    return grant.grantee() != null
        && grant.grantee().uri() != null
        && EVERYBODY.contains(grant.grantee().uri());
  }
}
