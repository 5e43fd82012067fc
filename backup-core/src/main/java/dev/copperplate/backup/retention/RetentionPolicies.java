package dev.copperplate.backup.retention;

import dev.copperplate.backup.RetentionPolicy;
import java.time.Duration;
import java.time.Period;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The policies that come with the library. Each answers as stock {@code restic forget} does, so a
 * plan can be checked with {@code restic forget --dry-run}.
 *
 * <p><b>Periods are counted, not time.</b> {@link #daily daily(7)} keeps the newest snapshot of
 * each of the last seven days <em>that have one</em>, however long ago they are. A source that was
 * not backed up for ten days keeps its seven days; seen from the day after, they reach back
 * further. {@link #within(Duration) within(seven days)} keeps what is younger than seven days and
 * would have let the days before the outage go:
 *
 * {@snippet class="dev.copperplate.backup.retention.TenDayOutageTest" region="outage"}
 *
 * <p><b>Zones.</b> Hours, days, weeks (of ISO 8601), months and years are those of the clocks of
 * the zone that is given. Restic takes each snapshot by the offset that its own time is written
 * with, which is that of the machine that made it; what this library writes is in UTC. So stock
 * {@code forget} agrees on snapshots of this library where the zone is {@link
 * java.time.ZoneOffset#UTC}, and on those of restic where it is the zone of the machines that made
 * them. The hour that clocks show twice is one hour.
 *
 * <p><b>The oldest snapshot</b> is kept as well by {@code hourly} to {@code yearly} while there are
 * fewer periods with snapshots than asked for. Snapshots of the very same time are taken in the
 * order of the list; restic takes them as its store lists them.
 *
 * <p><b>Classes</b> of the decisions: the newest snapshot of a period has the name of the policy,
 * {@code hourly} to {@code yearly}, whether it is kept or not. {@code last}, {@code within}, {@code
 * tagged} and {@code unreplaced} stand only with what is kept for this reason.
 *
 * <p>All are immutable and thread-safe. What they keep they keep again when any of the others was
 * removed: applying a policy twice removes nothing more. Only {@code within} asks for the present
 * time. Counts below 1 are {@code IllegalArgumentException}s.
 */
public final class RetentionPolicies {

  private RetentionPolicies() {}

  /** Keeps the newest n snapshots. */
  public static RetentionPolicy last(int n) {
    return new NewestSnapshots(positive("last", n));
  }

  /** Keeps the newest snapshot of each of the last n hours that have one. */
  public static RetentionPolicy hourly(int n, ZoneId zone) {
    return newest(CalendarPeriod.HOURLY, n, zone);
  }

  /** Keeps the newest snapshot of each of the last n days that have one. */
  public static RetentionPolicy daily(int n, ZoneId zone) {
    return newest(CalendarPeriod.DAILY, n, zone);
  }

  /** Keeps the newest snapshot of each of the last n weeks, from Monday on, that have one. */
  public static RetentionPolicy weekly(int n, ZoneId zone) {
    return newest(CalendarPeriod.WEEKLY, n, zone);
  }

  /** Keeps the newest snapshot of each of the last n months that have one. */
  public static RetentionPolicy monthly(int n, ZoneId zone) {
    return newest(CalendarPeriod.MONTHLY, n, zone);
  }

  /** Keeps the newest snapshot of each of the last n years that have one. */
  public static RetentionPolicy yearly(int n, ZoneId zone) {
    return newest(CalendarPeriod.YEARLY, n, zone);
  }

  /**
   * Keeps what is younger than an age. It is seen from the newest snapshot that is not in the
   * future, not from now: when backups stop, nothing goes. What is in the future is kept.
   *
   * <p>Restic reads the time of that snapshot off the clocks of the machine that made it. Where
   * they show its hour twice, {@code --keep-within 36h} may keep an hour more or less than this; of
   * snapshots whose times are in UTC, as those of this library are, it keeps the same.
   *
   * @param age longer than nothing; a day is 24 hours
   */
  public static RetentionPolicy within(Duration age) {
    return WithinAge.of(age);
  }

  /**
   * Keeps what is younger than an age in years, months and days, as {@link #within(Duration)} does.
   * {@code P1D} before 14:00 is 14:00 of the day before, also where that day had 25 hours.
   *
   * @param age longer than nothing, at most 10,000 years
   */
  public static RetentionPolicy within(Period age, ZoneId zone) {
    return WithinAge.of(age, zone);
  }

  /**
   * Keeps what carries all of these tags of the user; {@code any(tagged("a"), tagged("b"))} what
   * carries one of them. Where nothing carries them, it keeps nothing, which {@code restic forget}
   * refuses.
   *
   * @param tags at least one, and none of the library's own
   */
  public static RetentionPolicy tagged(String... tags) {
    return new Tagged(Set.copyOf(List.of(tags)));
  }

  /**
   * Keeps every snapshot that no other one replaces, in one step or several. Where two writers
   * overlapped, the heads of both lineages stay. No snapshot is believed to replace a later one.
   */
  public static RetentionPolicy unreplaced() {
    return new Unreplaced();
  }

  /**
   * Grandfather, father, son: {@link #daily}, {@link #weekly} and {@link #monthly} together.
   *
   * @param days 0 for none
   * @param weeks 0 for none
   * @param months 0 for none; not all three may be 0
   */
  public static RetentionPolicy gfs(int days, int weeks, int months, ZoneId zone) {
    if (days < 0 || weeks < 0 || months < 0 || (days == 0 && weeks == 0 && months == 0)) {
      throw new IllegalArgumentException(
          "Days, weeks and months to keep are 0 or more, and not all 0: "
              + days
              + ", "
              + weeks
              + ", "
              + months);
    }
    List<RetentionPolicy> parts = new ArrayList<>();
    if (days > 0) {
      parts.add(daily(days, zone));
    }
    if (weeks > 0) {
      parts.add(weekly(weeks, zone));
    }
    if (months > 0) {
      parts.add(monthly(months, zone));
    }
    return new AnyOf(parts);
  }

  /**
   * Keeps what one of the policies keeps, for the reasons of all that keep it. A snapshot stands
   * for whatever one of them says.
   *
   * @param policies at least one
   */
  public static RetentionPolicy any(RetentionPolicy... policies) {
    return new AnyOf(List.of(policies));
  }

  private static RetentionPolicy newest(CalendarPeriod period, int n, ZoneId zone) {
    return new NewestOfPeriods(period, positive(period.label(), n), zone);
  }

  private static int positive(String policy, int n) {
    if (n < 1) {
      throw new IllegalArgumentException("How many to keep, " + policy + ", is at least 1: " + n);
    }
    return n;
  }
}
