package dev.copperplate.backup.repository;

import static dev.copperplate.backup.repository.StoredHistory.keeping;
import static dev.copperplate.backup.repository.StoredHistory.runs;
import static dev.copperplate.backup.repository.TestHistory.NOTHING;
import static dev.copperplate.backup.repository.TestHistory.classed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.BackupSource;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.CaptureContext;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Decision;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Manifest;
import dev.copperplate.backup.ObjectInfo;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.Proof;
import dev.copperplate.backup.RetentionPolicy;
import dev.copperplate.backup.RunId;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.SnapshotWriter;
import dev.copperplate.backup.SourceId;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.target.LocalTarget;
import dev.copperplate.backup.verify.Verifiers;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExpireTest {

  private static final Instant LOCKED_UNTIL = Instant.parse("2096-02-29T00:00:00Z");

  @TempDir Path directory;

  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
  private final Set<ObjectKey> refused = new HashSet<>();
  private final Set<ObjectKey> retained = new HashSet<>();
  private Path place;
  private RecordingTarget target;
  private BackupRepository repository;
  private StoredHistory history;

  @BeforeEach
  void create() throws Exception {
    place = directory.resolve("repository");
    target = new RecordingTarget(new StubbornTarget());
    repository = TestRepositories.create(target, RepositoryOptions.DEFAULT);
    history = new StoredHistory(place, repository);
  }

  @AfterEach
  void close() throws IOException {
    assertEquals(Set.of(), StoredRepository.at(place).ids(ObjectKind.LOCK));
    try (Cursor<ObjectInfo> leases = target.list("copperplate/leases/")) {
      assertEquals(null, leases.next());
    }
    repository.close();
  }

  /** Refuses to delete some objects, and says of others that it will. */
  private final class StubbornTarget extends DecoratedTarget {

    StubbornTarget() throws IOException {
      super(LocalTarget.at(place));
    }

    @Override
    public InputStream read(ObjectKey key, ByteRange range) throws IOException {
      asked.add("read " + key);
      return super.read(key, range);
    }

    @Override
    public Cursor<ObjectInfo> list(String prefix) throws IOException {
      asked.add("list " + prefix);
      Cursor<ObjectInfo> all = super.list(prefix);
      return () -> {
        ObjectInfo next = all.next();
        return next == null || !retained.contains(next.key())
            ? next
            : new ObjectInfo(next.key(), next.size(), next.modified(), Optional.of(LOCKED_UNTIL));
      };
    }

    @Override
    public Map<ObjectKey, BackupException> delete(Collection<ObjectKey> keys) throws IOException {
      Map<ObjectKey, BackupException> remaining = new HashMap<>();
      List<ObjectKey> others = new ArrayList<>(keys);
      for (ObjectKey key : keys) {
        if (refused.contains(key)) {
          others.remove(key);
          remaining.put(key, new BackupException(Kind.RETAINED, key + " is locked"));
        }
      }
      remaining.putAll(super.delete(others));
      return remaining;
    }
  }

  private static ObjectKey file(Snapshot snapshot) {
    return new ObjectKey("snapshots/" + snapshot.id().hex());
  }

  @Test
  void whatThePlanSaysIsRemovedAndASecondTimeNothingMore() throws Exception {
    for (String each : List.of("a", "b", "c", "d")) {
      history.add("one", each);
    }
    RetentionPlan plan = repository.plan(keeping("b"));
    assertEquals(Set.of("a", "c"), runs(plan.removed()));
    assertEquals(Set.of("a", "b", "c", "d"), history.runs());
    ExpireReport report = repository.expire(plan);
    assertEquals(Set.of("a", "c"), runs(report.removed()));
    assertEquals(List.of(), report.keptAfterAll());
    assertEquals(List.of(), report.findings());
    assertEquals(Set.of("b", "d"), history.runs());

    ExpireReport again = repository.expire(plan);
    assertEquals(List.of(), again.removed());
    assertEquals(List.of(), again.keptAfterAll());
    assertEquals(Set.of(), runs(repository.plan(keeping("b")).removed()));
    assertEquals(Set.of("b", "d"), history.runs());
  }

  @Test
  void aFilterLimitsWhatIsRemoved() throws Exception {
    history.add("one", "a1");
    history.add("two", "b1");
    history.add("one", "a2");
    history.add("two", "b2");
    SnapshotFilter one = SnapshotFilter.of(new SourceId("map", "one"));
    repository.expire(repository.plan(one, NOTHING));
    assertEquals(Set.of("a2", "b1", "b2"), history.runs());
  }

  @Test
  void snapshotsGoBeforeThoseThatTheyDependOn() throws Exception {
    List<Snapshot> chain = new ArrayList<>();
    chain.add(history.add("one", "r0"));
    for (int i = 1; i < 6; i++) {
      chain.add(history.add("one", "r" + i, "r" + (i - 1)));
    }
    history.add("one", "new");
    repository.expire(repository.plan(NOTHING));
    List<ObjectKey> deleted =
        target.events().stream()
            .filter(each -> each.is(RecordingTarget.What.DELETED, "snapshots/"))
            .map(RecordingTarget.Event::key)
            .toList();
    List<ObjectKey> childrenFirst = new ArrayList<>(chain.stream().map(ExpireTest::file).toList());
    Collections.reverse(childrenFirst);
    assertEquals(childrenFirst, deleted);
  }

  @Test
  void whatIsHeldOrDependedOnAfterThePlanStaysAndIsNamed() throws Exception {
    history.add("one", "a");
    history.add("one", "b");
    history.add("one", "c");
    history.add("one", "d");
    RetentionPlan plan = repository.plan(NOTHING);
    assertEquals(Set.of("a", "b", "c"), runs(plan.removed()));
    repository.hold(history.get("a"), "audit");
    history.add("two", "child", "b");
    ExpireReport report = repository.expire(plan);
    assertEquals(Set.of("c"), runs(report.removed()));
    assertEquals(Set.of("a", "b"), runs(snapshots(report.keptAfterAll())));
    assertEquals(List.of("held: audit"), reasons(report.keptAfterAll(), "a"));
    assertTrue(reasons(report.keptAfterAll(), "b").get(0).startsWith("needed by snapshot "));

    repository.release(history.get("a"));
    assertEquals(Set.of("a"), runs(repository.expire(repository.plan(NOTHING)).removed()));
  }

  @Test
  void theNewestProvedSnapshotStaysWithAllThatItNeeds() throws Exception {
    history.add("one", "base");
    history.add("two", "proved", "base");
    history.add("one", "b");
    history.add("two", "newest");
    assertTrue(repository.verify(history.get("proved"), Verifiers.checksums()).passed());
    RetentionPlan plan = repository.plan(NOTHING);
    // All have one content, so each is proved: the newest of them is the one that stays.
    assertEquals(Set.of("base", "proved"), runs(plan.removed()));
    assertTrue(
        reasons(plan.decisions(), "newest").stream().anyMatch(each -> each.contains("proved")));
    assertEquals(4, repository.list(SnapshotFilter.ALL.proved(Proof.STRUCTURE)).size() - 1);
    RetentionPlan proved = repository.plan(SnapshotFilter.ALL.proved(Proof.RESTORED), NOTHING);
    assertEquals(List.of(), proved.decisions());
  }

  @Test
  void aPlanOfAnotherRepositoryIsRefused() throws Exception {
    try (BackupRepository other = TestRepositories.create(directory.resolve("other"))) {
      RetentionPlan plan = other.plan(NOTHING);
      IllegalArgumentException refusal =
          assertThrows(IllegalArgumentException.class, () -> repository.expire(plan));
      assertTrue(refusal.getMessage().contains("The plan was made by repository "));
    }
  }

  @Test
  void protectedSnapshotsGoWhenTwoPeopleHaveApprovedAndNotBefore() throws Exception {
    history.add("one", "month");
    history.add("one", "other");
    history.add("one", "newest");
    RepositoryOptions guarded =
        RepositoryOptions.DEFAULT.approvals(new ApprovalRule(Set.of("monthly"), 2, ZoneOffset.UTC));
    RetentionPolicy policy = classed(NOTHING, "monthly");
    Instant now = Instant.now();
    try (BackupRepository strict =
        BackupRepository.open(target, TestRepositories.PASSWORDS, guarded)) {
      RetentionPlan plan = strict.plan(policy);
      assertEquals(Set.of("month", "other"), runs(plan.needApproval()));
      assertEquals(List.of(), plan.removed());
      assertEquals(List.of(), strict.expire(plan).removed());

      ExpireReport one =
          strict.expire(plan, approval("alice", now, now.plusSeconds(3600), "month"));
      assertEquals(List.of(), one.removed());
      assertEquals(
          List.of("stands for monthly: 1 of 2 approvals given (alice)"),
          reasons(one.keptAfterAll(), "month"));
      assertEquals(List.of(), strict.expire(plan, expired("bob", now, "month")).removed());

      // Alice's is stored; the snapshot that nobody approved stays.
      strict.approve(approval("carol", now, now.plusSeconds(3600), "month"));
      ExpireReport both = strict.expire(plan);
      assertEquals(Set.of("month"), runs(both.removed()));
      assertEquals(Set.of("newest", "other"), history.runs());
      assertEquals(Set.of("other"), runs(strict.plan(policy).needApproval()));
    }
  }

  private static Approval approval(String name, Instant at, Instant expires, String run) {
    return new Approval(Set.of(new RunId(run)), name, at, expires, Optional.empty());
  }

  private static Approval expired(String name, Instant now, String run) {
    return approval(name, now.minus(Duration.ofDays(2)), now.minus(Duration.ofDays(1)), run);
  }

  @Test
  void whatTheStoreDoesNotLetGoIsReportedAndKeepsWhatItNeeds() throws Exception {
    history.add("one", "base");
    Snapshot locked = history.add("one", "locked", "base");
    history.add("one", "free");
    history.add("one", "newest");
    RetentionPlan plan = repository.plan(NOTHING);
    refused.add(file(locked));
    ExpireReport report = repository.expire(plan);
    assertEquals(Set.of("free"), runs(report.removed()));
    assertEquals(Set.of("base", "locked", "newest"), history.runs());
    assertEquals(Set.of("base", "locked"), runs(snapshots(report.keptAfterAll())));
    assertTrue(reasons(report.keptAfterAll(), "locked").get(0).contains("is locked"));
    Finding finding = report.findings().get(0);
    assertEquals(Finding.Severity.WARNING, finding.severity());
    assertTrue(finding.message().contains("(RETAINED)"), finding::toString);
    assertEquals("snapshot " + locked.id().shortHex(), finding.subject());
  }

  @Test
  void whatTheStoreSaysThatItRetainsIsNotEvenTried() throws Exception {
    Snapshot locked = history.add("one", "locked");
    history.add("one", "newest");
    RetentionPlan before = repository.plan(NOTHING);
    retained.add(file(locked));
    refused.add(file(locked));
    RetentionPlan plan = repository.plan(NOTHING);
    assertEquals(List.of(), plan.removed());
    assertEquals(
        List.of("the store retains it until " + LOCKED_UNTIL), reasons(plan.decisions(), "locked"));
    ExpireReport report = repository.expire(before);
    assertEquals(List.of(), report.findings());
    assertEquals(Set.of("locked"), runs(snapshots(report.keptAfterAll())));
  }

  @Test
  void whatIsUnusualStopsAPlanUntilItIsAnswered() throws Exception {
    Instant arrived = Instant.parse("2026-03-01T12:00:00Z");
    history.add("one", "good");
    history.add("one", "later", Instant.parse("2099-01-01T00:00:00Z"), arrived, Set.of());
    history.add("one", "early", Instant.EPOCH, arrived, Set.of());
    history.add("one", "better", arrived.plusSeconds(1), arrived.plusSeconds(1), Set.of());
    RetentionPlan asking = repository.plan(NOTHING);
    assertEquals(2, asking.questions().size());
    assertEquals(List.of(), asking.removed());
    assertEquals(asking.questions(), repository.plan(NOTHING).questions());
    RetentionPlan answered =
        repository.plan(SnapshotFilter.ALL, NOTHING, Set.copyOf(asking.questions()));
    assertEquals(Set.of("good", "later", "early"), runs(answered.removed()));
    repository.expire(answered);
    assertEquals(Set.of("better"), history.runs());
  }

  @Test
  void aSystemThatBecameAnotherOneIsAskedAbout() throws Exception {
    for (String identity : List.of("7001", "7001", "7002\u001b[2J", "7002\u001b[2J")) {
      repository.backup(new IdentifiedSource(identity));
    }
    SnapshotFilter mine = SnapshotFilter.of(new IdentifiedSource("").id());
    RetentionPlan plan = repository.plan(mine, TestHistory.last(2));
    assertEquals(
        List.of(
            "The system called itself 7001 and is now 7002?[2J: may snapshots of the former be"
                + " removed?"),
        plan.questions().stream().map(RetentionQuestion::text).toList());
    assertEquals(List.of(), repository.expire(plan).removed());
    RetentionPlan answered =
        repository.plan(mine, TestHistory.last(2), Set.copyOf(plan.questions()));
    assertEquals(2, repository.expire(answered).removed().size());
    assertEquals(1, repository.plan(mine, TestHistory.last(1)).removed().size());
  }

  /** A system that says which one it is. */
  private record IdentifiedSource(String identity) implements BackupSource {

    @Override
    public SourceId id() {
      return new SourceId("map", "identified");
    }

    @Override
    public void capture(SnapshotWriter writer, CaptureContext context) {
      writer.fact(Manifest.IDENTITY, identity);
    }
  }

  @Test
  void aPlanOfSnapshotsThatAreKnownListsThreeTimesAndReadsNothing() throws Exception {
    for (int i = 0; i < 30; i++) {
      history.add("source" + i % 3, "run" + i);
    }
    repository.hold(history.get("run0"), "audit");
    repository.verify(history.get("run1"), Verifiers.checksums());
    repository.plan(NOTHING);
    asked.clear();
    assertEquals(26, repository.plan(NOTHING).removed().size());
    assertEquals(
        List.of("list copperplate/holds/", "list copperplate/receipts/", "list snapshots/"),
        asked.stream().sorted().filter(each -> !each.contains(" index/")).toList());
  }

  @Test
  void anInterruptedExpireRemovesNothingMoreAndLeavesNoLock() throws Exception {
    history.add("one", "a");
    history.add("one", "b");
    RetentionPlan plan = repository.plan(NOTHING);
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, () -> repository.expire(plan));
    assertEquals(Set.of("a", "b"), history.runs());
  }

  private static List<Snapshot> snapshots(List<Decision> decisions) {
    return decisions.stream().map(Decision::snapshot).toList();
  }

  private static List<String> reasons(List<Decision> decisions, String run) {
    return decisions.stream()
        .filter(each -> each.snapshot().run().value().equals(run))
        .findFirst()
        .orElseThrow()
        .reasons();
  }
}
