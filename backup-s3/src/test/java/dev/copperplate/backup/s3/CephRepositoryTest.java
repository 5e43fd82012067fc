package dev.copperplate.backup.s3;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.files.FilesRestorer;
import dev.copperplate.backup.files.FilesSource;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.CheckOptions;
import dev.copperplate.backup.repository.FileTree;
import dev.copperplate.backup.repository.PruneOptions;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.repository.RichTree;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.restic.Restic;
import dev.copperplate.backup.retention.RetentionPolicies;
import dev.copperplate.backup.s3.ceph.Ceph;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Repositories in the buckets of a real store, ours and those of stock restic. */
class CephRepositoryTest {

  @TempDir static Path shared;
  @TempDir Path own;

  private static Path tree;
  private static FileTree onDisk;

  private final S3Location bucket = new S3Location(Ceph.require().bucket(), "backups/orders");

  @BeforeAll
  static void makeTree() throws Exception {
    Restic.stock();
    Ceph.require();
    tree = shared.resolve("tree");
    RichTree.make(tree, 20_000_000, 4);
    onDisk = FileTree.of(tree);
  }

  @Test
  void resticChecksAndRestoresWhatWeWrote() throws Exception {
    Snapshot snapshot;
    try (BackupTarget target = target();
        BackupRepository repository = TestRepositories.create(target, RepositoryOptions.DEFAULT)) {
      snapshot = repository.backup(FilesSource.of(tree)).snapshot();
    }
    Restic restic = restic();
    restic.succeed("check", "--read-data");
    Path restored = own.resolve("restored");
    restic.succeed("restore", snapshot.id().hex(), "--verify", "--target", restored.toString());
    FileTree.assertSame(onDisk, FileTree.of(FileTree.below(restored, tree)));
  }

  @Test
  void weCheckAndRestoreWhatResticWrote() throws Exception {
    Restic restic = restic();
    restic.succeed("init");
    restic.succeed("backup", tree.toString());
    Path restored = own.resolve("restored");
    try (BackupTarget target = target();
        BackupRepository repository = TestRepositories.open(target)) {
      Snapshot snapshot = repository.list(SnapshotFilter.ALL).get(0);
      assertEquals(List.of(), repository.check(new CheckOptions.Share(1, 1)).findings());
      repository.restore(snapshot, FilesRestorer.to(restored));
      assertEquals(contents(tree), contents(FileTree.below(restored, tree)));
      // What is backed up again finds what restic stored.
      assertEquals(0, repository.backup(FilesSource.of(tree)).dataBlobs());
    }
  }

  @Test
  void whatRetentionAndPruneLeaveIsReadByRestic() throws Exception {
    Path growing = own.resolve("growing");
    Files.createDirectory(growing);
    try (BackupTarget target = target();
        BackupRepository repository = TestRepositories.create(target, RepositoryOptions.DEFAULT)) {
      for (int i = 0; i < 4; i++) {
        Files.write(growing.resolve("changing"), noise(6_000_000, i));
        repository.backup(FilesSource.of(growing));
      }
      repository.expire(repository.plan(RetentionPolicies.last(1)));
      assertTrue(repository.prune(PruneOptions.DEFAULT).bytesFreed() > 15_000_000);
      assertEquals(1, repository.list(SnapshotFilter.ALL).size());
    }
    restic().succeed("check", "--read-data");
  }

  /** The files of a directory, each with its content. */
  private static Map<String, ByteBuffer> contents(Path top) throws IOException {
    Map<String, ByteBuffer> contents = new TreeMap<>();
    try (Stream<Path> all = Files.walk(top)) {
      for (Path each : all.filter(path -> Files.isRegularFile(path, NOFOLLOW_LINKS)).toList()) {
        // Of names in any bytes, the URI keeps them all.
        String name = top.toUri().relativize(each.toUri()).toString();
        contents.put(name, ByteBuffer.wrap(Files.readAllBytes(each)));
      }
    }
    assertFalse(contents.isEmpty());
    return contents;
  }

  private static byte[] noise(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private BackupTarget target() {
    return CephTargetContractTest.target(Ceph.require(), bucket);
  }

  private Restic restic() throws IOException {
    return CephRestic.at(Ceph.require(), bucket, own);
  }
}
