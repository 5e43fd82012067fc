package dev.copperplate.backup.retention;

import dev.copperplate.backup.ContentId;
import dev.copperplate.backup.Decision;
import dev.copperplate.backup.RetentionPolicy;
import dev.copperplate.backup.RunId;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotId;
import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.SourceId;
import dev.copperplate.backup.repository.format.Sha256;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The snapshots of one source, for tests that tell of a few.
 *
 * @param snapshots newest first
 */
record History(List<Snapshot> snapshots) {

  /** When the tests decide. */
  static final Instant NOW = Instant.parse("2026-11-18T13:00:00Z");

  /** One at each of these times, newest first. */
  static History at(String... times) {
    return new History(Stream.of(times).map(each -> snapshot(each)).toList());
  }

  /** One at noon, UTC, of each day that is not within the outage. */
  static History daily(String first, String last, String outageFirst, String outageLast) {
    return new History(
        LocalDate.parse(first)
            .datesUntil(LocalDate.parse(last).plusDays(1))
            .map(LocalDate::toString)
            .filter(day -> day.compareTo(outageFirst) < 0 || day.compareTo(outageLast) > 0)
            .sorted((one, other) -> other.compareTo(one))
            .map(day -> snapshot(day + "T12:00:00Z"))
            .toList());
  }

  static History of(Snapshot... newestFirst) {
    return new History(List.of(newestFirst));
  }

  static Snapshot snapshot(String time, String... tags) {
    return snapshot(time.replace(':', '-'), time, Optional.empty(), Set.of(tags));
  }

  static Snapshot run(String run) {
    return snapshot(run, NOW.toString(), Optional.empty(), Set.of());
  }

  static Snapshot run(String run, String replaces) {
    return snapshot(run, NOW.toString(), Optional.of(new RunId(replaces)), Set.of());
  }

  private static Snapshot snapshot(
      String run, String time, Optional<RunId> replaces, Set<String> tags) {
    String hex = Sha256.hash((run + replaces).getBytes(StandardCharsets.UTF_8)).hex();
    return new Snapshot(
        new SnapshotId(hex),
        new RunId(run),
        new ContentId(hex),
        new SourceId("postgres", "orders"),
        "test",
        Instant.parse(time),
        SnapshotState.COMPLETE,
        List.of(),
        replaces,
        Optional.empty(),
        tags,
        0,
        0);
  }

  List<Decision> decided(RetentionPolicy policy) {
    return policy.decide(snapshots, NOW);
  }

  /** The days, in UTC, of the snapshots that a policy keeps, newest first. */
  List<String> daysKept(RetentionPolicy policy) {
    return timesKept(policy).stream().map(each -> each.substring(0, 10)).toList();
  }

  /** The times of the snapshots that a policy keeps. */
  List<String> timesKept(RetentionPolicy policy) {
    return kept(policy).map(each -> each.snapshot().time().toString()).toList();
  }

  /** The runs of the snapshots that a policy keeps. */
  List<String> runsKept(RetentionPolicy policy) {
    return kept(policy).map(each -> each.snapshot().run().value()).toList();
  }

  /** The reasons for which a policy keeps snapshots, all in one list. */
  List<String> reasons(RetentionPolicy policy) {
    return kept(policy).flatMap(each -> each.reasons().stream()).toList();
  }

  private Stream<Decision> kept(RetentionPolicy policy) {
    return decided(policy).stream().filter(Decision::keep);
  }
}
