package dev.copperplate.backup.repository.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.EntryType;
import dev.copperplate.backup.RawName;
import dev.copperplate.backup.restic.Restic;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stock restic writes of a hostile directory is read, and written again to the same bytes. */
class StockRepositoryTest {

  private static final String PASSWORD = "k\u00e4se \u2028 \ud83d\ude00";

  private final Path temporary;

  StockRepositoryTest(@TempDir Path temporary) {
    this.temporary = temporary;
  }

  @Test
  void everyFileOfAStockRepositoryIsWrittenAgainToTheByte() throws Exception {
    Path hostile = temporary.resolve("hostile");
    HostileFiles.create(Files.createDirectory(hostile));
    Path directory = temporary.resolve("repository");
    Restic restic = Restic.stock().at(directory, PASSWORD).in(hostile);
    restic.succeed("init");
    restic.succeed("backup", "--tag", "a,b<&>", "--exclude", "*.\"\\\u2028", ".");
    restic.succeed("backup", "--host", "other", hostile.toString());

    StockRepository repository = StockRepository.open(directory, PASSWORD);
    assertFilesAreCanonical(directory, repository);
    assertTreesAreCanonical(repository);
    assertEverythingIsThere(repository);
    assertTrue(
        repository.unpacked("snapshots").stream()
            .allMatch(json -> text(json).contains("\"summary\":")));
  }

  @Test
  void repositoryVersion1IsReadTheSameWay() throws Exception {
    Path hostile = temporary.resolve("hostile");
    HostileFiles.create(Files.createDirectory(hostile));
    Path directory = temporary.resolve("repository");
    Restic restic = Restic.stock().at(directory, PASSWORD);
    restic.succeed("init", "--repository-version", "1");
    restic.succeed("backup", hostile.toString());

    StockRepository repository = StockRepository.open(directory, PASSWORD);
    assertEquals(1, RepositoryConfig.decode(repository.config()).version());
    assertFilesAreCanonical(directory, repository);
    assertTreesAreCanonical(repository);
    assertTrue(
        repository.packs().values().stream()
            .flatMap(List::stream)
            .noneMatch(PackEntry::compressed));
  }

  @Test
  void restic014IsReadTheSameWayButForLinksThatItLostItself() throws Exception {
    Path hostile = temporary.resolve("hostile");
    HostileFiles.create(Files.createDirectory(hostile));
    Path directory = temporary.resolve("repository");
    Restic restic = Restic.old().at(directory, PASSWORD);
    restic.succeed("init");
    restic.succeed("backup", hostile.toString());

    StockRepository repository = StockRepository.open(directory, PASSWORD);
    assertFilesAreCanonical(directory, repository);
    int others = 0;
    for (byte[] tree : repository.blobs(BlobType.TREE)) {
      // 0.14 wrote targets that are no text without their bytes, and \b and \f at length
      boolean knownToDiffer = text(tree).matches("(?s).*(\\\\ufffd|\\\\u000[8c]).*");
      assertEquals(!knownToDiffer, TreeReader.isCanonical(tree), () -> text(tree));
      others += knownToDiffer ? 1 : 0;
    }
    assertEquals(1, others);
  }

  @Test
  void everyCodePointIsQuotedAsResticQuotesIt() throws Exception {
    Path directory = Files.createDirectory(temporary.resolve("names"));
    Set<RawName> names = new HashSet<>();
    for (byte[] name : everyCodePoint()) {
      Files.createFile(HostileFiles.child(directory, name));
      names.add(RawName.of(name));
    }
    Restic restic = Restic.stock().at(temporary.resolve("repository"), PASSWORD).in(directory);
    restic.succeed("init");
    restic.succeed("backup", ".");

    StockRepository repository = StockRepository.open(temporary.resolve("repository"), PASSWORD);
    for (byte[] tree : repository.blobs(BlobType.TREE)) {
      for (TreeNode node : nodes(tree)) {
        names.remove(node.name());
      }
      assertTreeIsCanonical(tree);
    }
    assertEquals(Set.of(), names);
  }

  @Test
  void aStockLockIsWrittenAgainToTheByte() throws Exception {
    Path directory = temporary.resolve("repository");
    Path seen = temporary.resolve("seen");
    Restic restic = Restic.stock().at(directory, PASSWORD);
    restic.succeed("init");
    String locks = directory.resolve("locks").toString();
    restic.succeed("backup", "--stdin-from-command", "--", "cp", "-vr", locks, seen.toString());
    Path lock = StockRepository.files(seen).get(0);
    Files.move(lock, directory.resolve("locks").resolve(lock.getFileName()));

    StockRepository repository = StockRepository.open(directory, PASSWORD);
    byte[] json = repository.unpacked("locks").get(0);
    LockFile decoded = LockFile.decode(json);
    assertArrayEquals(json, decoded.encode());
    assertFalse(decoded.exclusive());
    assertTrue(decoded.pid() > 0);
  }

