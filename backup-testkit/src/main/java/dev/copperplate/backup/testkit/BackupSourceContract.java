package dev.copperplate.backup.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupSource;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.RestorePlan;
import dev.copperplate.backup.RestoreReport;
import dev.copperplate.backup.Restorer;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.SourceId;
import dev.copperplate.backup.repository.BackupReport;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.Passwords;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.verify.Verifiers;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link BackupSource} and the {@link Restorer} that belongs to it promise together,
 * shown with the real engine on a target in memory.
 *
 * <p>A plug-in's test extends this and supplies a small live system, a way to change it, and a
 * scratch system to restore to.
 */
public abstract class BackupSourceContract {

  private static final String PASSWORD = "source";
  private static final long PATIENCE_SECONDS = 60;

  private final MemoryTarget target = new MemoryTarget();
  private BackupRepository repository;

  /**
   * The source under test, on a live system that holds something. The same system at every call.
   */
  protected abstract BackupSource source() throws Exception;

  /** Changes, adds and removes something in the live system. */
  protected abstract void changeSystem() throws Exception;

  /** A restorer to the scratch system, which is empty. */
  protected abstract Restorer restorer() throws Exception;

  /** Whether the scratch system is as if nothing had ever been restored to it. */
  protected abstract boolean isScratchUntouched() throws Exception;

  /** Fails unless the scratch system equals the live one, as far as backups carry it. */
  protected abstract void assertScratchEqualsSystem() throws Exception;

  @BeforeEach
  void createRepository() throws Exception {
    repository =
        BackupRepository.create(
            target, Passwords.of(PASSWORD::toCharArray), RepositoryOptions.DEFAULT);
  }

  @AfterEach
  void closeRepository() throws Exception {
    repository.close();
  }

  @Test
  void whatIsRestoredEqualsTheSystem() throws Exception {
    RestoreReport report = repository.restore(backup().snapshot(), restorer());
    assertScratchEqualsSystem();
    assertTrue(report.complete(), () -> "findings: " + report.findings());
  }

  @Test
  void anUndisturbedCaptureIsCompleteAndProvesItself() throws Exception {
    Snapshot snapshot = backup().snapshot();
    assertEquals(SnapshotState.COMPLETE, snapshot.state());
    assertTrue(
        repository
            .verify(snapshot, Verifiers.all(Verifiers.structure(), Verifiers.checksums()))
            .passed());
  }

  @Test
  void allCapturesOfASystemBelongToOneSource() throws Exception {
    SourceId before = source().id();
    backup();
    changeSystem();
    backup();
    assertEquals(before, source().id());
    assertEquals(2, repository.list(SnapshotFilter.of(before)).size());
  }

  @Test
  void whatHasNotChangedIsNotStoredAgain() throws Exception {
    backup();
    BackupReport again = backup();
    assertEquals(0, again.filesNew(), "new files");
    assertEquals(0, again.dataBlobs() - ownBlobs(again), "new pieces of files");
  }

  @Test
  void aChangedSystemGivesAnotherSnapshotAndLeavesTheFirstAsItWas() throws Exception {
    Snapshot first = backup().snapshot();
    changeSystem();
    Snapshot second = backup().snapshot();
    assertNotEquals(first.content(), second.content());
    assertTrue(repository.verify(first, Verifiers.checksums()).passed());
    repository.restore(second, restorer());
    assertScratchEqualsSystem();
  }

  @Test
  void anInstructionToRestoreWithoutUsIsInTheSnapshotOfASystem() throws Exception {
    Snapshot snapshot = backup().snapshot();
    boolean files = snapshot.source().type().equals(SourceId.FILES);
    try (SnapshotReader reader = repository.open(snapshot)) {
      assertEquals(!files, reader.entry(EntryPath.of(".backup/RESTORE.md")).isPresent());
      assertEquals(!files, reader.entry(EntryPath.of(".backup")).isPresent());
    }
  }

  @Test
  void aPlanTouchesNothingAndSaysWhatTheRestoreThenDoes() throws Exception {
    Snapshot snapshot = backup().snapshot();
    RestorePlan plan = repository.planRestore(snapshot, restorer());
    assertTrue(isScratchUntouched(), "a plan changed the scratch system");
    assertEquals(plan, repository.restore(snapshot, restorer()).plan());
    assertEquals(List.of(), plan.destroys(), "nothing exists that could be destroyed");
  }

  @Test
  void aLostPackNeverLooksLikeAFullRestore() throws Exception {
    Snapshot snapshot = backup().snapshot();
    target.delete(target.keys("data/"));
    boolean said;
    try {
      said = !repository.restore(snapshot, restorer()).complete();
    } catch (IOException failure) {
      said = true;
    }
    assertTrue(said, "a restore without data was reported as complete");
  }

  @Test
  void twoCapturesAtOnceDoNotDisturbEachOther() throws Exception {
    ExecutorService both = Executors.newFixedThreadPool(2);
    try {
      Callable<BackupReport> capture = this::backup;
      List<Future<BackupReport>> reports = both.invokeAll(List.of(capture, capture));
      for (Future<BackupReport> each : reports) {
        Snapshot snapshot = each.get(PATIENCE_SECONDS, TimeUnit.SECONDS).snapshot();
        assertTrue(repository.verify(snapshot, Verifiers.checksums()).passed());
      }
    } finally {
      both.shutdownNow();
    }
  }

  @Test
  void anInterruptedCaptureLeavesNoSnapshotAndTheNextOneSucceeds() throws Exception {
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, this::backup);
    assertFalse(Thread.interrupted(), "the exception stands for the flag");
    assertEquals(List.of(), repository.list(SnapshotFilter.ALL));
    assertEquals(SnapshotState.COMPLETE, backup().snapshot().state());
  }

  private BackupReport backup() throws Exception {
    return repository.backup(source());
  }

  /** The manifest and the instruction tell of their own capture, so they may differ. */
  private static long ownBlobs(BackupReport report) {
    boolean files = report.snapshot().source().type().equals(SourceId.FILES);
    return files ? 0 : Math.min(2, report.dataBlobs());
  }
}
