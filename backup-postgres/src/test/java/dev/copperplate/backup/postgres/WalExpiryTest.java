package dev.copperplate.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.SourceId;
import dev.copperplate.backup.postgres.scratch.Trees;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.PruneOptions;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.repository.RetentionPlan;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.retention.RetentionPolicies;
import dev.copperplate.backup.testkit.MemoryTarget;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** WAL goes from a repository when the bases that it belongs to do, and not before. */
@Timeout(120)
class WalExpiryTest {

  private static final Duration DAY = Duration.ofDays(1);

  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
  private Path folder;
  private BackupRepository repository;

  @BeforeEach
  void create() throws Exception {
    folder = Clusters.folder();
    repository =
        TestRepositories.createWithoutRivals(
            new MemoryTarget(now::get), RepositoryOptions.DEFAULT.clock(now::get));
  }

  @AfterEach
  void remove() throws Exception {
    repository.close();
    Clusters.remove(folder);
  }

  @Test
  void aBaseThatIsHeldOrBuiltUponKeepsItsWalUntilItGoes() throws Exception {
    Snapshot first = take(SyntheticSource.base(1, "0/100028", "0/100100"));
    wal(SyntheticSource.wal(1, "0/300000").segments(1, 1, 2));
    Snapshot full = take(SyntheticSource.base(1, "0/300028", "0/300100"));
    wal(SyntheticSource.wal(1, "0/500000").segments(1, 3, 4));
    take(SyntheticSource.base(1, "0/500028", "0/500100").on(full, "0/300028"));
    wal(SyntheticSource.wal(1, "0/700000").segments(1, 5, 6));
    PostgresWalRetention all = PostgresWalRetention.of("shop");
    repository.hold(first, "the auditors are here");

    expireBases(1, "shop");
    assertEquals(0, expireWal(all));
    repository.release(first);
    expireBases(1, "shop");
    assertEquals(1, expireWal(all));
    assertEquals(0, expireWal(all));
    assertEquals(2, repository.list(all.filter()).size());
  }

  @Test
  void afterExpiryEachWindowIsRecoveredAndOldBasesAreRestoredToTheirEnd() throws Exception {
    try (EmbeddedPostgres server = EmbeddedPostgres.version(17).initdb("--wal-segsize=1").start();
        RunningArchiver archiver = RunningArchiver.start(archiver(server))) {
      server.sql("CREATE TABLE counted (value int, filler text)");
      archiver.awaitCommits(1);
      List<Snapshot> bases = new ArrayList<>();
      for (int day = 0; day < 4; day++) {
        insert(server, 2 * day);
        bases.add(
            repository.backup(PostgresPhysicalSource.of("orders", server.asBackup())).snapshot());
        archiver.awaitDurable(insert(server, 2 * day + 1));
        endWindow(server, archiver);
      }
      archiver.end();
      assertEquals(1, RecoverableWindows.of(repository, "orders").windows().size());

      PostgresWalRetention day = PostgresWalRetention.of("orders").recoveryWindow(DAY);
      assertTrue(expireWal(day) > 0);
      repository.prune(PruneOptions.DEFAULT);

      RecoverableWindows found = RecoverableWindows.of(repository, "orders");
      assertEquals(List.of(), found.findings());
      assertEquals(List.of(), found.gaps());
      List<RecoverableWindow> windows = found.windows();
      assertEquals(
          List.of(bases.subList(0, 1), bases.subList(1, 2), bases.subList(2, 4)),
          windows.stream().map(RecoverableWindow::bases).toList());
      assertEquals(windows.get(0).fromLsn(), windows.get(0).toLsn());
      assertEquals(windows.get(1).fromLsn(), windows.get(1).toLsn());
      assertEquals(archiver.durable(), windows.get(2).toLsn());
      assertEquals(numbers(1), recovered(bases.get(0)));
      assertEquals(numbers(3), recovered(bases.get(1)));
      assertEquals(numbers(8), recovered(bases.get(2)));
      assertEquals(numbers(8), recovered(bases.get(3)));
    }
  }

  // ---- what the tests do

  private PostgresWalArchiver archiver(EmbeddedPostgres server) {
    return PostgresWalArchiver.of("orders", server.asBackup(), repository)
        .interval(Duration.ofMillis(100))
        .clock(now::get)
        .spool(folder.resolve("spool"));
  }

  /** A day passes: the commit that comes then is the last of its window. */
  private void endWindow(EmbeddedPostgres server, RunningArchiver archiver) throws Exception {
    now.updateAndGet(each -> each.plus(DAY));
    Snapshot before = archiver.commits().get(archiver.commits().size() - 1);
    int count = archiver.commits().indexOf(before) + 1;
    server.sql("SELECT pg_logical_emit_message(false, 'test', 'a day is over')");
    archiver.awaitCommits(count + 1);
  }

  private static Lsn insert(EmbeddedPostgres server, int value) throws Exception {
    server.sql("INSERT INTO counted VALUES (" + value + ", repeat('x', 1000))");
    return server.lsn();
  }

  private Snapshot take(SyntheticSource source) throws Exception {
    now.updateAndGet(each -> each.plus(DAY));
    return repository.backup(source).snapshot();
  }

  private void wal(SyntheticSource commit) throws Exception {
    assertEquals("postgres-wal:shop", take(commit).source().toString());
  }

  private void expireBases(int last, String name) throws Exception {
    SnapshotFilter bases = SnapshotFilter.of(new SourceId(PostgresPhysicalSource.TYPE, name));
    repository.expire(repository.plan(bases, RetentionPolicies.last(last)));
  }

  /** How many commits went. */
  private int expireWal(PostgresWalRetention retention) throws Exception {
    RetentionPlan plan =
        repository.plan(retention.filter(), retention.policy(repository, now.get()));
    assertEquals(List.of(), plan.questions());
    repository.expire(plan);
    return plan.removed().size();
  }

  private List<String> recovered(Snapshot base) throws Exception {
    Path data = folder.resolve("restored");
    Path beside = folder.resolve("restored.wal");
    try {
      repository.restore(base, PostgresRestorer.to(data));
      try (RestoredServer restored = RestoredServer.start(17, data, beside)) {
        return restored.sql("SELECT value FROM counted ORDER BY value");
      }
    } finally {
      Trees.delete(data);
      Trees.delete(beside);
    }
  }

  private static List<String> numbers(int count) {
    List<String> numbers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      numbers.add(Integer.toString(i));
    }
    return numbers;
  }
}
