package dev.copperplate.backup.repository.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.EntryType;
import dev.copperplate.backup.RawName;
import dev.copperplate.backup.restic.Restic;
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
import org.junit.jupiter.api.io.TempDir;

/** What we write is judged by stock restic, which must find nothing to remark. */
class OwnRepositoryTest {

  private static final String PASSWORD = "k\u00e4se \u2028 \ud83d\ude00";
  private static final Instant TIME = Instant.parse("2024-02-29T12:00:00.120Z");

  private final Path temporary;

  private Path directory;
  private OwnRepository repository;
  private Sha256 snapshot;

  OwnRepositoryTest(@TempDir Path temporary) {
    this.temporary = temporary;
  }

  @BeforeEach
  void write() throws Exception {
    directory = Files.createDirectory(temporary.resolve("repository"));
    repository = new OwnRepository(directory, PASSWORD);
    List<TreeNode> files = new ArrayList<>();
    long bytes = 0;
    for (byte[] name : HostileFiles.names()) {
      BlobIds content = BlobIds.of(repository.data(name, name.length % 2 == 0));
      files.add(TreeNode.file(RawName.of(name), attributes(), name.length, content));
      bytes += name.length;
    }
    Sha256 tree = repository.tree(tree(files));
    List<TreeNode> root = new ArrayList<>();
    root.add(TreeNode.directory(RawName.of("names"), Attributes.PLAIN.permissions(0755), tree));
    root.add(
        TreeNode.directory(
            RawName.of("empty"), Attributes.PLAIN, repository.tree(tree(List.of()))));
    root.add(TreeNode.symlink(RawName.of("link"), attributes(), RawName.of(new byte[] {-1, 'x'})));
    root.add(TreeNode.special(RawName.of("fifo"), EntryType.FIFO, attributes(), 0));
    root.add(TreeNode.special(RawName.of("null"), EntryType.CHARACTER_DEVICE, attributes(), 259));
    root.add(TreeNode.special(RawName.of("disk"), EntryType.BLOCK_DEVICE, attributes(), 0x10300));
    root.add(TreeNode.file(RawName.of("nothing"), attributes(), 0, BlobIds.NONE));
    Sha256 rootTree = repository.tree(tree(root));
    repository.flush();
    int count = files.size() + 1; // rewrite counts regular files, the empty one too
    SnapshotSummary summary =
        new SnapshotSummary(TIME, TIME, count, 0, 0, 3, 0, 0, 1, 1, 1, 1, count, bytes);
    snapshot =
        repository.snapshot(
            SnapshotFile.builder(TIME, rootTree)
                .paths(List.of("/x/<&>"))
                .hostname("prod \u2028")
                .tags(List.of("run=1"))
                .summary(summary)
                .build());
  }

  @Test
  void stockResticFindsNothingToRemark() throws Exception {
    judge(Restic.stock().at(directory, PASSWORD));
  }

  @Test
  void restic014FindsNothingToRemark() throws Exception {
    judge(Restic.old().at(directory, PASSWORD));
  }

  @Test
  void everyTreeIsCanonicalToStockRestic() throws Exception {
    Restic restic = Restic.stock().at(directory, PASSWORD);
    String said = restic.succeed("rewrite", "--exclude", "no such name");
    assertTrue(said.contains("no snapshots were modified"), said);
  }

  @Test
  void stockResticRestoresEveryByte() throws Exception {
    Path restored = temporary.resolve("restored");
    Restic.stock()
        .at(directory, PASSWORD)
        .succeed("restore", "latest", "--include", "/names", "--target", restored.toString());
    Set<RawName> seen = new HashSet<>();
    for (byte[] name : HostileFiles.names()) {
      Path file = HostileFiles.child(restored.resolve("names"), name);
      assertArrayEquals(name, Files.readAllBytes(file));
      assertEquals(TIME, Files.getLastModifiedTime(file).toInstant());
      seen.add(RawName.of(name));
    }
    try (var children = Files.list(restored.resolve("names"))) {
      assertEquals(seen.size(), children.count());
    }
  }

  @Test
  void stockResticPrintsFilesAsTheyWereWritten() throws Exception {
    Restic restic = Restic.stock().at(directory, PASSWORD);
    String json = restic.succeed("cat", "snapshot", snapshot.hex()).strip();
    assertTrue(json.contains("\"hostname\": \"prod \\u2028\""), json);
    LockFile lock = new LockFile(TIME, false, "host#copperplate-1", "me", 1, 0, 7);
    String printed = restic.succeed("cat", "lock", repository.lock(lock).hex(), "--no-lock");
    assertEquals(lock, LockFile.decode(Expect.utf8(printed)));
  }

  @Test
  void stockResticHeedsOurLock() throws Exception {
    repository.lock(new LockFile(Instant.now(), true, "host#copperplate-1", "me", 1, 0, 0));
    Restic.Result result = Restic.stock().at(directory, PASSWORD).run("snapshots");
    assertEquals(11, result.exitCode(), result::toString);
    assertTrue(result.err().contains("host#copperplate-1"), result.err());
  }

  private static void judge(Restic restic) throws Exception {
    Restic.Result result = restic.run("check", "--read-data");
    assertEquals(0, result.exitCode(), result::toString);
    assertEquals("", result.err());
    assertTrue(result.out().contains("no errors were found"), result.out());
  }

  private static Attributes attributes() {
    return new Attributes(
        0640,
        TIME,
        TIME,
        TIME,
        0,
        0,
        "user \"<&>\"",
        "",
        0,
        0,
        0,
        Map.of("user.a", RawName.of("1"), "user.b", RawName.of("")));
  }

  private static byte[] tree(List<TreeNode> nodes) {
    TreeWriter writer = new TreeWriter();
    nodes.stream()
        .sorted((left, right) -> left.name().compareTo(right.name()))
        .forEach(writer::add);
    return writer.finish();
  }
}
