package dev.copperplate.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Content;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.PutOptions;
import dev.copperplate.backup.RestorePlan;
import dev.copperplate.backup.RestoreReport;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.postgres.basebackup.BackupManifest;
import dev.copperplate.backup.postgres.capture.Facts;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.testkit.MemoryTarget;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a restore writes, and what it refuses, with bases that no server made. */
class SyntheticRestoreTest {

  private static final int BLOCK = 8192;

  @TempDir private Path folder;
  private final MemoryTarget target = new MemoryTarget();
  private BackupRepository repository;
  private Path data;
  private Path wal;

  @BeforeEach
  void create() throws IOException {
    repository = TestRepositories.create(target, RepositoryOptions.DEFAULT);
    data = folder.resolve("data");
    wal = folder.resolve("data.wal");
  }

  @AfterEach
  void close() throws IOException {
    repository.close();
  }

  // ---- destinations

  @Test
  void aDirectoryThatIsNotEmptyIsRefusedAndStaysAsItIs() throws Exception {
    Files.createDirectories(data);
    Files.writeString(data.resolve("precious"), "x");
    BackupException refused = refused(Kind.ALREADY_EXISTS, base(), restorer());
    assertTrue(refused.getMessage().contains(data.toString()), refused.getMessage());
    assertEquals(List.of("data", "data/precious"), names(folder));
  }

  @Test
  void aDirectoryOfWalThatIsNotEmptyIsRefused() throws Exception {
    Files.createDirectories(wal);
    Files.writeString(wal.resolve("000000010000000000000001"), "x");
    refused(Kind.ALREADY_EXISTS, base(), restorer());
    assertFalse(Files.exists(data));
  }

  @Test
  void directoriesWithinEachOtherAreRefused() throws Exception {
    refused(Kind.INVALID, base(), restorer().walDirectory(data.resolve("wal")));
    refused(Kind.INVALID, base(), restorer().walDirectory(data));
  }

  @Test
  void directoriesAndFilesAreClosedToOthers() throws Exception {
    Files.createDirectories(data);
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxrwxrwx"));
    repository.backup(SyntheticSource.wal(1, "0/200000").segments(1, 1, 1));
    restore(base(), restorer());
    requireClosed(data);
    requireClosed(wal);
  }

