package dev.copperplate.backup.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.Finding;
import dev.copperplate.backup.RunId;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.repository.format.BlobType;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.format.SnapshotFile;
import dev.copperplate.backup.repository.format.TreeNode;
import dev.copperplate.backup.repository.format.TreeReader;
import dev.copperplate.backup.repository.index.BlobLocation;
import dev.copperplate.backup.repository.index.StoredIndex;
import dev.copperplate.backup.repository.pack.BlobReader;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.repository.storage.ObjectStore;
import dev.copperplate.backup.restic.Restic;
import dev.copperplate.backup.target.LocalTarget;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A repository and a replica of it, and what tests of copies do with them. */
@Timeout(120)
abstract class CopyFixture {

  @TempDir Path directory;

  Path place;
  Path replicaPlace;
  BackupRepository repository;
  BackupRepository replica;

  @BeforeEach
  void create() throws Exception {
    place = directory.resolve("repository");
    replicaPlace = directory.resolve("replica");
    repository = TestRepositories.create(place);
    replica = TestRepositories.createReplica(repository, LocalTarget.at(replicaPlace));
  }

  @AfterEach
  void close() throws Exception {
    repository.close();
    replica.close();
    assertEquals(List.of(), EngineThreads.remaining());
    assertEquals(List.of(), new Damage(place).files(ObjectKind.LOCK));
    assertEquals(List.of(), new Damage(replicaPlace).files(ObjectKind.LOCK));
  }

  Map<RunId, List<String>> held() throws IOException {
    return new Holds(replicaParts(), RepositoryOptions.DEFAULT).reasons();
  }

  OpenRepository replicaParts() throws IOException {
    LocalTarget target = LocalTarget.at(replicaPlace);
    RepositoryKeys.Opened opened = new RepositoryKeys(target).open(TestRepositories.PASSWORDS);
    return OpenRepository.of(
        opened.config(), opened.polynomial(), new ObjectStore(target, opened.key()));
  }

  static String config(Path repository) throws IOException {
    return new RepositoryKeys(LocalTarget.at(repository))
        .open(TestRepositories.PASSWORDS)
        .config()
        .id();
  }

  static ObjectStore store(Path repository) throws IOException {
    LocalTarget target = LocalTarget.at(repository);
    return new ObjectStore(
        target, new RepositoryKeys(target).open(TestRepositories.PASSWORDS).key());
  }

  CopyReport copy(SnapshotFilter filter) throws IOException, InterruptedException {
    return repository.copyTo(replica, CopyOptions.DEFAULT.filter(filter));
  }

  Snapshot backup(String name, int seed, Snapshot... dependencies) throws Exception {
    return repository
        .backup(
            new PausingSource(
                source(name, seed),
                (writer, context) -> {
                  for (Snapshot each : dependencies) {
                    writer.dependsOn(each);
                  }
                }))
        .snapshot();
  }

  Snapshot backup(String name, int seed, int size) throws Exception {
    return repository
        .backup(new MapSource(name, Map.of("d/content", random(seed, size))))
        .snapshot();
  }

  static MapSource source(String name, int seed) {
    return new MapSource(
        name,
        Map.of(
            "d/content",
            random(seed, 100_000),
            "shared/a",
            "the same".getBytes(StandardCharsets.UTF_8),
            "empty",
            new byte[0]));
  }

  static byte[] random(long seed, int size) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  void forget(Snapshot snapshot) throws IOException {
    StoredRepository.at(place).delete(ObjectKind.SNAPSHOT, snapshot.id().hex());
  }

  /** Turns over a byte of the blob that holds a file or directory, in its pack. */
  void flip(Snapshot snapshot, String path) throws Exception {
    repository.close();
    ObjectStore store = store(place);
    StoredIndex index = new StoredIndex(store);
    index.refresh();
    try (BlobReader blobs = BlobReader.of(store, index)) {
      Sha256 tree = Sha256.parse(snapshot.content().hex());
      TreeNode node = null;
      for (String name : path.split("/", -1)) {
        node = child(blobs.read(BlobType.TREE, node == null ? tree : node.subtree()), name);
      }
      boolean isFile = node.subtree() == null;
      BlobLocation where =
          index
              .current()
              .find(
                  isFile ? BlobType.DATA : BlobType.TREE,
                  isFile ? node.content().get(0) : node.subtree(),
                  any -> true);
      new Damage(place).flip(ObjectKind.PACK, where.pack(), (int) where.offset() + 20);
    }
    repository = TestRepositories.open(place);
  }

  static TreeNode child(byte[] tree, String name) throws IOException {
    try (TreeReader reader = new TreeReader(tree)) {
      while (true) {
        TreeNode node = (TreeNode) reader.next();
        if (node.name().toString().equals(name)) {
          return node;
        }
      }
    }
  }

  static SnapshotFile file(Path repository, Snapshot snapshot) throws IOException {
    String json = StoredRepository.at(repository).json(ObjectKind.SNAPSHOT, snapshot.id().hex());
    return SnapshotFile.decode(json.getBytes(StandardCharsets.UTF_8));
  }

  static List<Object> runs(CopyReport report) {
    return report.copied().stream().<Object>map(Snapshot::run).toList();
  }

  static long errors(CopyReport report) {
    return report.findings().stream()
        .filter(each -> each.severity() == Finding.Severity.ERROR)
        .count();
  }

  static void assertFinding(
      CopyReport report, Finding.Severity severity, Snapshot about, String saying) {
    assertTrue(
        report.findings().stream()
            .anyMatch(
                each ->
                    each.severity() == severity
                        && each.subject().contains(about.id().shortHex())
                        && each.message().contains(saying)),
        report::toString);
  }

  void assertSameTrees(List<Snapshot> all) throws IOException {
    for (Snapshot each : all) {
      for (Snapshot copied : replica.list(SnapshotFilter.of(each.run()))) {
        assertEquals(tree(repository, each), tree(replica, copied));
      }
    }
  }

  static TreeModel tree(BackupRepository repository, Snapshot snapshot) throws IOException {
    try (SnapshotReader reader = repository.open(snapshot)) {
      return TreeModel.read(reader);
    }
  }

  void assertClean() throws Exception {
    WrittenRepositoryTest.assertClean(Restic.stock().at(replicaPlace, TestRepositories.PASSWORD));
  }
}
