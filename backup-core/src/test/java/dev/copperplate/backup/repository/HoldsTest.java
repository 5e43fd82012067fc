package dev.copperplate.backup.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.RunId;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.records.HoldBody;
import dev.copperplate.backup.records.RecordKey;
import dev.copperplate.backup.records.RecordKind;
import dev.copperplate.backup.repository.storage.ObjectStore;
import dev.copperplate.backup.target.LocalTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who wants a snapshot kept, and who may end that. */
class HoldsTest {

  private static final ApprovalRule TWO = new ApprovalRule(Set.of("monthly"), 2, ZoneOffset.UTC);

  @TempDir Path directory;

  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private Snapshot snapshot;
  private StoredRecords records;

  @BeforeEach
  void backUp() throws Exception {
    try (BackupRepository repository = TestRepositories.create(directory)) {
      snapshot = repository.backup(new MapSource("one", Map.of())).snapshot();
    }
    records = StoredRecords.at(directory);
  }

  private RepositoryOptions options(ApprovalRule rule) {
    return RepositoryOptions.DEFAULT.clock(() -> now).approvals(rule);
  }

  private BackupRepository open(ApprovalRule rule) throws IOException {
    return BackupRepository.open(
        LocalTarget.at(directory), TestRepositories.PASSWORDS, options(rule));
  }

  /** As another process sees it. */
  private Map<RunId, List<String>> reasons() throws IOException {
    return holds(ApprovalRule.NONE).reasons();
  }

  private Holds holds(ApprovalRule rule) throws IOException {
    return new Holds(parts(), options(rule));
  }

  private OpenRepository parts() throws IOException {
    LocalTarget target = LocalTarget.at(directory);
    RepositoryKeys.Opened opened = new RepositoryKeys(target).open(TestRepositories.PASSWORDS);
    return OpenRepository.of(
        opened.config(), opened.polynomial(), new ObjectStore(target, opened.key()));
  }

  @Test
  void aSnapshotIsHeldUntilItIsReleased() throws Exception {
    try (BackupRepository repository = open(ApprovalRule.NONE)) {
      repository.hold(snapshot, "lawsuit 7");
      now = now.plusSeconds(1);
      repository.hold(snapshot, "audit");
      assertEquals(Map.of(snapshot.run(), List.of("lawsuit 7", "audit")), reasons());
      repository.release(snapshot);
      assertEquals(Map.of(), reasons());
      assertEquals(3, records.keys(RecordKind.HOLD).size(), "nothing is taken back");
      repository.release(snapshot);
      assertEquals(3, records.keys(RecordKind.HOLD).size(), "there is nothing to release");
      now = now.plusSeconds(1);
      repository.hold(snapshot, "again");
      assertEquals(Map.of(snapshot.run(), List.of("again")), reasons());
    }
  }

  @Test
  void anOldReleaseEndsNoLaterHoldWhoeverStoresItAgain() throws Exception {
    Holds holds = holds(ApprovalRule.NONE);
    holds.hold(snapshot, "first");
    now = now.plusSeconds(1);
    holds.release(snapshot, List.of());
    RecordKey release = records.keys(RecordKind.HOLD).get(1);
    now = now.plusSeconds(1);
    holds.hold(snapshot, "second");
    Map<RunId, List<String>> held = Map.of(snapshot.run(), List.of("second"));
    assertEquals(held, reasons());
    String replayed = records.store().read(release).body();
    records.store().write(RecordKind.HOLD, release.subject(), now.plusSeconds(9), replayed, null);
    assertEquals(held, reasons(), "sealed again by somebody with the key");
    RecordKey later = new RecordKey(RecordKind.HOLD, release.subject(), "20990101T000000.000Z-0");
    records.put(later, records.bytes(release));
    List<String> reasons = reasons().get(snapshot.run());
    assertTrue(reasons.contains("second"), reasons::toString);
  }

