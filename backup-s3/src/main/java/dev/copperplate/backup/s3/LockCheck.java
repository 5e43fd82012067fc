package dev.copperplate.backup.s3;

import dev.copperplate.backup.Capability;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Finding.Severity;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.s3.model.ObjectLockConfiguration;
import software.amazon.awssdk.services.s3.model.ObjectLockRule;

/** What keeps a stolen key from destroying a repository, and what it can do all the same. */
final class LockCheck implements PreflightCheck {

  private final BucketView bucket;
  private final Set<Capability> capabilities;
  private final boolean replicated;
  private final Severity grave;

  LockCheck(BucketView bucket, Set<Capability> capabilities, boolean replicated, Severity grave) {
    this.bucket = bucket;
    this.capabilities = capabilities;
    this.replicated = replicated;
    this.grave = grave;
  }

  @Override
  public String subject() {
    return "immutability";
  }

  @Override
  public void look(List<Finding> findings) throws IOException {
    Optional<ObjectLockConfiguration> locking = bucket.locking();
    locking.map(ObjectLockConfiguration::rule).ifPresent(rule -> lookAtDefault(findings, rule));
    if (capabilities.contains(Capability.RETENTION)) {
      lookAtJunk(findings);
      return;
    }
    if (locking.isPresent()) {
      findings.add(
          Finding.error(
              subject(),
              "The store says that it locks objects, and lets them be deleted",
              "Do not rely on this store for retention"));
    }
    if (!capabilities.contains(Capability.VERSIONS)) {
      findings.add(
          Finding.warning(
              subject(),
              "Nothing is kept of what is overwritten or deleted",
              "Let the bucket keep versions (S3Preflight.enableVersioning)"));
    }
    if (!replicated && bucket.replication().isEmpty()) {
      findings.add(
          new Finding(
              grave,
              subject(),
              "Neither does the store lock objects, nor is there a replica under other"
                  + " credentials: one stolen key can destroy all backups",
              "Use a bucket that was made with Object Lock, or copy to another account"));
    }
  }

  /** A default would lock locks too. */
  private void lookAtDefault(List<Finding> findings, ObjectLockRule rule) {
    if (rule.defaultRetention() != null && rule.defaultRetention().mode() != null) {
      findings.add(
          Finding.error(
              subject(),
              "The bucket locks every object by default, and so the locks of a repository, which"
                  + " have to be deleted: after the first backup that dies, nobody can prune",
              "Take the default retention away; RepositoryOptions.retainFor locks what has to be"));
    }
  }

  private void lookAtJunk(List<Finding> findings) {
    if (bucket.endpoint().isPresent()) {
      findings.add(
          Finding.warning(
              subject(),
              "Only AWS is known to limit how long a writer may lock objects: with a stolen key"
                  + " somebody can fill this store with junk that nobody can delete",
              "Set a quota, and look at the size of the bucket"));
    }
  }
}
