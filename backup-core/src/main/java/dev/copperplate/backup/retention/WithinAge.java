package dev.copperplate.backup.retention;

import dev.copperplate.backup.Decision;
import dev.copperplate.backup.RetentionPolicy;
import dev.copperplate.backup.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Keeps what is younger than an age, seen from the newest snapshot that is not in the future. */
final class WithinAge implements RetentionPolicy {

  private static final Set<String> WITHIN = Set.of("within");

  private final String age;
  private final UnaryOperator<Instant> limit;

  private WithinAge(String age, UnaryOperator<Instant> limit) {
    this.age = age;
    this.limit = limit;
  }

  static WithinAge of(Duration age) {
    if (age.isNegative() || age.isZero()) {
      throw new IllegalArgumentException("An age is longer than nothing: " + age);
    }
    return new WithinAge(age.toString(), newest -> before(newest, age));
  }

  static WithinAge of(Period age, ZoneId zone) {
    return new WithinAge(age.toString(), new CalendarAge(age, zone)::before);
  }

  private static Instant before(Instant newest, Duration age) {
    boolean beyondTime = Duration.between(Instant.MIN, newest).compareTo(age) < 0;
    return beyondTime ? Instant.MIN : newest.minus(age);
  }

  @Override
  public List<Decision> decide(List<Snapshot> snapshots, Instant now) {
    Instant newest =
        snapshots.stream()
            .map(Snapshot::time)
            .filter(time -> time.isBefore(now))
            .findFirst()
            .orElse(now);
    Instant after = limit.apply(newest);
    List<Decision> decisions = new ArrayList<>(snapshots.size());
    for (Snapshot each : snapshots) {
      decisions.add(
          each.time().isAfter(after)
              ? new Decision(each, true, List.of(reason(each, newest)), WITHIN)
              : new Decision(each, false, List.of(), Set.of()));
    }
    return decisions;
  }

  private String reason(Snapshot snapshot, Instant newest) {
    return snapshot.time().isAfter(newest)
        ? "in the future: " + snapshot.time()
        : "within " + age + " of the newest: " + newest;
  }

  @Override
  public String toString() {
    return "WithinAge[" + age + "]";
  }
}