  private static void requireClosed(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path each : all.toList()) {
        String wanted = Files.isDirectory(each) ? "rwx------" : "rw-------";
        assertEquals(
            wanted, PosixFilePermissions.toString(Files.getPosixFilePermissions(each)), each + "");
      }
    }
  }

  @Test
  void aDryRunChangesNothing() throws Exception {
    RestorePlan plan = repository.planRestore(base(), restorer());
    assertTrue(plan.steps().get(0).contains("full base"), plan.toString());
    assertEquals(List.of(), plan.destroys());
    assertEquals(List.of(), names(folder));
  }

  // ---- which base

  @Test
  void anotherSystemIsRefused() throws Exception {
    BackupException refused = refused(Kind.INVALID, base(), restorer().expecting("42"));
    assertTrue(refused.getMessage().contains(SyntheticSource.SYSTEM), refused.getMessage());
    restore(base(), restorer().expecting(SyntheticSource.SYSTEM));
  }

  @Test
  void aSnapshotOfWalIsNoBase() throws Exception {
    Snapshot commit = repository.backup(SyntheticSource.wal(1, "0/200000")).snapshot();
    BackupException refused = refused(Kind.INVALID, commit, restorer());
    assertTrue(refused.getMessage().contains("postgres:NAME"), refused.getMessage());
  }

  @Test
  void aManifestOfAnotherSystemIsDamage() throws Exception {
    refused(Kind.DAMAGED, take(synthetic().fact("identity", "42")), restorer());
  }

  @Test
  void aFileThatTheServerSentAndThatIsNotStoredIsFound() throws Exception {
    SyntheticSource source = synthetic();
    byte[] manifest = source.manifest();
    source.file(BackupManifest.NAME, manifest).without("base/1/16384");
    BackupException refused = refused(Kind.DAMAGED, take(source), restorer());
    assertTrue(refused.getMessage().contains("/cluster/base/1/16384"), refused.getMessage());
    source.file("base/1/16384", new byte[BLOCK]);
    refused(Kind.DAMAGED, take(source), restorer());
    assertEquals(List.of(), names(folder));
  }

  @Test
  void linksInABaseAreRefusedBeforeTheFirstChange() throws Exception {
    refused(Kind.DAMAGED, take(synthetic().link("base/2", "/etc")), restorer());
    refused(Kind.DAMAGED, take(synthetic().link("pg_tblspc/16385", "/etc")), restorer());
    assertEquals(List.of(), names(folder));
  }

  @Test
  void aBaseWithoutLabelOrControlFileIsRefused() throws Exception {
    refused(Kind.DAMAGED, take(synthetic().without("backup_label")), restorer());
    refused(Kind.DAMAGED, take(synthetic().without("global/pg_control")), restorer());
    refused(Kind.DAMAGED, take(synthetic().file("backup_label", "x")), restorer());
  }

  // ---- chains

  @Test
  void aChainIsCombinedAndItsManifestIsMadeAnew() throws Exception {
    Snapshot full = base();
    SyntheticSource incremental = incremental(full, incremental(4, 1, (byte) 7));
    RestoreReport report = restore(take(incremental), restorer());
    assertEquals("2", report.facts().get("chain"));
    byte[] expected = new byte[4 * BLOCK];
    Arrays.fill(expected, BLOCK, 2 * BLOCK, (byte) 7);
    assertArrayEquals(expected, Files.readAllBytes(data.resolve("base/1/16384")));
    assertFalse(Files.exists(data.resolve("base/1/INCREMENTAL.16384")));
    assertFalse(Files.readString(data.resolve("backup_label")).contains("INCREMENTAL"));
    List<String> files = new ArrayList<>();
    try (InputStream in = Files.newInputStream(data.resolve(BackupManifest.NAME))) {
      BackupManifest.read(in, each -> files.add(each.path() + " " + each.size()));
    }
    assertTrue(files.contains("/base/1/16384 " + 4 * BLOCK), files.toString());
  }

  @Test
  void aChainWhoseParentIsGoneNamesIt() throws Exception {
    SyntheticSource orphan = incremental(base(), incremental(4, 1, (byte) 7));
    orphan.fact(Facts.PARENT_RUN, "gone-1");
    BackupException refused = refused(Kind.MISSING, take(orphan), restorer());
    assertTrue(refused.getMessage().contains("gone-1"), refused.getMessage());
  }

  @Test
  void aChainThatLeadsBackIsRefused() throws Exception {
    Snapshot later = take(SyntheticSource.base(1, "0/400028", "0/400100"));
    refused(Kind.DAMAGED, take(incremental(later, incremental(4, 1, (byte) 7))), restorer());
  }

  @Test
  void withoutAWholeFileNoServerStartsOnWhatIsThere() throws Exception {
    Snapshot full = take(synthetic().without("base/1/16384"));
    Snapshot incremental = take(incremental(full, incremental(4, 1, (byte) 7)));
    BackupException refused = refused(Kind.DAMAGED, incremental, restorer());
    assertTrue(refused.getMessage().contains("not whole"), refused.getMessage());
    assertTrue(Files.exists(data.resolve("PG_VERSION")));
    assertFalse(Files.exists(data.resolve("global/pg_control")));
  }

  @Test
  void aHostileHeaderIsRefusedBeforeTheFirstChange() throws Exception {
    byte[] hostile = incremental(Integer.MAX_VALUE, 1, (byte) 7);
    refused(Kind.DAMAGED, take(incremental(base(), hostile)), restorer());
    assertEquals(List.of(), names(folder));
  }

  // ---- tablespaces

  @Test
  void tablespacesThatNobodyPlacedAreNamedWithTheCallThatPlacesThem() throws Exception {
    BackupException refused = refused(Kind.INVALID, withTablespace(), restorer());
    assertTrue(
        refused.getMessage().contains(".tablespace(\"16385\", Path.of(…)), before in '/fast/disk'"),
        refused.getMessage());
    assertTrue(refused.getMessage().contains(".tablespacesInPlace()"), refused.getMessage());
    assertEquals(List.of(), names(folder));
  }

  @Test
  void aTablespaceGoesWhereItsNumberOrItsOldPlaceSays() throws Exception {
    for (String which : List.of("16385", "/fast/disk")) {
      Path place = folder.resolve("space-" + which.length());
      Path there = folder.resolve("data-" + which.length());
      restore(withTablespace(), PostgresRestorer.to(there).tablespace(which, place));
      assertEquals(place, Files.readSymbolicLink(there.resolve("pg_tblspc/16385")));
      assertEquals("rows", Files.readString(place.resolve("PG_17_1/1/2")));
      assertEquals("rows", Files.readString(there.resolve("pg_tblspc/16385/PG_17_1/1/2")));
    }
  }

  @Test
  void aTablespaceInPlaceIsADirectory() throws Exception {
    restore(withTablespace(), restorer().tablespacesInPlace());
    assertFalse(Files.isSymbolicLink(data.resolve("pg_tblspc/16385")));
    assertEquals("rows", Files.readString(data.resolve("pg_tblspc/16385/PG_17_1/1/2")));
  }

  @Test
  void aTablespaceThatTheBaseDoesNotHaveIsAMistake() throws Exception {
    refused(Kind.INVALID, base(), restorer().tablespace("1", folder.resolve("x")));
  }

  // ---- WAL

  @Test
  void theBestVersionOfEachSegmentIsTakenFromWhateverCommit() throws Exception {
    Snapshot base = base();
    repository.backup(SyntheticSource.wal(1, "0/300800").segments(1, 1, 2).partial(1, 3, 2048));
    repository.backup(SyntheticSource.wal(1, "0/400010").segments(1, 3, 3).partial(1, 4, 16));
    repository.backup(SyntheticSource.wal(1, "0/400400").partial(1, 4, 1024));
    RestoreReport report = restore(base, restorer());
    assertEquals("0/400400", report.facts().get("reach-lsn"));
    assertEquals(
        List.of(
            "000000010000000000000001",
            "000000010000000000000002",
            "000000010000000000000003",
            "000000010000000000000004.partial"),
        names(wal));
    byte[] partial = Files.readAllBytes(wal.resolve("000000010000000000000004.partial"));
    assertEquals(SyntheticSource.SEGMENT, partial.length);
    assertEquals(1, partial[1023]);
  }

  @Test
  void whereACommitIsDamagedTheOneThatItReplacesGivesWhatItHas() throws Exception {
    Snapshot base = base();
    byte[] bytes = new byte[300_000];
    new Random(3).nextBytes(bytes);
    String partial = "00000001/000000010000000000000001.partial";
    Snapshot minute =
        repository
            .backup(SyntheticSource.wal(1, "0/120000").file(partial, Arrays.copyOf(bytes, 131_072)))
            .snapshot();
    List<ObjectKey> before = target.keys("data/");
    repository.backup(
        SyntheticSource.wal(1, "0/140000")
            .file(partial, Arrays.copyOf(bytes, 262_144))
            .replacing(minute));
    List<ObjectKey> packs = new ArrayList<>(target.keys("data/"));
    packs.removeAll(before);
    for (ObjectKey each : packs) {
      damage(each);
    }

    RestoreReport report = restore(base, restorer());
    assertEquals("0/140000", report.facts().get("reach-lsn"));
    byte[] written = Files.readAllBytes(wal.resolve("000000010000000000000001.partial"));
    assertArrayEquals(Arrays.copyOf(bytes, 131_072), Arrays.copyOf(written, 131_072));
    assertArrayEquals(new byte[64], Arrays.copyOfRange(written, 131_072, 131_136));
  }

  /** Flips a bit of what a big pack has first, that is of the segment. */
  private void damage(ObjectKey pack) throws IOException {
    byte[] bytes;
    try (InputStream in = target.read(pack, ByteRange.ALL)) {
      bytes = in.readAllBytes();
    }
    if (bytes.length > 100_000) {
      bytes[50_000] ^= 1;
      target.delete(List.of(pack));
      target.put(pack, Content.of(bytes), PutOptions.DATA);
    }
  }

  @Test
  void walOfAnotherSystemAndOfAnotherSizeIsLeftAlone() throws Exception {
    Snapshot base = base();
    repository.backup(SyntheticSource.wal(1, "0/300000").segments(1, 1, 2).fact("identity", "42"));
    repository.backup(
        SyntheticSource.wal(1, "0/300000")
            .segments(1, 1, 2)
            .fact(Facts.SEGMENT_BYTES, Integer.toString(16 << 20)));
    restore(base, restorer());
    assertEquals(List.of(), names(wal));
  }

  @Test
  void filesThatAreNoWalAreNotWrittenBesideTheData() throws Exception {
    Snapshot base = base();
    repository.backup(
        SyntheticSource.wal(1, "0/300000")
            .segments(1, 1, 2)
            .file("00000002/000000010000000000000003", new byte[SyntheticSource.SEGMENT])
            .file("00000001/000000010000000000000004", "short")
            .file("00000001/postgresql.auto.conf", "x")
            .link("00000001/000000010000000000000005", "/etc/passwd"));
    restore(base, restorer());
    assertEquals(List.of("000000010000000000000001", "000000010000000000000002"), names(wal));
  }

  @Test
  void aCommitThatIsNoneIsAFindingAndTheOthersCount() throws Exception {
    Snapshot base = base();
    repository.backup(SyntheticSource.wal(1, "0/300000").segments(1, 1, 2));
    repository.backup(SyntheticSource.wal(1, "x"));
    repository.backup(SyntheticSource.wal(2, "0/300000").file("00000002.history", "nonsense"));
    RestoreReport report = restore(base, restorer());
    assertEquals("0/300000", report.facts().get("reach-lsn"));
    assertEquals(
        2, report.findings().stream().filter(each -> each.subject().contains("wal")).count());
  }

  // ---- what the tests do

  private PostgresRestorer restorer() {
    return PostgresRestorer.to(data);
  }

  private static SyntheticSource synthetic() {
    return SyntheticSource.base(1, "0/100028", "0/100100");
  }

  private Snapshot base() throws Exception {
    return take(synthetic());
  }

  private Snapshot withTablespace() throws Exception {
    return take(
        synthetic()
            .fact(Facts.TABLESPACE + 16385, "/fast/disk")
            .file("pg_tblspc/16385/PG_17_1/1/2", "rows"));
  }

  private static SyntheticSource incremental(Snapshot parent, byte[] file) {
    return SyntheticSource.base(1, "0/200028", "0/200100")
        .without("base/1/16384")
        .file("base/1/INCREMENTAL.16384", file)
        .on(parent, "0/100028");
  }

  /** One block. */
  private static byte[] incremental(int truncation, int block, byte value) {
    ByteBuffer file = ByteBuffer.allocate(2 * BLOCK).order(ByteOrder.LITTLE_ENDIAN);
    file.putInt(0xd3ae1f0d).putInt(1).putInt(truncation).putInt(block);
    Arrays.fill(file.array(), BLOCK, 2 * BLOCK, value);
    return file.array();
  }

  private Snapshot take(SyntheticSource source) throws Exception {
    return repository.backup(source).snapshot();
  }

  private RestoreReport restore(Snapshot snapshot, PostgresRestorer restorer) throws Exception {
    return repository.restore(snapshot, restorer);
  }

  private BackupException refused(Kind kind, Snapshot snapshot, PostgresRestorer restorer) {
    BackupException refused =
        assertThrows(BackupException.class, () -> repository.restore(snapshot, restorer));
    assertEquals(kind, refused.kind(), refused.getMessage());
    return refused;
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(each -> !each.equals(directory))
          .map(each -> directory.relativize(each).toString())
          .sorted()
          .toList();
    }
  }
}
