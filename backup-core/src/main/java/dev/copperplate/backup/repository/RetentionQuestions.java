package dev.copperplate.backup.repository;

import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.repository.expiry.DatedSnapshot;
import dev.copperplate.backup.repository.expiry.SnapshotGroup;
import java.io.IOException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * What is so unusual about a source that a person looks before its snapshots are removed. The same
 * state of the repository gives the same texts, so that an answer is found again; the texts hold
 * counts, so that what comes after an answer is asked about anew.
 */
final class RetentionQuestions {

  /** Finds the identity of the system that was captured; empty if that is not known. */
  @FunctionalInterface
  interface Identity {
    Optional<String> of(Snapshot snapshot) throws IOException;
  }

  private final RetentionLimits limits;
  private final Identity identities;

  RetentionQuestions(RetentionLimits limits, Identity identities) {
    this.limits = limits;
    this.identities = identities;
  }

  /**
   * What is unusual about the arrival of a group's snapshots. Damaged ones are of no weight: they
   * push nothing out.
   */
  List<RetentionQuestion> arrivals(SnapshotGroup group) {
    List<RetentionQuestion> questions = new ArrayList<>();
    byDay(group, each -> true)
        .forEach(
            (day, count) -> {
              if (count > limits.snapshotsPerDay()) {
                questions.add(
                    question(
                        group,
                        count
                            + " snapshots arrived on "
                            + day
                            + " (UTC), where up to "
                            + limits.snapshotsPerDay()
                            + " are usual: were all of them made on purpose?"));
              }
            });
    byDay(group, DatedSnapshot::isAhead)
        .forEach(
            (day, count) ->
                questions.add(
                    question(
                        group,
                        counted(count, day)
                            + " bear a time that lies more than "
                            + words(limits.ahead())
                            + " after it. They will count as of their arrival: is that right?")));
    byDay(group, each -> each.isLate(limits.late()))
        .forEach(
            (day, count) ->
                questions.add(
                    question(
                        group,
                        counted(count, day)
                            + " bear a time that lies more than "
                            + words(limits.late())
                            + " before it. They will count as of that time: is that right?")));
    return questions;
  }

  /** Whether snapshots would be removed of a system that is not the one captured last. */
  List<RetentionQuestion> identities(SnapshotGroup group, List<Snapshot> doomed)
      throws IOException {
    Optional<Snapshot> newest = group.newestGood();
    if (newest.isEmpty() || doomed.isEmpty()) {
      return List.of();
    }
    Optional<String> now = identities.of(newest.get());
    if (now.isEmpty()) {
      return List.of();
    }
    Set<String> former = new TreeSet<>();
    for (Snapshot each : doomed) {
      identities.of(each).filter(identity -> !identity.equals(now.get())).ifPresent(former::add);
    }
    return former.stream()
        .map(each -> question(group, changed(printable(each), printable(now.get()))))
        .toList();
  }

  private static String changed(String former, String now) {
    return "The system called itself "
        + former
        + " and is now "
        + now
        + ": may snapshots of the former be removed?";
  }

  private static Map<LocalDate, Integer> byDay(
      SnapshotGroup group, Predicate<DatedSnapshot> which) {
    Map<LocalDate, Integer> days = new TreeMap<>();
    for (DatedSnapshot each : group.snapshots()) {
      if (each.isGood() && which.test(each)) {
        days.merge(LocalDate.ofInstant(each.arrival(), ZoneOffset.UTC), 1, Integer::sum);
      }
    }
    return days;
  }

  private static RetentionQuestion question(SnapshotGroup group, String text) {
    return new RetentionQuestion(group.source(), group.environment(), text);
  }

  private static String counted(int count, LocalDate day) {
    return count + " of the snapshots that arrived on " + day + " (UTC)";
  }

  private static String words(Duration limit) {
    long hours = limit.toHours();
    if (!limit.equals(Duration.ofHours(hours))) {
      return limit.toString();
    }
    return hours % 24 == 0 && hours > 0 ? hours / 24 + " d" : hours + " h";
  }

  /** What stands in a manifest goes to somebody's terminal. */
  private static String printable(String identity) {
    return identity.replaceAll("\\p{Cntrl}", "?");
  }
}
