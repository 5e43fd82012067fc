package dev.copperplate.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.testkit.MemoryTarget;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecoverableWindowsTest {

  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  private static final int COMMITS = Integer.getInteger("windows.commits", 150);

  @TempDir private Path folder;
  private Instant now = NOON;
  private BackupRepository repository;

  @BeforeEach
  void create() throws IOException {
    repository =
        TestRepositories.createWithoutRivals(
            new MemoryTarget(() -> now), RepositoryOptions.DEFAULT.clock(() -> now));
  }

  @AfterEach
  void close() throws IOException {
    repository.close();
  }

  @Test
  void aBaseAloneIsAPoint() throws Exception {
    Snapshot base = base(0, "0/100028", "0/100100");
    assertEquals(List.of(window(1, 0, 0, "0/100100", "0/100100", base)), windows());
  }

  @Test
  void walThatFollowsWithoutAGapOpensTheWindow() throws Exception {
    Snapshot base = base(0, "0/100028", "0/100100");
    wal(5, SyntheticSource.wal(1, "0/200800").segments(1, 1, 1).partial(1, 2, 2048));
    wal(6, SyntheticSource.wal(1, "0/300010").segments(1, 2, 2).partial(1, 3, 16));
    // Where nobody noted when the base ended, the first commit behind its end says so.
    assertEquals(List.of(window(1, 5, 6, "0/100100", "0/300010", base)), windows());
    assertEquals(List.of(), found().gaps());
  }

  @Test
  void theEndThatABaseNotedIsTheBeginning() throws Exception {
    Snapshot base =
        take(
            0,
            SyntheticSource.base(1, "0/100028", "0/100100")
                .fact("end-time", NOON.plusSeconds(90).toString()));
    wal(5, SyntheticSource.wal(1, "0/200000").segments(1, 1, 1));
    RecoverableWindow window = windows().get(0);
    assertEquals(NOON.plusSeconds(90), window.from());
    assertEquals(List.of(base), window.bases());
  }

  @Test
  void aSecondBaseInAWindowIsOneMoreToBeginWith() throws Exception {
    Snapshot first = base(0, "0/100028", "0/100100");
    wal(5, SyntheticSource.wal(1, "0/300000").segments(1, 1, 2));
    Snapshot second = base(6, "0/300028", "0/300100");
    wal(9, SyntheticSource.wal(1, "0/500000").segments(1, 3, 4));
    assertEquals(List.of(window(1, 5, 9, "0/100100", "0/500000", first, second)), windows());
  }

  @Test
  void aMissingSegmentClosesTheWindowUntilTheNextBase() throws Exception {
    Snapshot first = base(0, "0/100028", "0/100100");
    wal(5, SyntheticSource.wal(1, "0/300000").segments(1, 1, 2));
    wal(6, SyntheticSource.wal(1, "0/500000").segments(1, 4, 4));
    Snapshot second = base(7, "0/500028", "0/500100");
    wal(9, SyntheticSource.wal(1, "0/600000").segments(1, 5, 5));
    assertEquals(
        List.of(
            window(1, 5, 5, "0/100100", "0/300000", first),
            window(1, 9, 9, "0/500100", "0/600000", second)),
        windows());
    Lsn from = Lsn.parse("0/300000");
    Lsn to = Lsn.parse("0/400000");
    assertEquals(List.of(new WalGap(SyntheticSource.SYSTEM, 1, from, to)), found().gaps());
  }

  @Test
  void aTimelineThatWasLeftIsAWindowOfItsOwnOnlyWhereItWentOn() throws Exception {
    Snapshot base = base(0, "0/100028", "0/100100");
    wal(1, SyntheticSource.wal(1, "0/280000").segments(1, 1, 1).partial(1, 2, 0x80000));
    wal(
        3,
        SyntheticSource.wal(2, "0/400000")
            .file("00000002.history", "1\t0/280000\tpromoted\n")
            .segments(2, 2, 3));
    assertEquals(List.of(window(2, 1, 3, "0/100100", "0/400000", base)), windows());
    wal(4, SyntheticSource.wal(1, "0/290000").partial(1, 2, 0x90000));
    assertEquals(
        List.of(
            window(1, 1, 4, "0/100100", "0/290000", base),
            window(2, 1, 3, "0/100100", "0/400000", base)),
        windows());
  }

  @Test
  void aTimelineThatLeftBeforeTheBaseEndedDoesNotHoldIt() throws Exception {
    Snapshot base = base(0, "0/200028", "0/200100");
    wal(
        3,
        SyntheticSource.wal(2, "0/300000")
            .file("00000002.history", "1\t0/180000\tpromoted\n")
            .segments(2, 1, 2));
    assertEquals(List.of(window(1, 0, 0, "0/200100", "0/200100", base)), windows());
  }

  @Test
  void clustersOfOneNameAreKeptApart() throws Exception {
    base(0, "0/100028", "0/100100");
    take(1, SyntheticSource.base(1, "0/100028", "0/100100").fact("identity", "42"));
    wal(2, SyntheticSource.wal(1, "0/200000").segments(1, 1, 1).fact("identity", "42"));
    List<RecoverableWindow> windows = windows();
    assertEquals(2, windows.size());
    for (RecoverableWindow each : windows) {
      String end = each.identity().equals("42") ? "0/200000" : "0/100100";
      assertEquals(Lsn.parse(end), each.toLsn());
    }
  }

  @Test
  void aTimeBetweenTwoWindowsIsRefusedAndBothAreNamed() throws Exception {
    Snapshot first = base(0, "0/100028", "0/100100");
    wal(5, SyntheticSource.wal(1, "0/300000").segments(1, 1, 2));
    Snapshot second = base(7, "0/500028", "0/500100");
    wal(9, SyntheticSource.wal(1, "0/600000").segments(1, 5, 5));
    RecoveryTarget between = RecoveryTarget.time(minute(6));
    PostgresRestorer restorer = PostgresRestorer.to(folder.resolve("data")).target(between);
    BackupException refused =
        assertThrows(BackupException.class, () -> repository.restore(first, restorer));
    assertEquals(BackupException.Kind.NOT_FOUND, refused.kind());
    for (String told :
        List.of(
            "ends at " + minute(5),
            minute(5) + " to " + minute(5),
            minute(9) + " to " + minute(9),
            first.run().value(),
            second.run().value())) {
      assertTrue(refused.getMessage().contains(told), told + " in " + refused.getMessage());
    }
  }

  @Test
  void basesFromBeforeTheOldestWalThatIsLeftArePointsAndNoGaps() throws Exception {
    Snapshot first = ended(0, "0/100028", "0/100100");
    Snapshot second = ended(1, "0/200028", "0/200100");
    Snapshot third = ended(2, "0/300028", "0/300100");
    wal(3, SyntheticSource.wal(1, "0/500000").segments(1, 3, 4));
    assertEquals(
        List.of(
            window(1, 0, 0, "0/100100", "0/100100", first),
            window(1, 1, 1, "0/200100", "0/200100", second),
            window(1, 2, 3, "0/300100", "0/500000", third)),
        windows());
    assertEquals(List.of(), found().gaps());
  }

  /** Hours of minutes: only what the last of each hour does not say is looked for elsewhere. */
  @Test
  void onlyTheLastCommitOfEachHourIsOpenedAndSaysAsMuchAsAll() throws Exception {
    assertEquals(minute(0), ended(0, "0/100028", "0/100100").time());
    Snapshot last = null;
    for (int i = 0; i < COMMITS; i++) {
      int segment = 1 + i / 60;
      int length = 512 * (1 + i % 60);
      boolean hourOver = i % 60 == 59;
      long end = hourOver ? segment + 1L << 20 : (segment << 20) + length;
      SyntheticSource commit = SyntheticSource.wal(1, new Lsn(end).toString());
      commit.fact("start-timeline", "1");
      if (hourOver) {
        commit.segments(1, segment, segment);
      } else {
        commit.partial(1, segment, length);
      }
      last = take(1 + i, i % 60 == 0 ? commit : commit.replacing(last));
    }
    CountedSnapshots heads = new CountedSnapshots(repository, true);
    CountedSnapshots all = new CountedSnapshots(repository, false);
    assertEquals(RecoverableWindows.of(all, "shop"), RecoverableWindows.of(heads, "shop"));
    assertEquals(1 + COMMITS, all.opened());
    assertEquals(1 + (COMMITS + 59) / 60, heads.opened());
  }

  // ---- what the tests do

  private Snapshot base(int minute, String start, String end) throws Exception {
    return take(minute, SyntheticSource.base(1, start, end));
  }

  /** A base that noted when it had ended. */
  private Snapshot ended(int minute, String start, String end) throws Exception {
    return take(
        minute, SyntheticSource.base(1, start, end).fact("end-time", minute(minute).toString()));
  }

  private void wal(int minute, SyntheticSource commit) throws Exception {
    Snapshot ignored = take(minute, commit);
    assertEquals(minute(minute), ignored.time());
  }

  private Snapshot take(int minute, SyntheticSource source) throws Exception {
    now = minute(minute);
    return repository.backup(source).snapshot();
  }

  private static Instant minute(int minute) {
    return NOON.plus(Duration.ofMinutes(minute));
  }

  private RecoverableWindows found() throws IOException {
    RecoverableWindows found = RecoverableWindows.of(repository, "shop");
    assertEquals(List.of(), found.findings());
    return found;
  }

  private List<RecoverableWindow> windows() throws IOException {
    return found().windows();
  }

  private static RecoverableWindow window(
      int timeline, int from, int to, String fromLsn, String toLsn, Snapshot... bases) {
    return new RecoverableWindow(
        SyntheticSource.SYSTEM,
        timeline,
        minute(from),
        minute(to),
        Lsn.parse(fromLsn),
        Lsn.parse(toLsn),
        List.of(bases));
  }
}
