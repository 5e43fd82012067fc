package dev.copperplate.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.Decision;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.postgres.wal.TimelineHistory;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * Any life of a server, with failovers and with returns to earlier points, against a model that
 * looks at each byte of the WAL.
 */
class PostgresWalRetentionProperties {

  private static final Instant BEGIN = Instant.parse("2026-03-01T00:00:00Z");

  /** The server as it was, and what was stored of it. */
  private static final class Life {

    private final Random random;
    private final SyntheticSnapshots stored = new SyntheticSnapshots();
    private final Map<Integer, TimelineHistory> ways = new HashMap<>();
    private final List<Base> bases = new ArrayList<>();
    private final List<Commit> commits = new ArrayList<>();
    private Instant now = BEGIN;
    private int timeline = 1;
    private int highest = 1;
    private long position = 1;
    private long archived = 1;

    private record Base(Snapshot snapshot, int timeline, long start, long end) {}

    private record Commit(Snapshot snapshot, int timeline, long from, long to) {}

    Life(long seed, boolean promotions) {
      random = new Random(seed);
      ways.put(1, TimelineHistory.without(1));
      int events = 5 + random.nextInt(40);
      for (int i = 0; i < events; i++) {
        now = now.plusSeconds(7200 + random.nextInt(100_000));
        switch (random.nextInt(promotions ? 10 : 7)) {
          case 0, 1 -> base();
          case 7 -> promote(position);
          case 8, 9 -> putBack();
          default -> commit();
        }
      }
    }

    private void commit() {
      position += 1 + random.nextInt(20);
      Snapshot commit =
          stored.wal(now, timeline, position, Optional.empty(), Optional.of(ways.get(timeline)));
      commits.add(new Commit(commit, timeline, archived, position));
      archived = position;
    }

    private void base() {
      long start = position + random.nextInt(3);
      long end = start + 1 + random.nextInt(3);
      bases.add(new Base(stored.base(now, timeline, start, end), timeline, start, end));
      position = end;
      now = now.plusSeconds(3600);
    }

    private void promote(long at) {
      commit();
      List<TimelineHistory.Ancestor> ancestors = new ArrayList<>();
      for (TimelineHistory.Ancestor each : ways.get(timeline).ancestors()) {
        if (each.end().isBefore(new Lsn(at))) {
          ancestors.add(each);
        }
      }
      int left = ways.get(timeline).timelineAt(new Lsn(at - 1));
      ancestors.removeIf(each -> each.timeline() >= left);
      ancestors.add(new TimelineHistory.Ancestor(left, new Lsn(at), ""));
      timeline = ++highest;
      ways.put(timeline, new TimelineHistory(timeline, ancestors));
      position = at;
      archived = at;
    }

    private void putBack() {
      promote(2 + random.nextInt((int) position));
    }

    /** Whether a server can be brought to the end of a commit, by each byte. */
    boolean isRecoverable(Commit point, Set<Snapshot> left) {
      return bases.stream().anyMatch(each -> leads(each, point, left));
    }

    private boolean leads(Base base, Commit point, Set<Snapshot> left) {
      TimelineHistory way = ways.get(point.timeline());
      for (long at = 0; at < base.end(); at++) {
        // The base itself lies on the way, as far as its own timeline had come.
        if (way.timelineAt(new Lsn(at)) != ways.get(base.timeline()).timelineAt(new Lsn(at))) {
          return false;
        }
      }
      for (long at = base.end(); at < point.to(); at++) {
        if (!isThere(way.timelineAt(new Lsn(at)), at, left)) {
          return false;
        }
      }
      return base.end() <= point.to();
    }

    private boolean isThere(int on, long at, Set<Snapshot> left) {
      return commits.stream()
          .anyMatch(
              each ->
                  each.timeline() == on
                      && each.from() <= at
                      && at < each.to()
                      && left.contains(each.snapshot()));
    }

    Set<Snapshot> left(PostgresWalRetention retention) {
      Set<Snapshot> left = new HashSet<>();
      try {
        for (Decision each : retention.policy(stored, now).decide(stored.wal(), now)) {
          if (each.keep()) {
            left.add(each.snapshot());
          }
        }
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
      return left;
    }
  }

  private static PostgresWalRetention window(int hours) {
    return PostgresWalRetention.of(SyntheticSnapshots.NAME).recoveryWindow(Duration.ofHours(hours));
  }

  @Property(tries = 500)
  void everyPointOfTheWindowThatCouldBeReachedStillCan(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 600) int hours) {
    Life life = new Life(seed, true);
    Set<Snapshot> all = Set.copyOf(life.stored.wal());
    Set<Snapshot> left = life.left(window(hours));
    Instant end = all.stream().map(Snapshot::time).max(Instant::compareTo).orElse(life.now);
    for (Life.Commit each : life.commits) {
      boolean inWindow = !each.snapshot().time().isBefore(end.minus(Duration.ofHours(hours)));
      if (inWindow && life.isRecoverable(each, all)) {
        assertTrue(life.isRecoverable(each, left), () -> each + " of " + life.commits);
      }
    }
  }

  @Property(tries = 300)
  void withoutAWindowEveryPointThatCouldBeReachedStillCan(@ForAll long seed) {
    Life life = new Life(seed, true);
    Set<Snapshot> all = Set.copyOf(life.stored.wal());
    Set<Snapshot> left = life.left(PostgresWalRetention.of(SyntheticSnapshots.NAME));
    for (Life.Commit each : life.commits) {
      assertEquals(life.isRecoverable(each, all), life.isRecoverable(each, left), each::toString);
    }
  }

  @Property(tries = 300)
  void onOneTimelineExactlyWhatEndsBeforeTheBaseGoes(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 600) int hours) {
    Life life = new Life(seed, false);
    List<Snapshot> wal = life.stored.wal();
    Instant begin = (wal.isEmpty() ? life.now : wal.get(0).time()).minus(Duration.ofHours(hours));
    long start = life.bases.isEmpty() ? 0 : life.bases.get(0).start();
    for (Life.Base each : life.bases) {
      if (each.snapshot().time().plusSeconds(3600).isBefore(begin)) {
        start = each.start();
      }
    }
    Set<Snapshot> expected = new HashSet<>();
    for (Life.Commit each : life.commits) {
      if (each.to() > start) {
        expected.add(each.snapshot());
      }
    }
    assertEquals(expected, life.left(window(hours)));
  }

  @Property(tries = 300)
  void theNextPlanThinsOutNothingMore(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 600) int hours) {
    Life life = new Life(seed, true);
    Set<Snapshot> left = life.left(window(hours));
    life.stored.remove(life.stored.wal().stream().filter(each -> !left.contains(each)).toList());
    assertEquals(left, life.left(window(hours)));
  }
}
