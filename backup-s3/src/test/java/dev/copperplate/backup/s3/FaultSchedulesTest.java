package dev.copperplate.backup.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.CheckOptions;
import dev.copperplate.backup.repository.PruneOptions;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.repository.RetentionPlan;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.retention.RetentionPolicies;
import dev.copperplate.backup.target.RetryPolicy;
import dev.copperplate.backup.target.RetryingTarget;
import dev.copperplate.backup.testkit.Tree;
import dev.copperplate.backup.testkit.TreeSource;
import dev.copperplate.backup.testkit.network.FaultProxy;
import dev.copperplate.backup.testkit.network.FaultSchedule;
import dev.copperplate.backup.testkit.s3.BucketOptions;
import dev.copperplate.backup.testkit.s3.FakeS3;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Backs up, prunes and restores over a network that fails as a seed says. An operation may fail;
 * what was reported finished has to be there, whole, and nothing may take longer than its limit.
 */
class FaultSchedulesTest {

  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final RetryPolicy QUICK =
      new RetryPolicy(10, Duration.ofMillis(2), Duration.ofMillis(50), Duration.ofSeconds(60));

  @Test
  void whatIsReportedFinishedIsThereAfterSomeSchedules() throws Exception {
    for (long seed = 1; seed <= 4; seed++) {
      run(seed);
    }
  }

  @Tag("slow")
  @Timeout(value = 1, unit = TimeUnit.HOURS)
  @Test
  void whatIsReportedFinishedIsThereAfterAHundredSchedules() throws Exception {
    for (long seed = 1; seed <= 100; seed++) {
      run(seed);
    }
  }

  private static void run(long seed) throws Exception {
    FaultSchedule schedule = FaultSchedule.random(seed);
    try (FakeS3 store = FakeS3.start()) {
      store.createBucket("orders", seed % 2 == 0 ? BucketOptions.locked() : BucketOptions.plain());
      try (FaultProxy proxy =
          FaultProxy.before(
              new InetSocketAddress(
                  InetAddress.getLoopbackAddress(), store.endpoint().getPort()))) {
        new History(seed, store, proxy, schedule).run();
      }
    } catch (Throwable failure) {
      throw new AssertionError("With " + schedule, failure);
    }
  }

  /** What happens with one seed. */
  private static final class History {

    private final long seed;
    private final FakeS3 store;
    private final FaultProxy proxy;
    private final FaultSchedule schedule;
    private final Map<Snapshot, Tree> finished = new HashMap<>();
    private final Set<Snapshot> removed = new HashSet<>();

    History(long seed, FakeS3 store, FaultProxy proxy, FaultSchedule schedule) {
      this.seed = seed;
      this.store = store;
      this.proxy = proxy;
      this.schedule = schedule;
    }

    void run() throws Exception {
      try (BackupTarget target = target(store, store.endpoint())) {
        TestRepositories.create(target, RepositoryOptions.DEFAULT).close();
      }
      proxy.on(schedule);
      URI faulty = URI.create("http://127.0.0.1:" + proxy.port());
      for (int round = 0; round < 3; round++) {
        Tree tree = tree(new Random(seed * 10 + round));
        attempt(store, faulty, repository -> backUp(repository, tree));
        attempt(store, faulty, this::restoreAll);
      }
      attempt(store, faulty, this::keepTheNewest);
      attempt(
          store, faulty, repository -> assertTrue(repository.prune(PruneOptions.DEFAULT) != null));
      attempt(store, faulty, this::restoreAll);
      proxy.heal();
      proxy.resetAll();
      try (BackupTarget target = target(store, store.endpoint());
          BackupRepository repository = TestRepositories.openWithoutRivals(target, OPTIONS)) {
        assertNothingIsLost(repository);
      }
    }

    private void backUp(BackupRepository repository, Tree tree) throws Exception {
      Snapshot snapshot = repository.backup(TreeSource.of("orders", tree)).snapshot();
      assertEquals(SnapshotState.COMPLETE, snapshot.state());
      finished.put(snapshot, tree);
    }

    private void restoreAll(BackupRepository repository) throws Exception {
      for (Map.Entry<Snapshot, Tree> each : finished.entrySet()) {
        if (!removed.contains(each.getKey())) {
          try (SnapshotReader reader = repository.open(each.getKey())) {
            assertEquals(each.getValue().entries(), Tree.read(reader).entries());
          }
        }
      }
    }

    private void keepTheNewest(BackupRepository repository) throws Exception {
      RetentionPlan plan = repository.plan(RetentionPolicies.last(1));
      removed.addAll(plan.removed()); // Also when it fails: some may be gone then.
      repository.expire(plan);
    }

    private void assertNothingIsLost(BackupRepository repository) throws Exception {
      Set<Snapshot> listed = new HashSet<>(repository.list(SnapshotFilter.ALL));
      for (Snapshot each : finished.keySet()) {
        assertTrue(
            listed.contains(each) || removed.contains(each),
            () -> each.id() + " was reported, and is not listed");
      }
      restoreAll(repository);
      List<Finding> findings = repository.check(new CheckOptions.Share(1, 1)).findings();
      assertTrue(
          findings.stream().noneMatch(each -> each.severity() == Finding.Severity.ERROR),
          findings::toString);
    }
  }

  private static final RepositoryOptions OPTIONS = RepositoryOptions.DEFAULT.threads(2);

  /** Something that may fail. */
  private interface Work {
    void on(BackupRepository repository) throws Exception;
  }

  private static void attempt(FakeS3 store, URI endpoint, Work work) {
    assertTimeoutPreemptively(
        LIMIT,
        () -> {
          try (BackupTarget target = target(store, endpoint);
              BackupRepository repository = TestRepositories.openWithoutRivals(target, OPTIONS)) {
            work.on(repository);
          } catch (BackupException e) {
            assertTrue(e.retryable(), e::toString);
          }
        });
  }

  private static BackupTarget target(FakeS3 store, URI endpoint) {
    return RetryingTarget.of(
        FakeTargets.builder(store, S3Location.of("orders"))
            .endpoint(endpoint)
            .connectTimeout(Duration.ofSeconds(1))
            .silenceTimeout(Duration.ofMillis(400))
            .requestTimeout(Duration.ofSeconds(2))
            .build(),
        QUICK);
  }

  private static Tree tree(Random random) {
    Tree tree = Tree.EMPTY;
    for (int i = 0; i < 5; i++) {
      byte[] content = new byte[random.nextInt(600_000)];
      random.nextBytes(content);
      tree = tree.with(EntryPath.of("file " + i), Tree.Item.file(Attributes.PLAIN, content));
    }
    return tree;
  }
}
