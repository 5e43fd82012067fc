package dev.copperplate.backup.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.RunId;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.SourceId;
import dev.copperplate.backup.target.LocalTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

/** Whatever was backed up and in whatever portions it is copied, the copies are the same. */
class CopyProperties {

  private static final int NAMES = 3;

  /**
   * A step of a history.
   *
   * @param name number of the source
   * @param seed of what it holds
   * @param back how many snapshots before lies the one on which it depends; 0 for none
   * @param copy whether snapshots of this source are copied afterwards
   */
  record Step(int name, int seed, int back, boolean copy) {}

  @Property(tries = 8)
  void copiesHoldWhatTheirSnapshotsHold(@ForAll("steps") @Size(min = 1, max = 6) List<Step> steps)
      throws Exception {
    Path parent = Files.createTempDirectory("copies");
    try (BackupRepository repository = TestRepositories.create(parent.resolve("from"));
        BackupRepository replica =
            TestRepositories.createReplica(repository, LocalTarget.at(parent.resolve("to")))) {
      List<Snapshot> made = new ArrayList<>();
      for (Step each : steps) {
        made.add(backup(repository, each, made));
        if (each.copy()) {
          SourceId source = made.get(made.size() - 1).source();
          copy(repository, replica, SnapshotFilter.of(source));
        }
      }
      copy(repository, replica, SnapshotFilter.ALL);
      assertEquals(made.size(), replica.list(SnapshotFilter.ALL).size());
      assertEquals(made.size(), repository.copyTo(replica, CopyOptions.DEFAULT).present());
      assertEquals(Map.of(), StoredPacks.in(parent.resolve("to")).twice());
      for (Snapshot each : made) {
        assertSame(repository, each, replica);
      }
    } finally {
      DeletedTree.delete(parent);
    }
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    return Combinators.combine(
            Arbitraries.integers().between(0, NAMES - 1),
            Arbitraries.integers().between(0, 5),
            Arbitraries.integers().between(0, 3),
            Arbitraries.of(true, false))
        .as(Step::new)
        .list();
  }

  private static Snapshot backup(BackupRepository repository, Step step, List<Snapshot> made)
      throws Exception {
    Map<String, byte[]> files = new HashMap<>();
    Random random = new Random(step.seed());
    for (int i = 0; i <= step.seed(); i++) {
      byte[] content = new byte[random.nextInt(50_000)];
      random.nextBytes(content);
      files.put("d" + i % 3 + "/f" + i, content);
    }
    return repository
        .backup(
            new PausingSource(
                new MapSource("s" + step.name(), files),
                (writer, context) -> {
                  if (step.back() > 0 && step.back() <= made.size()) {
                    writer.dependsOn(made.get(made.size() - step.back()));
                  }
                }))
        .snapshot();
  }

  /** After each portion the replica holds nothing without all that it depends on. */
  private static void copy(
      BackupRepository repository, BackupRepository replica, SnapshotFilter filter)
      throws Exception {
    CopyReport report = repository.copyTo(replica, CopyOptions.DEFAULT.filter(filter));
    assertEquals(List.of(), report.findings());
    Set<RunId> runs = new HashSet<>();
    List<Snapshot> all = replica.list(SnapshotFilter.ALL);
    all.forEach(each -> runs.add(each.run()));
    all.forEach(each -> assertTrue(runs.containsAll(each.dependencies()), each::toString));
    for (Snapshot each : repository.list(filter)) {
      assertTrue(runs.contains(each.run()), each::toString);
    }
  }

  private static void assertSame(
      BackupRepository repository, Snapshot snapshot, BackupRepository replica) throws IOException {
    List<Snapshot> copies = replica.list(SnapshotFilter.of(snapshot.run()));
    assertEquals(1, copies.size());
    assertEquals(snapshot.content(), copies.get(0).content());
    try (SnapshotReader before = repository.open(snapshot);
        SnapshotReader after = replica.open(copies.get(0))) {
      assertEquals(TreeModel.read(before), TreeModel.read(after));
    }
  }
}
