package dev.copperplate.backup.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupSource;
import dev.copperplate.backup.CaptureContext;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Proof;
import dev.copperplate.backup.RunId;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.SnapshotId;
import dev.copperplate.backup.SnapshotWriter;
import dev.copperplate.backup.SourceId;
import dev.copperplate.backup.Verification;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.format.SnapshotFile;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.repository.storage.ObjectStore;
import dev.copperplate.backup.target.LocalTarget;
import dev.copperplate.backup.verify.Verifiers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A snapshot is proved only with all that it depends on. */
class ProofsTest {

  @TempDir Path directory;

  private BackupRepository repository;

  @BeforeEach
  void create() throws IOException {
    repository = TestRepositories.create(directory);
  }

  /** A system whose snapshot is worth nothing without others. */
  private record Increment(String name, List<Snapshot> base) implements BackupSource {

    @Override
    public SourceId id() {
      return new SourceId("map", name);
    }

    @Override
    public void capture(SnapshotWriter writer, CaptureContext context)
        throws IOException, InterruptedException {
      for (Snapshot each : base) {
        writer.dependsOn(each);
      }
      byte[] content = name.getBytes(StandardCharsets.UTF_8);
      new MapSource(name, Map.of("file", content)).capture(writer, context);
    }
  }

  private Snapshot backUp(String name, Snapshot... base) throws Exception {
    return repository.backup(new Increment(name, List.of(base))).snapshot();
  }

  private void verify(Snapshot snapshot, Proof proof) throws Exception {
    assertTrue(repository.verify(snapshot, StoredRecords.answering(proof, true)).passed());
  }

  private Set<Snapshot> proved(Proof proof) throws IOException {
    return Set.copyOf(repository.list(SnapshotFilter.ALL.proved(proof)));
  }

  @Test
  void aSnapshotIsNotProvedIfWhatItDependsOnIsNot() throws Exception {
    Snapshot full = backUp("full");
    Snapshot second = backUp("second", full);
    Snapshot third = backUp("third", second);
    verify(third, Proof.RESTORED);
    verify(second, Proof.DATA);
    assertEquals(Set.of(), proved(Proof.STRUCTURE));
    verify(full, Proof.DATA);
    assertEquals(Set.of(full, second, third), proved(Proof.DATA));
    assertEquals(Set.of(), proved(Proof.RESTORED), "as far as the weakest link");
    SnapshotFilter onlyThird = SnapshotFilter.of(third.run()).proved(Proof.DATA);
    assertEquals(List.of(third), repository.list(onlyThird));
    assertTrue(!repository.verify(full, StoredRecords.answering(Proof.DATA, false)).passed());
    assertEquals(Set.of(), proved(Proof.STRUCTURE));
    assertEquals(List.of(), repository.list(onlyThird));
  }

  @Test
  void aSnapshotIsNotProvedIfWhatItDependsOnIsGone() throws Exception {
    Snapshot full = backUp("full");
    Snapshot second = backUp("second", full);
    verify(full, Proof.DATA);
    verify(second, Proof.DATA);
    assertEquals(Set.of(full, second), proved(Proof.DATA));
    Files.delete(directory.resolve("snapshots").resolve(full.id().hex()));
    assertEquals(Set.of(), proved(Proof.STRUCTURE));
  }

  @Test
  void everyVerifierFailsASnapshotOfWhichAnythingThatItDependsOnIsGone() throws Exception {
    Snapshot full = backUp("full");
    Snapshot second = backUp("second", full);
    Snapshot third = backUp("third", second);
    Files.delete(directory.resolve("snapshots").resolve(full.id().hex()));

    Verification verification = repository.verify(third, Verifiers.checksums());

    assertFalse(verification.passed());
    Finding finding = verification.findings().get(0);
    assertTrue(finding.message().contains("run " + full.run() + ", which is gone"));
    assertTrue(finding.remedy().contains("replica"), finding::remedy);
    assertEquals(1, verification.findings().size(), verification::toString);
  }

  @Test
  void oneProvedSnapshotOfARunIsEnoughForThoseThatDependOnIt() throws Exception {
    Snapshot full = backUp("full");
    verify(full, Proof.DATA);
    Snapshot second = backUp("second", full);
    verify(second, Proof.DATA);
    Sha256 otherTree = Sha256.hash(new byte[] {7});
    store(otherTree, "run=" + full.run());
    assertEquals(Set.of(full, second), proved(Proof.DATA));
  }

  /** Stores a snapshot of any tree with any tags. */
  private void store(Sha256 tree, String... tags) throws IOException {
    SnapshotFile file =
        SnapshotFile.builder(Instant.now(), tree)
            .paths(List.of("/p"))
            .hostname("h")
            .tags(List.of(tags))
            .build();
    DeadWriter.store(directory).write(ObjectKind.SNAPSHOT, file.encode());
  }

  @Test
  void ringsAndLongChainsComeToAnEnd() throws Exception {
    Sha256 tree = Sha256.parse(backUp("one").content().hex());
    Snapshot one = repository.list(SnapshotFilter.ALL).get(0);
    verify(one, Proof.DATA);
    store(tree, "run=a", "parent=b");
    store(tree, "run=b", "parent=a");
    store(tree, "run=self", "parent=self");
    store(tree, "run=cut", "parent=nobody");
    Set<RunId> runs = new HashSet<>();
    proved(Proof.DATA).forEach(each -> runs.add(each.run()));
    assertEquals(Set.of(one.run(), new RunId("a"), new RunId("b"), new RunId("self")), runs);
  }

  @Test
  @Timeout(30)
  void aChainOfTenThousandWhoseFirstIsMissingIsNotProved() throws Exception {
    Snapshot first = backUp("one");
    verify(first, Proof.DATA);
    List<Snapshot> chain = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      chain.add(link(first, "r" + i, "r" + (i + 1)));
    }
    LocalTarget target = LocalTarget.at(directory);
    RepositoryKeys.Opened opened = new RepositoryKeys(target).open(TestRepositories.PASSWORDS);
    OpenRepository parts =
        OpenRepository.of(
            opened.config(), opened.polynomial(), new ObjectStore(target, opened.key()));
    Proofs proofs = new Proofs(parts, RepositoryOptions.DEFAULT);
    assertEquals(Map.of(), proofs.of(chain, chain));
    chain.add(link(first, "r10000", "r10000"));
    assertEquals(10_001, proofs.of(chain, chain).size());
  }

  private static Snapshot link(Snapshot like, String run, String parent) {
    return new Snapshot(
        new SnapshotId(Sha256.hash(run.getBytes(StandardCharsets.UTF_8)).hex()),
        new RunId(run),
        like.content(),
        like.source(),
        like.environment(),
        like.time(),
        like.state(),
        List.of(new RunId(parent)),
        like.replaces(),
        like.set(),
        like.tags(),
        0,
        0);
  }
}
