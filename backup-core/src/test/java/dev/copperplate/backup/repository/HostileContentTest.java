package dev.copperplate.backup.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.Verification;
import dev.copperplate.backup.repository.format.BlobType;
import dev.copperplate.backup.repository.format.PackEntry;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.format.Unpacked;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.verify.Verifiers;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Snapshots that somebody made to hurt their reader. What is intact in them can be read. */
@Timeout(120)
class HostileContentTest {

  @TempDir Path directory;

  private HostileRepository hostile;

  @BeforeEach
  void create() throws Exception {
    hostile = HostileRepository.create(directory);
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", ".", "a/b", "/", "", "a\\u0000b", "a\\\\x00b", "\\\\q"})
  void aNameThatNoFileCanHaveIsNamedAndItsNeighboursCanBeRead(String name) throws Exception {
    Sha256 content = hostile.data("hello");
    Sha256 tree =
        hostile.tree(
            HostileRepository.file("a", 5, content),
            HostileRepository.file(name, 5, content),
            HostileRepository.file("z", 5, content));
    Walked walked = walk(tree);
    assertEquals(List.of("/a", "/z"), walked.paths());
    assertEquals(1, walked.failures().size(), walked::toString);
    assertEquals(Kind.DAMAGED, walked.failures().get(0).kind());
    try (BackupRepository repository = TestRepositories.open(directory)) {
      Verification verification = verify(repository);
      assertFalse(verification.passed());
      assertEquals(1, verification.findings().size(), verification::toString);
      assertEquals("2", verification.facts().get("files"));
    }
  }

  @Test
  void aNameThatStandsTwiceDoesNotHideItsNeighbours() throws Exception {
    Sha256 content = hostile.data("hello");
    Sha256 tree =
        hostile.tree(
            HostileRepository.file("a", 5, content),
            HostileRepository.file("a", 5, content),
            HostileRepository.file("b", 5, content));
    assertEquals(List.of("/a", "/a", "/b"), walk(tree).paths(), "As restic lists them");
  }

  @Test
  void aTreeOfAHundredThousandLevelsEndsAtTheDocumentedDepth() throws Exception {
    Sha256 content = hostile.data("hello");
    Sha256 tree = hostile.tree(HostileRepository.file("end", 5, content));
    for (int i = 0; i < 100_000; i++) {
      tree = hostile.tree(HostileRepository.directory("d", tree));
    }
    hostile.snapshot(
        hostile.tree(
            HostileRepository.directory("deep", tree),
            HostileRepository.file("sibling", 5, content)));
    hostile.list();
    try (ChildJvm child = ChildJvm.start("128m", HostileReading.class, directory)) {
      assertEquals(0, child.end(), child.said());
      assertTrue(child.said().contains("\nfailed DAMAGED Directory /deep/d/d"), child.said());
      assertTrue(child.said().contains("levels deep"), child.said());
      assertTrue(child.said().contains("\nread /sibling 5"), child.said());
      assertTrue(child.said().contains("\nverified false 1"), child.said());
    }
  }

  @Test
  void aBlobThatUnfoldsToTheLargestSizeIsAFindingInASmallHeap() throws Exception {
    Sha256 good = hostile.data("hello");
    byte[] bomb = Bombs.zeros(1L << 30);
    Sha256 lying = Sha256.hash("lying".getBytes(StandardCharsets.UTF_8));
    hostile.blob(BlobType.DATA, lying, bomb, 5);
    Sha256 huge = Sha256.hash("huge".getBytes(StandardCharsets.UTF_8));
    hostile.blob(BlobType.DATA, huge, bomb, 1L << 30);
    hostile.blob(BlobType.TREE, huge, bomb, 1L << 30);
    Sha256 tree =
        hostile.tree(
            HostileRepository.file("a", 5, lying),
            HostileRepository.file("b", 1L << 30, huge),
            HostileRepository.directory("c", huge),
            HostileRepository.file("sibling", 5, good));
    hostile.snapshot(tree);
    hostile.list();
    try (ChildJvm child = ChildJvm.start("128m", HostileReading.class, directory)) {
      assertEquals(0, child.end(), child.said());
      assertTrue(child.said().contains("\nfailed DAMAGED File /a"), child.said());
      assertTrue(child.said().contains("\nfailed DAMAGED File /b"), child.said());
      assertTrue(child.said().contains("\nfailed DAMAGED Directory /c"), child.said());
      assertTrue(child.said().contains("\nread /sibling 5"), child.said());
      assertTrue(child.said().contains("\nverified false 3"), child.said());
    }
  }

  @Test
  void aBlobThatDoesNotFitIntoMemoryIsNoError() throws Exception {
    Sha256 huge = Sha256.hash("huge".getBytes(StandardCharsets.UTF_8));
    hostile.blob(BlobType.DATA, huge, Bombs.zeros(120 << 20), 120 << 20);
    Sha256 good = hostile.data("hello");
    hostile.snapshot(
        hostile.tree(
            HostileRepository.file("a", 120 << 20, huge),
            HostileRepository.file("sibling", 5, good)));
    hostile.list();
    try (ChildJvm child = ChildJvm.start("64m", HostileReading.class, directory)) {
      child.end();
      assertTrue(child.said().contains("\nfailed UNSUPPORTED File /a"), child.said());
      assertTrue(child.said().contains("larger heap"), child.said());
      assertTrue(child.said().contains("\nread /sibling 5"), child.said());
    }
  }

  @Test
  void largeJunkOfSomebodyWithoutTheKeyIsNotReadIntoASmallHeap() throws Exception {
    Sha256 good = hostile.data("hello");
    hostile.snapshot(hostile.tree(HostileRepository.file("sibling", 5, good)));
    hostile.list();
    byte[] junk = new byte[120 << 20];
    for (ObjectKind kind : List.of(ObjectKind.INDEX, ObjectKind.SNAPSHOT, ObjectKind.LOCK)) {
      hostile.put(kind.key(Sha256.hash(junk)).value(), junk);
    }
    try (ChildJvm child = ChildJvm.start("96m", HostileReading.class, directory)) {
      assertEquals(0, child.end(), child.said());
      assertTrue(child.said().contains("\nread /sibling 5"), child.said());
      assertTrue(child.said().contains("\nverified true 1"), child.said());
    }
  }

  @Test
  void anIndexThatUnfoldsWithoutEndIsPassedOverInASmallHeap() throws Exception {
    Sha256 good = hostile.data("hello");
    hostile.snapshot(hostile.tree(HostileRepository.file("sibling", 5, good)));
    hostile.list();
    byte[] bomb = Bombs.zeros(1L << 30);
    byte[] envelope = new byte[bomb.length + 1];
    envelope[0] = 2;
    System.arraycopy(bomb, 0, envelope, 1, bomb.length);
    hostile.unpacked(ObjectKind.INDEX, envelope);
    try (ChildJvm child = ChildJvm.start("320m", HostileReading.class, directory)) {
      assertEquals(0, child.end(), child.said());
      assertTrue(child.said().contains("\nread /sibling 5"), child.said());
      assertTrue(child.said().contains("\nverified true 1"), child.said());
    }
  }

  @Test
  void aTreeThatNamesItsChildrenTwiceAtEachLevelCanBeInterrupted() throws Exception {
    Sha256 tree = hostile.tree();
    for (int i = 0; i < 60; i++) {
      tree =
          hostile.tree(
              HostileRepository.directory("a", tree), HostileRepository.directory("b", tree));
    }
    hostile.snapshot(tree);
    hostile.list();
    CountDownLatch inTheMiddle = new CountDownLatch(1000);
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    try (BackupRepository repository = TestRepositories.open(directory)) {
      Snapshot snapshot = repository.list(SnapshotFilter.ALL).get(0);
      Thread verifying =
          new Thread(
              () -> {
                try {
                  repository.verify(snapshot, (reader, context) -> count(reader, inTheMiddle));
                } catch (Exception failed) {
                  thrown.set(failed);
                }
              });
      verifying.start();
      inTheMiddle.await();
      verifying.interrupt();
      verifying.join(TimeUnit.SECONDS.toMillis(10));
      assertFalse(verifying.isAlive(), "2^60 directories are walked to the end");
      assertEquals(InterruptedException.class, thrown.get().getClass());
      assertEquals(List.of(), EngineThreads.remaining());
    }
  }

  private static Verification count(SnapshotReader reader, CountDownLatch entries)
      throws IOException {
    try (Cursor<Entry> walk = reader.walk(EntryPath.ROOT, Integer.MAX_VALUE)) {
      while (walk.next() != null) {
        entries.countDown();
      }
    }
    throw new AssertionError("2^60 directories were walked");
  }

  @Test
  void aBlobWhoseFirstPackIsDamagedIsReadFromTheSecond() throws Exception {
    for (int round = 0; round < 2; round++) {
      hostile.data("twice");
      Sha256 pack = hostile.pack().get(0);
      if (round == 0) {
        new Damage(directory).flip(ObjectKind.PACK, pack, 20);
      }
      hostile.list();
    }
    Sha256 id = Sha256.hash("twice".getBytes(StandardCharsets.UTF_8));
    Walked walked = walk(hostile.tree(HostileRepository.file("f", 5, id)));
    assertEquals(List.of("/f"), walked.paths());
    assertEquals("twice", read("f"));
  }

  @Test
  void anIndexThatLiesOfASizeDoesNotSpoilWhatATrueOneSays() throws Exception {
    Sha256 first = hostile.data("first");
    Sha256 second = hostile.data("second");
    hostile.pack();
    hostile.index(index(hostile.unlisted(), 3, 60, 40));
    listTrees(hostile.tree(HostileRepository.file("f", 11, first, second)));
    try (BackupRepository repository = TestRepositories.open(directory)) {
      Snapshot snapshot = repository.list(SnapshotFilter.ALL).get(0);
      // The lie is heard first.
      assertThrows(BackupException.class, () -> readAll(repository, snapshot, "f"));
      hostile.list();
      assertEquals("firstsecond", text(readAll(repository, snapshot, "f")));
      try (SnapshotReader reader = repository.open(snapshot);
          InputStream in =
              reader.open(reader.entry(EntryPath.of("f")).orElseThrow(), ByteRange.from(5))) {
        assertEquals("second", text(in.readAllBytes()));
      }
    }
  }

  /** Alone, such an index must not make a reader hand out wrong or fewer bytes. */
  @Test
  void anIndexThatPointsWrongGivesDamagedNeverWrongBytes() throws Exception {
    Sha256 first = hostile.data("first content");
    Sha256 second = hostile.data("second content");
    hostile.pack();
    Map<Sha256, List<PackEntry>> packs = hostile.unlisted();
    Sha256 tree = hostile.tree(HostileRepository.file("f", 27, first, second));
    long[][] lies = {
      {0, 0, 0},
      {0, 5, 0},
      {0, 31, 0},
      {0, 32, 0},
      {1, 60, 13},
      {0, 60, 500},
      {0, 60, 1},
      {0xffff_ffffL, 60, 13},
      {0, 0xffff_ffffL, 13},
      {0, 60, 0xffff_ffffL},
      {0xffff_ffffL, 0xffff_ffffL, 0xffff_ffffL},
      {0, 0xffff_ffffL, 0}
    };
    for (long[] lie : lies) {
      Sha256 index = hostile.index(index(packs, lie[0], lie[1], lie[2]));
      Sha256 trees = listTrees(tree);
      try (BackupRepository repository = TestRepositories.open(directory)) {
        Snapshot snapshot = repository.list(SnapshotFilter.ALL).get(0);
        String what = "offset " + lie[0] + ", length " + lie[1] + ", plain " + lie[2];
        BackupException thrown =
            assertThrows(BackupException.class, () -> readAll(repository, snapshot, "f"), what);
        assertEquals(Kind.DAMAGED, thrown.kind(), what);
        assertTrue(thrown.getMessage().contains("/f"), thrown.getMessage());
        assertFalse(repository.verify(snapshot, Verifiers.checksums()).passed(), what);
        assertRangeIsRightOrRefused(repository, snapshot, what);
      }
      hostile.target().delete(List.of(ObjectKind.INDEX.key(index), ObjectKind.INDEX.key(trees)));
    }
  }

  private static void assertRangeIsRightOrRefused(
      BackupRepository repository, Snapshot snapshot, String what) throws Exception {
    try (SnapshotReader reader = repository.open(snapshot);
        InputStream in =
            reader.open(reader.entry(EntryPath.of("f")).orElseThrow(), ByteRange.from(20))) {
      assertEquals("content", text(in.readAllBytes()), what);
    } catch (BackupException refused) {
      assertEquals(Kind.DAMAGED, refused.kind(), what);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"offset\":-1,\"length\":60",
        "\"offset\":0,\"length\":4294967296",
        "\"offset\":0,\"length\":60,\"uncompressed_length\":99999999999999999999999",
        "\"offset\":1.5,\"length\":60",
        "\"offset\":\"0\",\"length\":60"
      })
  void anIndexWithImpossibleNumbersCostsItselfAlone(String numbers) throws Exception {
    Sha256 good = hostile.data("hello");
    hostile.snapshot(hostile.tree(HostileRepository.file("f", 5, good)));
    hostile.list();
    Sha256 other = Sha256.hash("other".getBytes(StandardCharsets.UTF_8));
    String blob = "{\"id\":\"" + other + "\",\"type\":\"data\",";
    hostile.index(
        "{\"packs\":[{\"id\":\""
            + other
            + "\",\"blobs\":["
            + blob
            + "\"offset\":0,\"length\":60},"
            + blob
            + numbers
            + "}]}]}");
    assertEquals("hello", read("f"));
    try (BackupRepository repository = TestRepositories.open(directory)) {
      BackupReport report =
          repository.backup(new MapSource("after", Map.of("f", new byte[] {1, 2, 3})));
      assertTrue(
          report.findings().stream().anyMatch(each -> each.message().contains("index/")),
          report::toString);
    }
  }

  @Test
  void halfOfAMalformedIndexDoesNotCount() throws Exception {
    byte[] content = "only there".getBytes(StandardCharsets.UTF_8);
    Sha256 id = hostile.blob(BlobType.DATA, content);
    hostile.pack();
    PackEntry entry = hostile.unlisted().values().iterator().next().get(0);
    Sha256 pack = hostile.unlisted().keySet().iterator().next();
    hostile.index(
        "{\"packs\":[{\"id\":\""
            + pack
            + "\",\"blobs\":[{\"id\":\""
            + id
            + "\",\"type\":\"data\",\"offset\":0,\"length\":"
            + entry.length()
            + ",\"uncompressed_length\":"
            + entry.plainLength()
            + "}]},{\"id\":\"nonsense\"}]}");
    // Stock restic takes nothing of that index, so no snapshot may rely on it.
    hostile.target().delete(List.of(ObjectKind.PACK.key(pack)));
    try (BackupRepository repository = TestRepositories.open(directory)) {
      BackupReport report = repository.backup(new MapSource("after", Map.of("f", content)));
      assertEquals(2, report.dataBlobs(), "The content and the manifest");
      assertTrue(repository.verify(report.snapshot(), Verifiers.checksums()).passed());
    }
  }

  @Test
  void aSnapshotWhoseTreeIsMissingIsAFindingAndHidesNoOther() throws Exception {
    Sha256 good = hostile.data("hello");
    hostile.snapshot(hostile.tree(HostileRepository.file("f", 5, good)));
    hostile.list();
    Sha256 broken = hostile.snapshot(Sha256.hash(new byte[] {1}));
    try (BackupRepository repository = TestRepositories.open(directory)) {
      List<Snapshot> all = repository.list(SnapshotFilter.ALL);
      assertEquals(2, all.size());
      for (Snapshot each : all) {
        Verification verification = repository.verify(each, Verifiers.structure());
        assertEquals(!each.id().hex().equals(broken.hex()), verification.passed());
        for (Finding finding : verification.findings()) {
          assertTrue(finding.message().contains("is in no index"), finding::toString);
          assertFalse(finding.remedy().isEmpty(), finding::toString);
        }
      }
    }
  }

  @Test
  void snapshotFilesThatSayNonsenseHideNoOther() throws Exception {
    Sha256 tree = hostile.tree();
    hostile.snapshot(tree);
    hostile.list();
    List<String> nonsense = new ArrayList<>();
    String id = "\"tree\":\"" + tree + "\"";
    nonsense.add("{}");
    nonsense.add("[]");
    nonsense.add("{\"tree\":\"zz\"}");
    nonsense.add("{\"tree\":null}");
    nonsense.add("{" + id + ",\"time\":\"never\"}");
    nonsense.add("{" + id + ",\"paths\":[\"\\u0000\\u001b[31m\",\"\",\"..\"]}");
    nonsense.add("{" + id + ",\"paths\":[],\"hostname\":\"\\u0007\"}");
    nonsense.add("{" + id + ",\"tags\":[\"run=\",\"run=../..\",\"parent= \",\"state=odd\",\"\"]}");
    nonsense.add("{" + id + ",\"tags\":[\"set=a b\",\"replaces=\\u0000\",\"state=DAMAGED\"]}");
    nonsense.add(
        "{" + id + ",\"program_version\":\"copperplate 1 (map)\",\"paths\":[\"/map/a\\u0001\"]}");
    nonsense.add("{" + id + ",\"program_version\":\"copperplate 1 (map)\",\"paths\":[\"/map/\"]}");
    nonsense.add("{" + id + ",\"summary\":{\"total_files_processed\":-5}}");
    nonsense.add("{" + id + ",\"summary\":{\"total_bytes_processed\":18446744073709551615}}");
    nonsense.add("{" + id + ",\"uid\":4294967295,\"gid\":4294967296}");
    nonsense.add("{" + id + ",\"time\":\"0000-01-01T00:00:00Z\"}");
    nonsense.add("{" + id + ",\"time\":\"9999-12-31T23:59:59.999999999Z\"}");
    for (String each : nonsense) {
      hostile.unpacked(ObjectKind.SNAPSHOT, Unpacked.encode(each.getBytes(StandardCharsets.UTF_8)));
    }
    hostile.unpacked(ObjectKind.SNAPSHOT, new byte[0]);
    hostile.unpacked(ObjectKind.SNAPSHOT, new byte[] {2});
    hostile.unpacked(ObjectKind.SNAPSHOT, new byte[] {9, 9});
    try (BackupRepository repository = TestRepositories.open(directory)) {
      List<Snapshot> all = repository.list(SnapshotFilter.ALL);
      assertTrue(all.stream().anyMatch(each -> each.environment().equals("h")));
      for (Snapshot each : all) {
        repository.verify(each, Verifiers.structure());
        repository.list(SnapshotFilter.of(each.source()));
      }
      repository.backup(new MapSource("after", Map.of("f", new byte[] {1})));
    }
  }

  /** What a walk gave, and what it said. */
  private record Walked(List<String> paths, List<BackupException> failures) {}

  private Walked walk(Sha256 tree) throws Exception {
    hostile.snapshot(tree);
    hostile.list();
    List<String> paths = new ArrayList<>();
    List<BackupException> failures = new ArrayList<>();
    try (BackupRepository repository = TestRepositories.open(directory);
        SnapshotReader reader = repository.open(repository.list(SnapshotFilter.ALL).get(0));
        Cursor<Entry> walk = reader.walk(EntryPath.ROOT, Integer.MAX_VALUE)) {
      while (true) {
        try {
          Entry entry = walk.next();
          if (entry == null) {
            return new Walked(paths, failures);
          }
          paths.add(entry.path().toString());
        } catch (BackupException damage) {
          failures.add(damage);
        }
      }
    }
  }

  private Sha256 listTrees(Sha256 tree) throws IOException {
    // The trees' pack is listed truly, each time anew; the snapshot names them.
    hostile.snapshot(tree);
    Sha256 pack = null;
    PackEntry entry = null;
    for (Map.Entry<Sha256, List<PackEntry>> each : hostile.unlisted().entrySet()) {
      for (PackEntry blob : each.getValue()) {
        if (blob.id().equals(tree)) {
          pack = each.getKey();
          entry = blob;
        }
      }
    }
    if (pack == null) {
      hostile.pack();
      return listTrees(tree);
    }
    return hostile.index(
        "{\"packs\":[{\"id\":\""
            + pack
            + "\",\"blobs\":["
            + json(entry, entry.offset(), entry.length(), entry.plainLength())
            + "]}]}");
  }

  /** An index that says the same wrong numbers of every data blob. */
  private static String index(
      Map<Sha256, List<PackEntry>> packs, long offset, long length, long plain) {
    List<String> all = new ArrayList<>();
    packs.forEach(
        (pack, entries) -> {
          List<String> blobs = new ArrayList<>();
          for (PackEntry each : entries) {
            if (each.type() == BlobType.DATA) {
              blobs.add(json(each, offset, length, plain));
            }
          }
          all.add("{\"id\":\"" + pack + "\",\"blobs\":[" + String.join(",", blobs) + "]}");
        });
    return "{\"packs\":[" + String.join(",", all) + "]}";
  }

  private static String json(PackEntry blob, long offset, long length, long plain) {
    return "{\"id\":\""
        + blob.id()
        + "\",\"type\":\""
        + (blob.type() == BlobType.TREE ? "tree" : "data")
        + "\",\"offset\":"
        + offset
        + ",\"length\":"
        + length
        + (plain == 0 ? "" : ",\"uncompressed_length\":" + plain)
        + "}";
  }

  private String read(String path) throws Exception {
    try (BackupRepository repository = TestRepositories.open(directory)) {
      return text(readAll(repository, repository.list(SnapshotFilter.ALL).get(0), path));
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static byte[] readAll(BackupRepository repository, Snapshot snapshot, String path)
      throws Exception {
    try (SnapshotReader reader = repository.open(snapshot);
        InputStream in =
            reader.open(reader.entry(EntryPath.of(path)).orElseThrow(), ByteRange.ALL)) {
      return in.readAllBytes();
    }
  }

  private static Verification verify(BackupRepository repository) throws Exception {
    return repository.verify(repository.list(SnapshotFilter.ALL).get(0), Verifiers.checksums());
  }
}
