package dev.copperplate.backup.kafka.preflight;

import dev.copperplate.backup.kafka.KafkaPreflight.Restore;
import dev.copperplate.backup.kafka.TopicSelection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the cluster is to be ready for.
 *
 * @param topics of backups
 * @param between two backups
 * @param restores names of topics by the way in which they are restored
 * @param groups whose offsets a restore commits
 * @param principal whom remedies grant to
 * @param strict whether connections that others can read are errors
 * @param limit for each answer
 */
public record Wishes(
    Optional<TopicSelection> topics,
    Optional<Duration> between,
    Map<Restore, List<String>> restores,
    List<String> groups,
    String principal,
    boolean strict,
    Duration limit) {

  /** For no more than connections. */
  public static final Wishes NONE =
      new Wishes(
          Optional.empty(),
          Optional.empty(),
          Map.of(),
          List.of(),
          "User:NAME",
          false,
          Duration.ofSeconds(30));

  public Wishes {
    restores = Map.copyOf(restores);
    groups = List.copyOf(groups);
    if (limit.isNegative() || limit.isZero()) {
      throw new IllegalArgumentException("Limit: " + limit);
    }
  }

  public Wishes backup(TopicSelection wanted) {
    return new Wishes(Optional.of(wanted), between, restores, groups, principal, strict, limit);
  }

  public Wishes every(Duration time) {
    return new Wishes(topics, Optional.of(time), restores, groups, principal, strict, limit);
  }

  public Wishes restore(Restore way, List<String> names) {
    Map<Restore, List<String>> all = new TreeMap<>(restores);
    all.merge(way, names, Wishes::joined);
    return new Wishes(topics, between, all, groups, principal, strict, limit);
  }

  public Wishes groups(List<String> ids) {
    return new Wishes(topics, between, restores, joined(groups, ids), principal, strict, limit);
  }

  public Wishes principal(String name) {
    return new Wishes(topics, between, restores, groups, name, strict, limit);
  }

  public Wishes asStrict() {
    return new Wishes(topics, between, restores, groups, principal, true, limit);
  }

  public Wishes limit(Duration most) {
    return new Wishes(topics, between, restores, groups, principal, strict, most);
  }

  private static List<String> joined(List<String> some, List<String> others) {
    List<String> all = new ArrayList<>(some);
    all.addAll(others);
    return all;
  }

  /** All topics that are to be restored, in the order of their names. */
  Set<String> restored() {
    Set<String> all = new TreeSet<>();
    restores.values().forEach(all::addAll);
    return all;
  }

  /** Whether topics come back in one of these ways. */
  boolean restoresBy(Restore... ways) {
    return Set.of(ways).stream().anyMatch(restores::containsKey);
  }

  /** The ways in which this topic comes back. */
  List<Restore> ways(String topic) {
    return restores.entrySet().stream()
        .filter(each -> each.getValue().contains(topic))
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }
}
