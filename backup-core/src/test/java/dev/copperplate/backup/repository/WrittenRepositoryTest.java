package dev.copperplate.backup.repository;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.SourceId;
import dev.copperplate.backup.Verification;
import dev.copperplate.backup.files.FilesSource;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.restic.Restic;
import dev.copperplate.backup.target.LocalTarget;
import dev.copperplate.backup.verify.Verifiers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What we write, judged by stock restic. One repository with several snapshots of several sources
 * is written once; tests that change it work on copies.
 */
class WrittenRepositoryTest {

  private static final int LARGE = 30_000_000;
  private static final String ENVIRONMENT = "staging eu";
  private static final RepositoryOptions OPTIONS =
      RepositoryOptions.DEFAULT.environment(ENVIRONMENT);
  private static final byte[] ORDERS =
      "one order a line\n".repeat(50_000).getBytes(StandardCharsets.UTF_8);

  private static final MapSource ORDERS_SOURCE =
      new MapSource("orders of 2026", Map.of("a/rows", ORDERS, "b", new byte[0]));

  @TempDir static Path shared;
  @TempDir Path own;

  private static Path tree;
  private static Path repository;
  private static FileTree onDisk;
  private static Snapshot richSnapshot;
  private static Snapshot ordersSnapshot;

  @BeforeAll
  static void write() throws Exception {
    Restic.stock();
    tree = shared.resolve("tree");
    RichTree.make(tree, LARGE, 1);
    onDisk = FileTree.of(tree);
    Path others = Files.createDirectories(shared.resolve("others"));
    Files.writeString(Files.createDirectory(others.resolve("one")).resolve("file"), "first");
    Files.writeString(Files.createDirectory(others.resolve("two")).resolve("file"), "second");
    repository = shared.resolve("repository");
    try (BackupRepository open = create(repository)) {
      FilesSource two = FilesSource.of(others.resolve("two"), others.resolve("one"));
      assertComplete(open.backup(two));
      Files.writeString(others.resolve("one/file"), "changed");
      assertComplete(open.backup(two));
      BackupOptions nightly = BackupOptions.DEFAULT.tags(Set.of("nightly", "with blank"));
      richSnapshot = assertComplete(open.backup(FilesSource.of(tree), nightly));
      assertComplete(open.backup(ORDERS_SOURCE));
      ordersSnapshot = assertComplete(open.backup(ORDERS_SOURCE));
    }
  }

  @Test
  void checkReadsAllDataAndHasNothingToSay() throws Exception {
    assertClean(restic(repository));
  }

  @Test
  void theOldestResticWithTheFormatHasNothingToSayEither() throws Exception {
    assertClean(Restic.old().at(repository, TestRepositories.PASSWORD));
  }

  @Test
  void resticRestoresEveryFileWithItsMetadata() throws Exception {
    Path target = own.resolve("restored");
    Restic.Result result =
        restic(repository)
            .run("restore", richSnapshot.id().hex(), "--verify", "--target", target.toString());
    assertEquals(0, result.exitCode(), result::toString);
    assertEquals("", result.err());
    FileTree.assertSame(onDisk, FileTree.of(FileTree.below(target, tree)));
  }

  @Test
  void theOldestResticRestoresEveryFileToo() throws Exception {
    Path target = own.resolve("restored");
    Restic old = Restic.old().at(repository, TestRepositories.PASSWORD);
    old.succeed("restore", richSnapshot.id().hex(), "--target", target.toString());
    FileTree restored = FileTree.of(FileTree.below(target, tree));
    // It does not know the field that keeps the bytes of such a target.
    String rawTarget = "links/no%20UTF-8";
    FileTree.assertSame(onDisk.without(rawTarget), restored.without(rawTarget));
  }

