package dev.copperplate.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.postgres.scratch.Trees;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.restic.Restic;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Fourteen daily bases and seven days of WAL take a fraction of what copies of them take. */
class FortnightTest {

  private static final Logger LOG = LoggerFactory.getLogger(FortnightTest.class);
  private static final int MEGABYTES = Integer.getInteger("fortnight.megabytes", 25);
  private static final int DAYS = 14;

  /**
   * The text compresses to less than half, and a day's incremental has the pages that five percent
   * of the rows touched instead of all: a third leaves room for databases that change in more
   * places.
   */
  private static final int SHARE = 3;

  private Path folder;

  @BeforeEach
  void create() throws Exception {
    folder = Clusters.folder();
  }

  @AfterEach
  void remove() throws Exception {
    Clusters.remove(folder);
  }

  @Test
  @Timeout(value = 30, unit = TimeUnit.MINUTES)
  void aFortnightTakesLessThanAThirdOfItsCopiesAndIsRecovered() throws Exception {
    long begun = System.nanoTime();
    Path directory = folder.resolve("repository");
    try (Fortnight fortnight = new Fortnight(directory, folder.resolve("scratch"), MEGABYTES)) {
      for (int day = 0; day < DAYS; day++) {
        fortnight.day();
      }
      fortnight.end();
      long copies = fortnight.copiedDirectories() + fortnight.copiedWal();
      long stored = fortnight.stored();
      LOG.info("{}", figures(fortnight, stored, System.nanoTime() - begun));
      assertTrue(stored * SHARE < copies, () -> stored + " bytes beside copies of " + copies);
      judge(directory);
      recover(fortnight);
      LOG.info("ended after {} s", seconds(System.nanoTime() - begun));
    }
  }

  private static String figures(Fortnight fortnight, long stored, long nanos) throws Exception {
    return String.format(
        Locale.ROOT,
        "%d MB of rows, %d days in %d s: %d MB stored; copies: %d MB of data directories and %d MB"
            + " of WAL; %d commits of WAL left; %s",
        MEGABYTES,
        DAYS,
        seconds(nanos),
        stored >> 20,
        fortnight.copiedDirectories() >> 20,
        fortnight.copiedWal() >> 20,
        ArchivedWal.snapshots(fortnight.repository(), "orders").size(),
        RecoverableWindows.of(fortnight.repository(), "orders").windows());
  }

  private static long seconds(long nanos) {
    return TimeUnit.NANOSECONDS.toSeconds(nanos);
  }

  private static void judge(Path directory) throws Exception {
    Restic.Result result =
        Restic.stock().at(directory, TestRepositories.PASSWORD).run("check", "--read-data");
    assertTrue(result.exitCode() == 0 && result.err().isEmpty(), result::toString);
  }

  private void recover(Fortnight fortnight) throws Exception {
    List<Snapshot> bases = fortnight.bases();
    List<RecoverableWindow> windows =
        RecoverableWindows.of(fortnight.repository(), "orders").windows();
    RecoverableWindow window = windows.get(windows.size() - 1);
    assertEquals(bases, windows.stream().flatMap(each -> each.bases().stream()).toList());
    // Each base of the first week is a point; recovery forward begins with the first of the second.
    assertEquals(DAYS / 2 + 1, windows.size());
    for (RecoverableWindow each : windows.subList(0, windows.size() - 1)) {
      assertEquals(each.fromLsn(), each.toLsn(), each::toString);
    }

    Snapshot oldest = bases.get(0);
    assertRows(fortnight, fortnight.rowsAtTheEndOf(oldest), oldest, RecoveryTarget.latest());
    Snapshot newest = bases.get(DAYS - 1);
    assertRows(fortnight, fortnight.last().rows(), newest, RecoveryTarget.latest());
    Fortnight.Point middle = fortnight.noonOf(10);
    RecoveryTarget there = RecoveryTarget.lsn(middle.lsn());
    assertRows(fortnight, middle.rows(), window.bases().get(0), there);
  }

  private void assertRows(Fortnight fortnight, String rows, Snapshot base, RecoveryTarget target)
      throws Exception {
    Path data = folder.resolve("restored");
    Path beside = folder.resolve("restored.wal");
    try {
      fortnight.repository().restore(base, PostgresRestorer.to(data).target(target));
      try (RestoredServer restored = RestoredServer.start(17, data, beside)) {
        assertEquals(
            List.of(rows), restored.sql("SELECT count(*) || ' ' || sum(customer) FROM orders"));
      }
    } finally {
      Trees.delete(data);
      Trees.delete(beside);
    }
  }
}
