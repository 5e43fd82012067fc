package dev.copperplate.backup.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.RawName;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.repository.BackupReport;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.restic.Restic;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The same files through our hands and through those of stock restic. */
@Timeout(120)
class FilesWithResticTest {

  private final Path to;
  private final TestTree tree;
  private final Restic restic;
  private final BackupRepository repository;

  FilesWithResticTest(@TempDir Path directory) throws IOException {
    Path real = directory.toRealPath();
    to = real.resolve("to");
    tree = new TestTree(Files.createDirectory(real.resolve("from")));
    Path store = real.resolve("repository");
    restic = Restic.stock().at(store, TestRepositories.PASSWORD);
    repository = TestRepositories.create(store);
  }

  @BeforeEach
  void makeFiles() throws Exception {
    for (RawName name : TestTree.HOSTILE_NAMES) {
      tree.file(PathBytes.child(tree.path("names"), name), name.toByteArray());
      Files.createSymbolicLink(
          PathBytes.child(tree.path("names"), link(name)), PathBytes.path(name));
    }
    tree.directory("d/empty").mode("d/empty", 01755).file("d/a", "a").mode("d/a", 04711);
    Files.createLink(tree.path("d/b"), tree.path("d/a"));
    Files.createLink(tree.path("c"), tree.path("d/a"));
    ExtendedAttributes.write(tree.path("d/a"), "user.k", RawName.of(new byte[] {0, 1, 2}));
    ExtendedAttributes.write(tree.path("d"), "user.d", RawName.of("d"));
    try (FileChannel file =
        FileChannel.open(
            tree.path("sparse"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(new byte[] {1}), 2_000_000);
    }
    tree.time("d/a", Instant.parse("2020-02-02T02:02:02.020202020Z"));
    tree.time("d", Instant.parse("1995-02-02T02:02:02.000000001Z"));
  }

  private static RawName link(RawName name) {
    byte[] bytes = name.toByteArray();
    bytes[0] ^= 3;
    return RawName.of(bytes);
  }

  @AfterEach
  void close() throws IOException {
    repository.close();
  }

  private FilesRestorer restorer() throws IOException {
    return FilesRestorer.to(to)
        .only(PathBytes.entryPath(tree.top))
        .owners(TestUser.isRoot())
        .privileged(true);
  }

  private void assertRestored() throws IOException {
    TreeComparison.assertSame(tree.top, PathBytes.below(to, PathBytes.entryPath(tree.top)));
  }

  @Test
  void weBackUpAndResticRestores() throws Exception {
    BackupReport report = repository.backup(FilesSource.of(tree.top));
    assertEquals(
        List.of(),
        report.findings().stream().filter(each -> !each.subject().startsWith("ext")).toList());
    restic.succeed("restore", "latest", "--target", to.toString());
    assertRestored();
    restic.succeed("check", "--read-data");
  }

  @Test
  void weBackUpAndRestore() throws Exception {
    Snapshot snapshot = repository.backup(FilesSource.of(tree.top)).snapshot();
    repository.restore(snapshot, restorer());
    assertRestored();
  }

  @Test
  void resticBacksUpAndWeRestore() throws Exception {
    restic.succeed("backup", tree.top.toString());
    Snapshot snapshot = repository.list(SnapshotFilter.ALL).get(0);
    assertEquals(FilesSource.of(tree.top).id(), snapshot.source());
    repository.restore(snapshot, restorer());
    assertRestored();
  }

  @Test
  void theTreesAreTheSameToTheByte() throws Exception {
    repository.backup(FilesSource.of(tree.top));
    String ours = newestTree();
    restic.succeed("backup", "--force", tree.top.toString());
    assertEquals(ours, newestTree());
  }

  private String newestTree() throws Exception {
    Snapshot newest = repository.list(SnapshotFilter.ALL).get(0);
    return restic.succeed("cat", "tree", newest.id().shortHex() + ":" + tree.top);
  }

  @Test
  void resticTakesOurFilesForUnchanged() throws Exception {
    Snapshot snapshot = repository.backup(FilesSource.of(tree.top)).snapshot();
    String said = restic.succeed("backup", "--host", snapshot.environment(), tree.top.toString());
    assertTrue(said.contains("Files:           0 new,     0 changed"), said);
  }

  @Test
  void weTakeTheFilesOfResticForUnchanged() throws Exception {
    String environment = repository.backup(FilesSource.of(tree.path("c"))).snapshot().environment();
    restic.succeed("backup", "--host", environment, tree.top.toString());
    BackupReport report = repository.backup(FilesSource.of(tree.top));
    assertEquals(0, report.filesNew() + report.filesChanged());
    assertEquals(0, report.dataBlobs());
  }
}