  @Test
  void everyDirectoryIsStoredAsResticItselfWouldWriteIt() throws Exception {
    Path copy = StoredRepository.copy(repository, own.resolve("repository"));
    String said = restic(copy).succeed("rewrite", "--exclude", "/nothing-like-that");
    assertTrue(said.contains("no snapshots were modified"), said);
    assertEquals(
        StoredRepository.at(repository).ids(ObjectKind.SNAPSHOT),
        StoredRepository.at(copy).ids(ObjectKind.SNAPSHOT));
  }

  @Test
  void copiesIntoAnotherRepositoryKeepRunsSourcesAndContent() throws Exception {
    Path other = own.resolve("other");
    Path password = own.resolve("password");
    Files.writeString(password, TestRepositories.PASSWORD);
    String[] from = {
      "--from-repo", repository.toString(), "--from-password-file", password.toString()
    };
    Restic restic = restic(other);
    restic.succeed("init", "--copy-chunker-params", from[0], from[1], from[2], from[3]);
    StoredRepository.cheapen(other);
    restic.succeed("copy", from[0], from[1], from[2], from[3]);
    assertClean(restic);
    try (BackupRepository written = open(repository);
        BackupRepository copied = open(other)) {
      List<Snapshot> all = written.list(SnapshotFilter.ALL);
      List<Snapshot> copies = copied.list(SnapshotFilter.ALL);
      assertEquals(all.size(), copies.size());
      for (int i = 0; i < all.size(); i++) {
        assertSameFacts(all.get(i), copies.get(i));
      }
      assertReadable(copied);
      assertEquals(0, copied.backup(FilesSource.of(tree)).dataBlobs());
    }
  }

  @Test
  void pruneLeavesEverythingThatRemainsReadable() throws Exception {
    Path copy = StoredRepository.copy(repository, own.resolve("repository"));
    try (BackupRepository open = open(copy)) {
      // So that the index in memory is of the time before.
      assertReadable(open);
      restic(copy).succeed("forget", "--prune", ordersSnapshot.id().hex());
      restic(copy).succeed("prune", "--max-unused", "0");
      assertReadable(open);
      restic(copy).succeed("prune", "--repack-uncompressed", "--repack-small");
      assertReadable(open);
      assertEquals(4, open.list(SnapshotFilter.ALL).size());
      assertEquals(0, open.backup(FilesSource.of(tree)).dataBlobs());
      Path target = own.resolve("restored");
      Snapshot rich = open.list(SnapshotFilter.of(richSnapshot.run())).get(0);
      FileTree.assertSame(onDisk.asTheJdkCan(), RestoredTree.of(open, rich, target, tree));
    }
    assertClean(restic(copy));
  }

  @Test
  void whatPruneTookAwayIsStoredAgain() throws Exception {
    Path copy = StoredRepository.copy(repository, own.resolve("repository"));
    byte[] content = new byte[3_000_000];
    new Random(7).nextBytes(content);
    MapSource source = new MapSource("kept open", Map.of("content", content));
    try (BackupRepository open = open(copy)) {
      BackupReport first = open.backup(source);
      assertNotEquals(0, first.dataBlobs());
      restic(copy).succeed("forget", "--prune", first.snapshot().id().hex());
      BackupReport second = open.backup(source);
      assertEquals(first.dataBlobs(), second.dataBlobs());
      assertReadable(open);
    }
    assertClean(restic(copy));
  }

  @Test
  void aTagOfResticKeepsTheRunAndTheSource() throws Exception {
    Path copy = StoredRepository.copy(repository, own.resolve("repository"));
    restic(copy).succeed("tag", "--add", "audited", ordersSnapshot.id().hex());
    try (BackupRepository open = open(copy)) {
      List<Snapshot> found = open.list(SnapshotFilter.of(ordersSnapshot.run()));
      assertEquals(1, found.size());
      Snapshot tagged = found.get(0);
      assertNotEquals(ordersSnapshot.id(), tagged.id());
      assertEquals(Set.of("audited"), tagged.tags());
      assertEquals(ordersSnapshot.source(), tagged.source());
      assertEquals(ordersSnapshot.content(), tagged.content());
      assertEquals(ordersSnapshot.time(), tagged.time());
      assertEquals(5, open.list(SnapshotFilter.ALL).size());
      BackupReport next = open.backup(ORDERS_SOURCE);
      assertEquals(0, next.dataBlobs());
      assertEquals(0, next.filesNew(), "the tagged snapshot is the previous one");
    }
    assertClean(restic(copy));
  }

