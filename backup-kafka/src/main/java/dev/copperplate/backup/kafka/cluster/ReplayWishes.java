package dev.copperplate.backup.kafka.cluster;

import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What of the metadata comes back, and how.
 *
 * @param acls whether ACLs do
 * @param quotas whether quotas do
 * @param overrides whether configurations of topics do
 * @param passwords of SCRAM users, which do if this is there; null for a user that does not
 * @param renamed topics that have another name now, by the name in the snapshot
 * @param replacing whether what differs becomes what it was
 * @param limit for each answer of the cluster
 */
public record ReplayWishes(
    boolean acls,
    boolean quotas,
    boolean overrides,
    Optional<Function<String, char @Nullable []>> passwords,
    Map<String, String> renamed,
    boolean replacing,
    Duration limit) {

  /** All that needs no secret; what exists is left. */
  public static final ReplayWishes DEFAULT =
      new ReplayWishes(true, true, true, Optional.empty(), Map.of(), false, Duration.ofMinutes(1));

  public ReplayWishes {
    renamed = Map.copyOf(renamed);
    if (new HashSet<>(renamed.values()).size() < renamed.size()) {
      throw new IllegalArgumentException("Two topics become one: " + renamed);
    }
    if (limit.isNegative() || limit.isZero()) {
      throw new IllegalArgumentException("An answer takes some time: " + limit);
    }
  }

  /** With a choice of what comes back without secrets. */
  public ReplayWishes only(boolean theAcls, boolean theQuotas, boolean theOverrides) {
    return new ReplayWishes(theAcls, theQuotas, theOverrides, passwords, renamed, replacing, limit);
  }

  /** With SCRAM users. */
  public ReplayWishes passwords(Function<String, char @Nullable []> source) {
    return new ReplayWishes(
        acls, quotas, overrides, Optional.of(source), renamed, replacing, limit);
  }

  /** With other names of topics. */
  public ReplayWishes renamed(Map<String, String> topics) {
    return new ReplayWishes(acls, quotas, overrides, passwords, topics, replacing, limit);
  }

  /** With what differs becoming what it was. */
  public ReplayWishes withReplacing() {
    return new ReplayWishes(acls, quotas, overrides, passwords, renamed, true, limit);
  }

  /** With another limit. */
  public ReplayWishes limit(Duration most) {
    return new ReplayWishes(acls, quotas, overrides, passwords, renamed, replacing, most);
  }

  /** What a topic is called now. */
  String nameOf(String topic) {
    return renamed.getOrDefault(topic, topic);
  }
}