  @Test
  void holdsAndReleasesAtTheSameTimeLoseNoHoldThatCameAfter() throws Exception {
    Holds holds = holds(ApprovalRule.NONE);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      for (int round = 0; round < 10; round++) {
        CyclicBarrier start = new CyclicBarrier(4);
        List<Callable<Void>> work = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          boolean releases = i % 2 == 0;
          work.add(
              () -> {
                start.await(10, TimeUnit.SECONDS);
                if (releases) {
                  holds.release(snapshot, List.of());
                } else {
                  holds.hold(snapshot, "concurrent");
                }
                return null;
              });
        }
        for (Future<Void> each : threads.invokeAll(work, 30, TimeUnit.SECONDS)) {
          each.get();
        }
        assertHeldAreThoseThatNoReleaseNames(round);
        holds.hold(snapshot, "after " + round);
        assertTrue(reasons().get(snapshot.run()).contains("after " + round));
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private void assertHeldAreThoseThatNoReleaseNames(int round) throws IOException {
    List<RecordKey> keys = records.keys(RecordKind.HOLD);
    int held = 0;
    List<String> ended = new ArrayList<>();
    for (RecordKey key : keys) {
      HoldBody body = HoldBody.decode(records.store().read(key).utf8());
      ended.addAll(body.ends());
    }
    for (RecordKey key : keys) {
      HoldBody body = HoldBody.decode(records.store().read(key).utf8());
      held += body.reason().isPresent() && !ended.contains(key.name()) ? 1 : 0;
    }
    assertEquals(held, reasons().getOrDefault(snapshot.run(), List.of()).size(), "round " + round);
  }

  @Test
  void whoeverCanOnlyOverwriteObjectsEndsNoHold() throws Exception {
    Holds holds = holds(ApprovalRule.NONE);
    holds.hold(snapshot, "lawsuit");
    RecordKey hold = records.only(RecordKind.HOLD);
    byte[] altered = records.bytes(hold);
    altered[20] ^= 1;
    records.put(hold, altered);
    List<String> reasons = reasons().get(snapshot.run());
    assertEquals(1, reasons.size());
    assertTrue(reasons.get(0).contains(hold.toString()), reasons::toString);
    assertTrue(reasons.get(0).contains("a release ends it"), reasons::toString);
    holds(ApprovalRule.NONE).release(snapshot, List.of());
    assertEquals(Map.of(), reasons());
  }

  @Test
  void releasesOfWhatIsProtectedNeedDifferentPeople() throws Exception {
    try (BackupRepository repository = open(TWO)) {
      repository.hold(snapshot, "lawsuit");
      assertDenied("has that of nobody: 2 missing", repository);
      assertDenied("has that of ann: 1 missing", repository, approval("ann"), approval(" Ann"));
      repository.approve(approval("bob"));
      assertDenied("has that of bob: 1 missing", repository);
      assertDenied("that of bob: 1 missing", repository, approval("eve", new RunId("other")));
      now = now.plusSeconds(1);
      repository.release(snapshot, approval("ann"));
      assertEquals(Map.of(), reasons());
      RecordKey release = records.keys(RecordKind.HOLD).get(1);
      HoldBody body = HoldBody.decode(records.store().read(release).utf8());
      assertEquals(List.of("ann", "bob"), body.approvers());
    }
  }

  @Test
  void expiredApprovalsAreKeptAndDoNotCount() throws Exception {
    try (BackupRepository repository = open(TWO)) {
      repository.hold(snapshot, "lawsuit");
      repository.approve(approval("ann"));
      repository.approve(approval("bob"));
      now = now.plus(Duration.ofDays(1));
      assertDenied("has that of nobody: 2 missing", repository);
      assertEquals(
          List.of("ann", "bob"),
          new Approvals(parts()).all().stream().map(Approval::approver).sorted().toList());
    }
  }

  @Test
  void anApprovalIsKeptAsItWasGivenAndAnUnreadableOneHidesNoOther() throws Exception {
    Approval signed =
        new Approval(
            Set.of(snapshot.run(), new RunId("..")),
            "Ännchen \"A\"",
            now,
            now.plusSeconds(60),
            Optional.of("any text"));
    Approvals approvals = new Approvals(parts());
    approvals.add(signed);
    RecordKey junk = new RecordKey(RecordKind.APPROVAL, "removal", "junk");
    records.put(junk, new byte[] {1, 2, 3});
    assertEquals(List.of(signed), approvals.all());
  }

  @Test
  void holdsRunsThatNoKeyCanSay() throws Exception {
    Snapshot odd =
        new Snapshot(
            snapshot.id(),
            new RunId(".."),
            snapshot.content(),
            snapshot.source(),
            snapshot.environment(),
            snapshot.time(),
            snapshot.state(),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            Set.of(),
            0,
            0);
    Holds holds = holds(ApprovalRule.NONE);
    holds.hold(odd, "odd");
    assertEquals(Map.of(new RunId(".."), List.of("odd")), reasons());
    holds.release(odd, List.of());
    assertEquals(Map.of(), reasons());
  }

  @Test
  void aHoldNeedsAReasonThatFits() throws Exception {
    Holds holds = holds(ApprovalRule.NONE);
    assertThrows(IllegalArgumentException.class, () -> holds.hold(snapshot, " "));
    assertThrows(IllegalArgumentException.class, () -> holds.hold(snapshot, "x".repeat(2001)));
    holds.hold(snapshot, "x".repeat(2000));
  }

  @Test
  void aHoldThatIsGoneHoldsNothing() throws Exception {
    Holds holds = holds(ApprovalRule.NONE);
    holds.hold(snapshot, "lawsuit");
    assertEquals(1, holds.reasons().size());
    Files.delete(records.file(records.only(RecordKind.HOLD)));
    assertEquals(Map.of(), holds.reasons(), "also for who had read it");
  }

  private Approval approval(String approver) {
    return approval(approver, snapshot.run());
  }

  private Approval approval(String approver, RunId run) {
    return new Approval(Set.of(run), approver, now, now.plus(Duration.ofDays(1)), Optional.empty());
  }

  private void assertDenied(String why, BackupRepository repository, Approval... approvals)
      throws IOException {
    BackupException denied =
        assertThrows(BackupException.class, () -> repository.release(snapshot, approvals));
    assertEquals(Kind.DENIED, denied.kind());
    assertTrue(String.valueOf(denied.getMessage()).contains(why), denied::toString);
    assertEquals(Map.of(snapshot.run(), List.of("lawsuit")), reasons());
  }
}