  @Test
  void resticShowsCountsNamesAndContent() throws Exception {
    Restic restic = restic(repository);
    String stats =
        restic.succeed("stats", "--mode", "restore-size", "--json", richSnapshot.id().hex());
    assertEquals(richSnapshot.bytes(), number(stats, "total_size") + sharedBytes());
    String snapshots = restic.succeed("snapshots", "--json");
    assertEquals(5, occurrences(snapshots, "\"short_id\""));
    assertTrue(snapshots.contains("\"paths\":[\"/map/orders of 2026\"]"), snapshots);
    assertTrue(snapshots.contains("\"hostname\":\"" + ENVIRONMENT + "\""), snapshots);
    assertTrue(snapshots.contains("\"run=" + richSnapshot.run() + "\""), snapshots);
    String listed = restic.succeed("ls", ordersSnapshot.id().hex());
    assertTrue(listed.contains("/.backup/manifest.json\n"), listed);
    assertTrue(listed.contains("/a/rows\n"), listed);
    String found = restic.succeed("find", "--json", "manifest.json");
    assertEquals(2, occurrences(found, "\"path\":\"/.backup/manifest.json\""));
    assertArrayEquals(
        ORDERS,
        restic
            .succeed("dump", ordersSnapshot.id().hex(), "/a/rows")
            .getBytes(StandardCharsets.UTF_8));
    assertEquals("", restic.succeed("dump", ordersSnapshot.id().hex(), "/b"));
  }

  @Test
  void forgetTakesEachSourceForItself() throws Exception {
    Path copy = StoredRepository.copy(repository, own.resolve("repository"));
    restic(copy).succeed("forget", "--keep-last", "1");
    try (BackupRepository open = open(copy)) {
      List<Snapshot> kept = open.list(SnapshotFilter.ALL);
      assertEquals(3, kept.size());
      Set<SourceId> sources = new HashSet<>();
      kept.forEach(each -> sources.add(each.source()));
      assertEquals(3, sources.size());
      assertTrue(kept.contains(richSnapshot));
      assertTrue(kept.contains(ordersSnapshot));
    }
  }

  @Test
  void resticFindsAllDataOfOursStoredAlready() throws Exception {
    Path copy = StoredRepository.copy(repository, own.resolve("repository"));
    String backup =
        restic(copy).succeed("backup", "--json", "--host", ENVIRONMENT, tree.toString());
    assertEquals(0, number(backup, "data_blobs"), backup);
    String diff =
        restic(copy).succeed("diff", richSnapshot.id().hex(), text(backup, "snapshot_id"));
    assertTrue(diff.contains("Files:           0 new,     0 removed,     0 changed"), diff);
    assertTrue(diff.contains("Others:          0 new,     0 removed"), diff);
    assertClean(restic(copy));
  }

  @Test
  void weFindAllDataOfResticStoredAlready() throws Exception {
    Path written = own.resolve("native");
    Restic restic = restic(written);
    restic.succeed("init");
    StoredRepository.cheapen(written);
    restic.succeed("backup", "--host", ENVIRONMENT, tree.toString());
    try (BackupRepository open = open(written)) {
      BackupReport first = open.backup(FilesSource.of(tree));
      assertEquals(0, first.dataBlobs());
      assertEquals(0, first.filesNew() + first.filesChanged(), "restic's snapshot is the previous");
      // A label of its own makes us read every file instead of taking over what restic stored.
      try (BackupRepository elsewhere =
          BackupRepository.open(
              LocalTarget.at(written), TestRepositories.PASSWORDS, OPTIONS.environment("other"))) {
        BackupReport all = elsewhere.backup(FilesSource.of(tree));
        assertEquals(0, all.dataBlobs());
        assertEquals(all.snapshot().files(), all.filesNew());
      }
    }
    assertClean(restic);
  }

