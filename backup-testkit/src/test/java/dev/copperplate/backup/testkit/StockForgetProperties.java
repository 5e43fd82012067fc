package dev.copperplate.backup.testkit;

import static dev.copperplate.backup.retention.RetentionPolicies.any;
import static dev.copperplate.backup.retention.RetentionPolicies.daily;
import static dev.copperplate.backup.retention.RetentionPolicies.gfs;
import static dev.copperplate.backup.retention.RetentionPolicies.hourly;
import static dev.copperplate.backup.retention.RetentionPolicies.last;
import static dev.copperplate.backup.retention.RetentionPolicies.monthly;
import static dev.copperplate.backup.retention.RetentionPolicies.tagged;
import static dev.copperplate.backup.retention.RetentionPolicies.weekly;
import static dev.copperplate.backup.retention.RetentionPolicies.within;
import static dev.copperplate.backup.retention.RetentionPolicies.yearly;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import dev.copperplate.backup.Decision;
import dev.copperplate.backup.RetentionPolicy;
import dev.copperplate.backup.Snapshot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeTry;

/**
 * On two hundred histories the policies keep what stock restic keeps, each alone and many at once,
 * in zones whose clocks change at different times. All histories of a zone lie in one repository,
 * each with a host of its own, so that restic is asked once for each policy.
 */
class StockForgetProperties {

  private static final int HISTORIES = 200;

  /**
   * The same policy in restic's words and in ours.
   *
   * @param tags of the snapshots that histories must have to be asked for: where restic would keep
   *     nothing, it refuses
   */
  private record Choice(String arguments, Set<String> tags, RetentionPolicy policy) {

    Choice(String arguments, RetentionPolicy policy) {
      this(arguments, Set.of(), policy);
    }

    boolean asks(List<Snapshot> history) {
      return history.stream().anyMatch(each -> each.tags().containsAll(tags));
    }
  }

  /** Too many to be printed when one of them shows a difference; that one is in the message. */
  private record Histories(List<List<Snapshot>> all) {

    @Override
    public String toString() {
      return all.size() + " histories";
    }
  }

  private Path directory;

  @BeforeTry
  void makeDirectory() throws Exception {
    directory = Files.createTempDirectory("forget");
  }