  private static void assertFilesAreCanonical(Path directory, StockRepository repository)
      throws IOException {
    byte[] config = repository.config();
    assertArrayEquals(config, RepositoryConfig.decode(config).encode());
    for (Path file : StockRepository.files(directory.resolve("keys"))) {
      byte[] key = Files.readAllBytes(file);
      assertArrayEquals(key, KeyFile.decode(key).encode());
      assertEquals(file.getFileName().toString(), Sha256.hash(key).hex());
    }
    for (byte[] snapshot : repository.unpacked("snapshots")) {
      assertSame(snapshot, SnapshotFile.decode(snapshot).encode());
    }
    Map<Sha256, List<PackEntry>> indexed = new HashMap<>();
    for (byte[] json : repository.unpacked("index")) {
      Map<Sha256, List<PackEntry>> packs = CollectedIndex.read(json);
      IndexWriter writer = new IndexWriter();
      packs.forEach(writer::add);
      assertSame(json, writer.finish());
      packs.forEach((pack, entries) -> indexed.put(pack, byOffset(entries)));
    }
    assertEquals(repository.packs(), indexed);
  }

  /** Before 0.18, the order in index files was not that of the pack. */
  private static List<PackEntry> byOffset(List<PackEntry> entries) {
    return entries.stream().sorted(Comparator.comparing(PackEntry::offset)).toList();
  }

  private static void assertTreesAreCanonical(StockRepository repository) throws IOException {
    for (byte[] tree : repository.blobs(BlobType.TREE)) {
      assertTreeIsCanonical(tree);
    }
  }

  private static void assertTreeIsCanonical(byte[] tree) throws IOException {
    TreeWriter writer = new TreeWriter();
    nodes(tree).forEach(writer::add);
    assertSame(tree, writer.finish());
    assertTrue(TreeReader.isCanonical(tree));
  }

  private static void assertEverythingIsThere(StockRepository repository) throws IOException {
    Set<RawName> names = new HashSet<>();
    Set<RawName> targets = new HashSet<>();
    Set<EntryType> types = EnumSet.noneOf(EntryType.class);
    Set<Integer> permissions = new HashSet<>();
    Set<String> attributes = new HashSet<>();
    for (byte[] tree : repository.blobs(BlobType.TREE)) {
      for (TreeNode node : nodes(tree)) {
        names.add(node.name());
        types.add(node.type());
        permissions.add(node.attributes().permissions());
        attributes.addAll(node.attributes().extended().keySet());
        if (node.linkTarget() != null) {
          targets.add(RawName.of(lastName(node.linkTarget().toByteArray())));
        }
      }
    }
    for (byte[] name : HostileFiles.names()) {
      assertTrue(names.contains(RawName.of(name)), () -> RawName.of(name).toString());
      assertTrue(targets.contains(RawName.of(name)), () -> RawName.of(name).toString());
    }
    assertTrue(types.containsAll(EnumSet.range(EntryType.FILE, EntryType.FIFO)));
    assertTrue(permissions.containsAll(Set.of(0, 01777, 02755, 04755, 07777)));
    assertTrue(attributes.containsAll(Set.of("user.zulu", "user.empty", "user.<quoted>&\"")));
  }

  private static byte[] lastName(byte[] path) {
    int at = path.length;
    while (path[at - 1] != '/') {
      at--;
    }
    return Arrays.copyOfRange(path, at, path.length);
  }

  private static List<TreeNode> nodes(byte[] tree) throws IOException {
    List<TreeNode> nodes = new ArrayList<>();
    try (TreeReader reader = new TreeReader(tree)) {
      for (TreeItem item = reader.next(); item != null; item = reader.next()) {
        nodes.add((TreeNode) item);
      }
      assertTrue(reader.sorted());
    }
    return nodes;
  }

  /**
   * Names that hold every code point up to the last ideographs, and those of plane 14. The rest of
   * Unicode is unassigned or private; a run over all of it, once, showed no difference either.
   */
  private static List<byte[]> everyCodePoint() {
    List<byte[]> names = new ArrayList<>();
    ByteArrayOutputStream name = new ByteArrayOutputStream();
    IntStream.concat(IntStream.range(1, 0x32400), IntStream.range(0xe0000, 0xe0400))
        .filter(each -> each != '/' && (each < 0xd800 || each > 0xdfff))
        .forEach(
            each -> {
              name.writeBytes(Utf8.encode(Character.toString(each)));
              if (name.size() > 250) {
                names.add(name.toByteArray());
                name.reset();
              }
            });
    return names;
  }

  private static void assertSame(byte[] expected, byte[] actual) {
    assertEquals(text(expected), text(actual)); // shows where they differ
    assertArrayEquals(expected, actual);
  }

  private static String text(byte[] json) {
    return new String(json, StandardCharsets.UTF_8);
  }
}