  @Test
  void whatLiesBesideTheRepositoryLeavesCheckSilent() throws Exception {
    Path copy = StoredRepository.copy(repository, own.resolve("repository"));
    Path receipts = Files.createDirectories(copy.resolve("copperplate/receipts"));
    Files.writeString(receipts.resolve("a".repeat(64)), "no object of the format");
    Files.writeString(copy.resolve("copperplate/note"), "nor this");
    assertClean(restic(copy));
    restic(copy).succeed("prune", "--max-unused", "0");
    assertTrue(Files.exists(receipts.resolve("a".repeat(64))));
  }

  @Test
  void noLockRemains() throws Exception {
    assertEquals(Set.of(), StoredRepository.at(repository).ids(ObjectKind.LOCK));
  }

  private static Restic restic(Path repository) throws IOException {
    return Restic.stock().at(repository, TestRepositories.PASSWORD);
  }

  private static BackupRepository create(Path directory) throws IOException {
    return TestRepositories.create(LocalTarget.at(directory), OPTIONS);
  }

  private static BackupRepository open(Path directory) throws IOException {
    return BackupRepository.open(LocalTarget.at(directory), TestRepositories.PASSWORDS, OPTIONS);
  }

  static void assertClean(Restic restic) throws Exception {
    Restic.Result check = restic.run("check", "--read-data");
    assertEquals(0, check.exitCode(), check::toString);
    assertEquals("", check.err(), check::toString);
    assertTrue(check.out().contains("no errors were found"), check::toString);
  }

  private static Snapshot assertComplete(BackupReport report) {
    List<Finding> bad =
        report.findings().stream()
            .filter(each -> each.severity() != Finding.Severity.INFO)
            .toList();
    assertEquals(List.of(), bad);
    assertEquals(SnapshotState.COMPLETE, report.snapshot().state());
    return report.snapshot();
  }

  private static void assertReadable(BackupRepository repository) throws Exception {
    for (Snapshot each : repository.list(SnapshotFilter.ALL)) {
      Verification verification = repository.verify(each, Verifiers.checksums());
      assertEquals(List.of(), verification.findings(), each::toString);
      assertTrue(verification.passed());
      assertEquals(String.valueOf(each.files()), verification.facts().get("files"));
      assertEquals(String.valueOf(each.bytes()), verification.facts().get("bytes"));
    }
  }

  /** Everything of two snapshots but their ids. */
  private static void assertSameFacts(Snapshot expected, Snapshot actual) {
    assertNotEquals(expected.id(), actual.id());
    Snapshot renamed =
        new Snapshot(
            expected.id(),
            actual.run(),
            actual.content(),
            actual.source(),
            actual.environment(),
            actual.time(),
            actual.state(),
            actual.dependencies(),
            actual.replaces(),
            actual.set(),
            actual.tags(),
            actual.files(),
            actual.bytes());
    assertEquals(expected, renamed);
  }

  /** Bytes of second and further names of files, which restic's statistics leave out. */
  private static long sharedBytes() {
    return onDisk.items().entrySet().stream()
        .filter(each -> !each.getValue().sameAs().isEmpty())
        .filter(each -> !each.getValue().sameAs().equals(each.getKey()))
        .mapToLong(each -> each.getValue().size())
        .sum();
  }

  private static long number(String json, String field) {
    return Long.parseLong(find(json, "\"" + field + "\":(\\d+)"));
  }

  private static String text(String json, String field) {
    return find(json, "\"" + field + "\":\"([^\"]*)\"");
  }

  private static String find(String json, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(json);
    assertTrue(matcher.find(), json);
    return matcher.group(1);
  }

  private static long occurrences(String text, String part) {
    return Pattern.compile(Pattern.quote(part)).matcher(text).results().count();
  }
}