  @AfterTry
  void removeDirectory() throws Exception {
    try (var all = Files.walk(directory)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }

  @Provide
  Arbitrary<Histories> manyHistories() {
    return SnapshotArbitraries.histories().list().ofSize(HISTORIES).map(Histories::new);
  }

  @Property(tries = 1, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
  void keepsTheSameInBerlin(@ForAll("manyHistories") Histories histories) throws Exception {
    keepsTheSame(histories, ZoneId.of("Europe/Berlin"));
  }

  @Property(tries = 1, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
  void keepsTheSameInLosAngeles(@ForAll("manyHistories") Histories histories) throws Exception {
    keepsTheSame(histories, ZoneId.of("America/Los_Angeles"));
  }

  /** It takes each snapshot by the offset in its own time, wherever it runs itself. */
  @Property(tries = 1, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
  void periodsAreThoseOfTheMachineThatMadeTheSnapshots(@ForAll("manyHistories") Histories histories)
      throws Exception {
    ZoneId written = ZoneId.of("Australia/Lord_Howe");
    DatedRepository repository = store(histories, written);
    StockForget restic = StockForget.at(repository(), DatedRepository.PASSWORD);
    Map<String, List<Snapshot>> stored = stored(repository, restic);
    ZoneId elsewhere = ZoneId.of("America/Los_Angeles");
    compare(restic, elsewhere, new Choice("--keep-hourly 30", hourly(30, written)), stored);
    compare(restic, elsewhere, new Choice("--keep-daily 9", daily(9, written)), stored);
  }

  /** Hours that clocks skip or show twice, and days that months don't have. */
  @Example
  void agesEndAtTheSameTimeWhereNoClockShowsIt() throws Exception {
    agesEndAtTheSameTime(ZoneId.of("Europe/Berlin"));
    agesEndAtTheSameTime(ZoneId.of("America/Los_Angeles"));
    agesEndAtTheSameTime(ZoneId.of("Australia/Lord_Howe"));
  }

  private void agesEndAtTheSameTime(ZoneId zone) throws Exception {
    Path place = directory.resolve(zone.getId().replace('/', '-'));
    DatedRepository repository = DatedRepository.create(place, zone);
    int host = 0;
    List<Instant> changes = new ArrayList<>();
    Instant change = Instant.parse("2024-03-01T00:00:00Z");
    for (int i = 0; i < 4; i++) {
      change = zone.getRules().nextTransition(change).getInstant();
      changes.add(change);
      changes.add(change.plus(Duration.ofDays(1)));
    }
    changes.add(Instant.parse("2024-03-31T12:00:00Z"));
    for (Instant newest : changes) {
      for (int minutes = -120; minutes <= 120; minutes += 30) {
        Instant last = newest.plus(Duration.ofMinutes(minutes));
        repository.add("host-" + host, last, Set.of());
        for (int earlier = 22 * 60; earlier <= 26 * 60; earlier += 30) {
          repository.add("host-" + host, last.minus(Duration.ofMinutes(earlier)), Set.of());
          repository.add(
              "host-" + host,
              last.minus(Duration.ofDays(28)).minus(Duration.ofMinutes(earlier)),
              Set.of());
        }
        host++;
      }
    }
    StockForget restic = StockForget.at(place, DatedRepository.PASSWORD);
    Map<String, List<Snapshot>> stored = stored(repository, restic);
    compare(restic, zone, new Choice("--keep-within 1d", within(Period.ofDays(1), zone)), stored);
    compare(restic, zone, new Choice("--keep-within 1m", within(Period.ofMonths(1), zone)), stored);
    compare(restic, zone, new Choice("--keep-within 24h", hours(24, zone)), stored);
  }

  /**
   * What {@code within(hours)} keeps, but for one thing that its Javadoc tells: where clocks show
   * the hour of the newest snapshot twice, restic may count back from the other time they do.
   */
  private static RetentionPolicy hours(int hours, ZoneId zone) {
    return (snapshots, now) -> {
      Instant newest =
          snapshots.stream()
              .map(Snapshot::time)
              .filter(time -> time.isBefore(now))
              .findFirst()
              .orElse(now);
      Duration later = Duration.between(newest, readOffClock(newest, zone));
      return within(Duration.ofHours(hours).minus(later)).decide(snapshots, now);
    };
  }

  /** The time that Go takes for what clocks show at a time. */
  private static Instant readOffClock(Instant time, ZoneId zone) {
    LocalDateTime shown = LocalDateTime.ofInstant(time, zone);
    ZoneOffset guess = zone.getRules().getOffset(shown.toInstant(ZoneOffset.UTC));
    return shown.toInstant(zone.getRules().getOffset(shown.toInstant(guess)));
  }

  private void keepsTheSame(Histories histories, ZoneId zone) throws Exception {
    DatedRepository repository = store(histories, zone);
    StockForget restic = StockForget.at(repository(), DatedRepository.PASSWORD);
    Map<String, List<Snapshot>> stored = stored(repository, restic);
    for (Choice each : choices(zone)) {
      compare(restic, zone, each, stored);
    }
  }

  private static List<Choice> choices(ZoneId zone) {
    return List.of(
        new Choice("--keep-last 1", last(1)),
        new Choice("--keep-last 7", last(7)),
        new Choice("--keep-hourly 24", hourly(24, zone)),
        new Choice("--keep-daily 1", daily(1, zone)),
        new Choice("--keep-daily 7", daily(7, zone)),
        new Choice("--keep-weekly 4", weekly(4, zone)),
        new Choice("--keep-monthly 6", monthly(6, zone)),
        new Choice("--keep-yearly 3", yearly(3, zone)),
        new Choice("--keep-within 36h", hours(36, zone)),
        new Choice("--keep-within 1d", within(Period.ofDays(1), zone)),
        new Choice("--keep-within 2y1m3d", within(Period.of(2, 1, 3), zone)),
        new Choice("--keep-tag keep", Set.of("keep"), tagged("keep")),
        new Choice("--keep-tag keep,audit", Set.of("keep", "audit"), tagged("keep", "audit")),
        new Choice("--keep-daily 7 --keep-weekly 4 --keep-monthly 12", gfs(7, 4, 12, zone)),
        new Choice(
            "--keep-last 2 --keep-hourly 5 --keep-daily 3 --keep-weekly 2 --keep-monthly 2"
                + " --keep-yearly 2 --keep-within 7d --keep-tag keep --keep-tag audit",
            any(
                last(2),
                hourly(5, zone),
                gfs(3, 2, 2, zone),
                yearly(2, zone),
                within(Period.ofDays(7), zone),
                tagged("keep"),
                tagged("audit"))),
        new Choice(
            "--keep-daily 30 --keep-within 1m",
            any(daily(30, zone), within(Period.ofMonths(1), zone))));
  }

  private DatedRepository store(Histories histories, ZoneId zone) throws Exception {
    DatedRepository repository = DatedRepository.create(repository(), zone);
    for (int i = 0; i < histories.all().size(); i++) {
      for (Snapshot each : histories.all().get(i)) {
        repository.add("host-" + i, each.time(), each.tags());
      }
    }
    return repository;
  }

  private Path repository() {
    return directory.resolve("repository");
  }

  /** The histories by host, newest first, those of the very same time as restic lists them. */
  private static Map<String, List<Snapshot>> stored(DatedRepository repository, StockForget restic)
      throws Exception {
    Map<String, Integer> place = new HashMap<>();
    restic.listed().forEach(id -> place.put(id, place.size()));
    List<Snapshot> all = new ArrayList<>(repository.list());
    all.sort(
        Comparator.comparing(Snapshot::time)
            .reversed()
            .thenComparing(each -> place.get(each.id().hex())));
    return all.stream()
        .collect(Collectors.groupingBy(Snapshot::environment, TreeMap::new, Collectors.toList()));
  }

  private static void compare(
      StockForget restic, ZoneId zone, Choice choice, Map<String, List<Snapshot>> stored)
      throws Exception {
    Map<String, List<Snapshot>> asked = new TreeMap<>(stored);
    asked.values().removeIf(history -> !choice.asks(history));
    List<String> arguments = new ArrayList<>(List.of(choice.arguments().split(" ")));
    asked.keySet().forEach(host -> arguments.add("--host=" + host));
    Map<String, StockForget.Answer> answers = restic.forget(zone, arguments);
    Instant now = Instant.now();
    assertEquals(asked.keySet(), answers.keySet());
    asked.forEach(
        (host, history) ->
            compare(choice, choice.policy().decide(history, now), answers.get(host)));
  }

  private static void compare(Choice choice, List<Decision> ours, StockForget.Answer theirs) {
    assertEquals(ours.size(), theirs.kept().size() + theirs.removed().size());
    StringBuilder table = new StringBuilder();
    boolean same = true;
    for (Decision each : ours) {
      int reasons = theirs.kept().getOrDefault(each.snapshot().id().hex(), 0);
      boolean agrees = each.keep() == (reasons > 0) && each.reasons().size() == reasons;
      same &= agrees;
      table
          .append(agrees ? "\n   " : "\n!! ")
          .append(each.snapshot().time())
          .append(" ours ")
          .append(each.reasons())
          .append(", restic's reasons: ")
          .append(reasons);
    }
    if (!same) {
      fail(choice.arguments() + " differs:" + table);
    }
  }
}
