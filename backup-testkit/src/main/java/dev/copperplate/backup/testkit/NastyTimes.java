package dev.copperplate.backup.testkit;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAdjusters;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** When snapshots are made that policies stumble over. */
final class NastyTimes {

  private static final Instant FIRST = Instant.parse("2020-01-01T00:00:00Z");
  private static final Instant LAST = Instant.parse("2026-12-31T23:59:59Z");

  /** One that goes back at 1:00 UTC, one in the west, one in the south, one that goes by half. */
  private static final List<ZoneId> ZONES =
      List.of(
          ZoneId.of("Europe/Berlin"),
          ZoneId.of("America/Los_Angeles"),
          ZoneId.of("Pacific/Auckland"),
          ZoneId.of("Australia/Lord_Howe"));

  private static final List<Duration> STEPS =
      List.of(
          Duration.ZERO,
          Duration.ofNanos(1),
          Duration.ofMillis(300),
          Duration.ofSeconds(1),
          Duration.ofMinutes(20),
          Duration.ofHours(1),
          Duration.ofHours(7),
          Duration.ofDays(1),
          Duration.ofDays(7),
          Duration.ofDays(31),
          Duration.ofDays(200));

  private static final int LONGEST_SERIES = 16;

  private NastyTimes() {}

  /** Some seconds or hours around a border of a calendar, or anywhere in some years. */
  static Arbitrary<Instant> instants() {
    Arbitrary<Duration> around =
        Arbitraries.oneOf(
            Arbitraries.longs().between(-2, 2).map(Duration::ofNanos),
            Arbitraries.longs().between(-7_200, 7_200).map(Duration::ofSeconds),
            Arbitraries.longs().between(-48, 48).map(Duration::ofHours));
    return Arbitraries.oneOf(
        anywhere(),
        Combinators.combine(Arbitraries.of(borders()), around).as(Instant::plus),
        Combinators.combine(Arbitraries.of(strange()), around).as(NastyTimes::notBeforeTheEpoch));
  }

  /** Bursts and regular series, with gaps of up to years between them. In no order. */
  static Arbitrary<List<Instant>> histories() {
    Arbitrary<Integer> count =
        Arbitraries.oneOf(Arbitraries.just(1), Arbitraries.integers().between(1, LONGEST_SERIES));
    return Combinators.combine(instants(), Arbitraries.of(STEPS), count)
        .as(NastyTimes::series)
        .list()
        .ofMaxSize(5)
        .map(all -> all.stream().flatMap(List::stream).toList());
  }

  private static List<Instant> series(Instant last, Duration step, int count) {
    List<Instant> times = new ArrayList<>();
    Instant at = last;
    for (int i = 0; i < count && !at.isBefore(Instant.EPOCH); i++) {
      times.add(at);
      at = at.minus(step);
    }
    return times;
  }

  private static Arbitrary<Instant> anywhere() {
    return Arbitraries.longs()
        .between(FIRST.getEpochSecond(), LAST.getEpochSecond())
        .map(Instant::ofEpochSecond);
  }

  private static Instant notBeforeTheEpoch(Instant time, Duration more) {
    Instant moved = time.plus(more);
    return moved.isBefore(Instant.EPOCH) ? Instant.EPOCH : moved;
  }

  /** Clocks without a battery, and clocks that run ahead. */
  private static List<Instant> strange() {
    return List.of(
        Instant.EPOCH,
        Instant.parse("1970-01-05T00:00:00Z"),
        Instant.parse("2038-01-19T03:14:08Z"),
        Instant.parse("2200-06-15T12:00:00Z"));
  }

  /** Where days, weeks, months, years and the time of summer begin, in each of the zones. */
  private static List<Instant> borders() {
    List<Instant> borders = new ArrayList<>();
    for (ZoneId zone : ZONES) {
      FIRST
          .atZone(ZoneOffset.UTC)
          .toLocalDate()
          .datesUntil(LocalDate.ofInstant(LAST, ZoneOffset.UTC), Period.ofYears(1))
          .flatMap(year -> borders(year).stream())
          .map(day -> day.atStartOfDay(zone).toInstant())
          .forEach(borders::add);
      ZoneOffsetTransition change = zone.getRules().nextTransition(FIRST);
      while (change != null && change.getInstant().isBefore(LAST)) {
        borders.add(change.getInstant());
        change = zone.getRules().nextTransition(change.getInstant());
      }
    }
    return List.copyOf(borders);
  }

  /**
   * The first of January, the Monday beside it, the first and the last of February and of March.
   */
  private static List<LocalDate> borders(LocalDate year) {
    LocalDate february = year.withMonth(2);
    LocalDate march = year.withMonth(3);
    return List.of(
        year,
        year.with(TemporalAdjusters.nextOrSame(DayOfWeek.MONDAY)),
        february,
        february.with(TemporalAdjusters.lastDayOfMonth()),
        march,
        march.with(TemporalAdjusters.lastDayOfMonth()));
  }
}
