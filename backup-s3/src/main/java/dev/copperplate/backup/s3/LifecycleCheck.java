package dev.copperplate.backup.s3;

import dev.copperplate.backup.Finding;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import software.amazon.awssdk.services.s3.model.ExpirationStatus;
import software.amazon.awssdk.services.s3.model.LifecycleExpiration;
import software.amazon.awssdk.services.s3.model.LifecycleRule;
import software.amazon.awssdk.services.s3.model.LifecycleRuleFilter;

/**
 * Whether rules of the bucket would destroy or freeze a repository. Its objects are needed for as
 * long as any snapshot refers to them, whatever their age: only prune knows which are not.
 */
final class LifecycleCheck implements PreflightCheck {

  /** What has to be thawed before it can be read. */
  private static final Set<String> ARCHIVES = Set.of("GLACIER", "DEEP_ARCHIVE");

  private final BucketView bucket;

  LifecycleCheck(BucketView bucket) {
    this.bucket = bucket;
  }

  @Override
  public String subject() {
    return "lifecycle";
  }

  @Override
  public void look(List<Finding> findings) throws IOException {
    for (LifecycleRule rule : bucket.lifecycle()) {
      if (rule.status() == ExpirationStatus.ENABLED && concerns(rule)) {
        lookAt(rule, findings);
      }
    }
  }

  /** Whether it acts on objects of the repository, those of {@code locks/} apart. */
  private boolean concerns(LifecycleRule rule) {
    LifecycleRuleFilter filter = rule.filter();
    if (filter != null
        && (filter.tag() != null || (filter.and() != null && filter.and().hasTags()))) {
      return false; // Nothing that is put here has tags.
    }
    String prefix = prefix(rule);
    return !prefix.startsWith(bucket.location().stored("locks/"))
        && (prefix.startsWith(bucket.location().stored(""))
            || bucket.location().stored("").startsWith(prefix));
  }

  @SuppressWarnings("deprecation") // Old rules have their prefix there.
  private static String prefix(LifecycleRule rule) {
    LifecycleRuleFilter filter = rule.filter();
    return Stream.of(
            filter == null ? null : filter.prefix(),
            filter == null || filter.and() == null ? null : filter.and().prefix(),
            rule.prefix())
        .filter(each -> each != null)
        .findFirst()
        .orElse("");
  }

  private void lookAt(LifecycleRule rule, List<Finding> findings) {
    String name = "Rule " + (rule.id() == null ? "without a name" : rule.id());
    LifecycleExpiration expiration = rule.expiration();
    if (expiration != null && (expiration.days() != null || expiration.date() != null)) {
      findings.add(
          Finding.error(
              subject(),
              name
                  + " removes objects by their age: in a repository, old objects hold the data of"
                  + " new snapshots",
              "Disable it; ApplyRetention and prune remove what nobody needs"));
    }
    if (rule.transitions().stream()
        .anyMatch(each -> ARCHIVES.contains(each.storageClassAsString()))) {
      findings.add(
          Finding.error(
              subject(),
              name + " moves objects into an archive, from where they cannot be read at once",
              "Disable it, or choose a class that is read at once"));
    }
    if (rule.noncurrentVersionExpiration() != null) {
      findings.add(
          Finding.warning(
              subject(),
              name
                  + " removes what was overwritten or deleted after "
                  + rule.noncurrentVersionExpiration().noncurrentDays()
                  + " days: an attack has to be noticed before, where objects are not locked",
              "Check the repository more often than that"));
    }
  }
}
