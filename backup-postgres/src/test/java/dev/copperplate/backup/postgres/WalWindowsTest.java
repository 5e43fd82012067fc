package dev.copperplate.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.ObjectInfo;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.repository.BackupOptions;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.repository.RetentionPlan;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.retention.RetentionPolicies;
import dev.copperplate.backup.testkit.MemoryTarget;
import dev.copperplate.backup.testkit.RetainingTarget;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** An hour of commits ends with one that is retained. */
class WalWindowsTest extends ArchiverFixture {

  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());

  private PostgresWalArchiver hourly(EmbeddedPostgres server) {
    return archiver(server).clock(now::get);
  }

  private String fact(Snapshot snapshot, String key) throws Exception {
    try (SnapshotReader reader = repository.open(snapshot)) {
      return reader.manifest().get(key).orElseThrow();
    }
  }

  private void pass(Duration time) {
    now.updateAndGet(each -> each.plus(time));
  }

  /** Ends a window; which commit that was. */
  private Snapshot closed(RunningArchiver archiver) throws Exception {
    int before = archiver.commits().size();
    pass(Duration.ofHours(1));
    archiver.awaitCommits(before + 1);
    Snapshot last = archiver.commits().get(before);
    return fact(last, "window").equals("closed") ? last : archiver.commits().get(before + 1);
  }

  @Test
  void theLastCommitOfAWindowIsFollowedByANewWindowThatHoldsOnlyWhatCame() throws Exception {
    try (EmbeddedPostgres server = server(17).start();
        RunningArchiver archiver = RunningArchiver.start(hourly(server))) {
      archiver.awaitDurable(write(server));
      Snapshot hour = closed(archiver);
      assertEquals("closed", fact(hour, "window"));
      archiver.awaitDurable(write(server));
      archiver.end();

      Snapshot next = archiver.commits().get(archiver.commits().indexOf(hour) + 1);
      assertEquals(Optional.empty(), next.replaces());
      assertEquals("open", fact(next, "window"));
      assertNotEquals(fact(hour, "window-began"), fact(next, "window-began"));
      Lsn begin = Lsn.parse(fact(next, "start-lsn"));
      Lsn end = Lsn.parse(fact(hour, "end-lsn"));
      assertTrue(!end.isBefore(begin) && end.minus(begin) <= 1 << 20, begin + " after " + end);
      ArchivedWal.of(repository, "orders")
          .assertHolds(1, begin, archiver.durable(), server.data().resolve("pg_wal"));
    }
  }

  @Test
  void theWindowOfAnArchiverThatEndedIsGoneOnWith() throws Exception {
    try (EmbeddedPostgres server = server(17).start()) {
      String began;
      try (RunningArchiver first = RunningArchiver.start(hourly(server))) {
        first.awaitDurable(write(server));
        began = fact(first.commits().get(0), "window-began");
      }
      pass(Duration.ofHours(5));
      try (RunningArchiver second = RunningArchiver.start(hourly(server))) {
        second.awaitCommits(1);
        Snapshot late = second.commits().get(0);
        assertEquals("closed", fact(late, "window"));
        assertEquals(began, fact(late, "window-began"));
        assertTrue(late.replaces().isPresent());
      }
    }
  }

  @Test
  void thePolicyThatLetsReplacedOnesGoKeepsTheLastOfEachWindow() throws Exception {
    try (EmbeddedPostgres server = server(17).start();
        RunningArchiver archiver = RunningArchiver.start(hourly(server))) {
      archiver.awaitDurable(write(server));
      archiver.awaitDurable(write(server));
      Snapshot first = closed(archiver);
      archiver.awaitDurable(write(server));
      archiver.awaitDurable(write(server));
      Snapshot second = closed(archiver);
      archiver.end();
      Snapshot last = archiver.commits().get(archiver.commits().size() - 1);

      RetentionPlan plan = repository.plan(RetentionPolicies.unreplaced());
      assertEquals(List.of(), plan.questions());
      repository.expire(plan);

      List<Snapshot> left = ArchivedWal.snapshots(repository, "orders");
      assertTrue(left.containsAll(List.of(first, second, last)), left::toString);
      assertTrue(left.size() <= 3, left::toString);
      ArchivedWal wal = ArchivedWal.of(repository, "orders");
      wal.assertHolds(
          1,
          Lsn.parse(fact(first, "start-lsn")),
          archiver.durable(),
          server.data().resolve("pg_wal"));
    }
  }

  @Test
  void onlyTheLastCommitOfAWindowIsRetained() throws Exception {
    RetainingTarget target = RetainingTarget.over(new MemoryTarget(), now::get);
    try (EmbeddedPostgres server = server(17).start();
        BackupRepository retained =
            TestRepositories.createWithoutRivals(
                target, RepositoryOptions.DEFAULT.scratch(folder).clock(now::get))) {
      PostgresWalArchiver archiver =
          PostgresWalArchiver.of("orders", server.asBackup(), retained)
              .interval(Duration.ofMillis(200))
              .clock(now::get)
              .options(BackupOptions.DEFAULT.retainFor(Duration.ofDays(30)));
      try (RunningArchiver running = RunningArchiver.start(archiver)) {
        running.awaitDurable(write(server));
        running.awaitDurable(write(server));
        assertEquals(Set.of(), retained(target));
        int before = running.commits().size();
        pass(Duration.ofHours(1));
        running.awaitCommits(before + 1);
        running.end();
        String closed = running.commits().get(before).id().hex();
        assertEquals(Set.of("snapshots/" + closed), retained(target));
      }
    }
  }

  private static Set<String> retained(RetainingTarget target) throws Exception {
    Set<String> keys = new TreeSet<>();
    try (Cursor<ObjectInfo> all = target.list("snapshots/")) {
      for (ObjectInfo each = all.next(); each != null; each = all.next()) {
        if (each.retainedUntil().isPresent()) {
          keys.add(each.key().value());
        }
      }
    }
    return keys;
  }
}
