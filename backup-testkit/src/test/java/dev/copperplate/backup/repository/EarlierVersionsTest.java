package dev.copperplate.backup.repository;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Content;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.ObjectInfo;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.ObjectVersion;
import dev.copperplate.backup.PutOptions;
import dev.copperplate.backup.RestoreReport;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.Verification;
import dev.copperplate.backup.VersionedTarget;
import dev.copperplate.backup.files.FilesRestorer;
import dev.copperplate.backup.files.FilesSource;
import dev.copperplate.backup.repository.chunk.Polynomial;
import dev.copperplate.backup.repository.crypto.KeyDerivation;
import dev.copperplate.backup.repository.crypto.MasterKey;
import dev.copperplate.backup.repository.crypto.Sealer;
import dev.copperplate.backup.repository.format.IndexWriter;
import dev.copperplate.backup.repository.format.PackEntry;
import dev.copperplate.backup.repository.format.RepositoryConfig;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.index.BlobIndex;
import dev.copperplate.backup.repository.index.StoredIndex;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.repository.storage.ObjectStore;
import dev.copperplate.backup.restic.Restic;
import dev.copperplate.backup.target.LocalTarget;
import dev.copperplate.backup.testkit.ForwardingTarget;
import dev.copperplate.backup.testkit.VersioningTarget;
import dev.copperplate.backup.verify.Verifiers;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What somebody overwrote or deleted, in a store that keeps versions. */
@Timeout(120)
class EarlierVersionsTest {

  @TempDir private Path scratch;

  private final VersioningTarget store = new VersioningTarget();
  private Path documents;
  private Snapshot first;
  private Snapshot second;

  @BeforeEach
  void backUp() throws Exception {
    documents = Files.createDirectories(scratch.resolve("documents"));
    Random random = new Random(4);
    for (int i = 0; i < 5; i++) {
      byte[] content = new byte[100_000 * i];
      random.nextBytes(content);
      Files.write(documents.resolve("file" + i), content);
    }
    try (BackupRepository repository = TestRepositories.create(store, RepositoryOptions.DEFAULT)) {
      first = repository.backup(FilesSource.of(documents)).snapshot();
      Files.writeString(documents.resolve("more"), "more");
      second = repository.backup(FilesSource.of(documents)).snapshot();
      repository.hold(second, "for a test");
      assertTrue(repository.verify(second, Verifiers.checksums()).passed());
    }
  }

  private List<ObjectKey> keys(String prefix) throws IOException {
    List<ObjectKey> keys = new ArrayList<>();
    try (Cursor<ObjectInfo> all = store.list(prefix)) {
      for (ObjectInfo each = all.next(); each != null; each = all.next()) {
        keys.add(each.key());
      }
    }
    return keys;
  }

  private void overwrite(Collection<ObjectKey> keys) throws IOException {
    Random random = new Random(7);
    for (ObjectKey each : keys) {
      for (int i = 0; i < 3; i++) {
        byte[] junk = new byte[random.nextInt(3000)];
        random.nextBytes(junk);
        store.put(each, Content.of(junk), PutOptions.DATA);
      }
    }
  }

  private static Set<String> subjects(List<Finding> findings) {
    return findings.stream().map(Finding::subject).collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> names(Collection<ObjectKey> keys) {
    return keys.stream().map(ObjectKey::value).collect(Collectors.toCollection(TreeSet::new));
  }

  private static void requireVersions(List<Finding> findings) {
    for (Finding each : findings) {
      if (each.subject().contains("/") || each.subject().equals("config")) {
        assertTrue(each.message().contains("version v"), each::toString);
      }
    }
  }

  @Test
  void whateverIsOverwrittenIsReadAsItWasAndNamed() throws Exception {
    List<ObjectKey> all = keys("");
    overwrite(all);
    try (BackupRepository repository = TestRepositories.open(store)) {
      assertEquals(List.of(second, first), repository.list(SnapshotFilter.ALL));
      Verification verification = repository.verify(first, Verifiers.checksums());
      assertTrue(verification.passed(), verification::toString);
      CheckReport report = repository.check(new CheckOptions.Data());
      assertTrue(report.sound(), report::toString);
      Set<String> expected = names(all);
      Set<String> named = subjects(report.findings());
      expected.removeAll(named);
      assertEquals(Set.of(), expected, report::toString);
      requireVersions(report.findings().stream().filter(f -> !f.subject().isEmpty()).toList());
    }
  }

  @Test
  void aRestoreNamesWhatItReadOfEarlierVersionsAndIsComplete() throws Exception {
    overwrite(keys(""));
    try (BackupRepository repository = TestRepositories.open(store)) {
      Snapshot listed = repository.list(SnapshotFilter.of(second.run())).get(0);
      RestoreReport report =
          repository.restore(listed, FilesRestorer.to(scratch.resolve("restored")));
      assertTrue(report.complete(), report::toString);
      Set<String> named = subjects(report.findings());
      assertTrue(named.contains("config"), named::toString);
      assertTrue(named.contains("snapshots/" + second.id().hex()), named::toString);
      assertTrue(named.containsAll(names(keys("index/"))), named::toString);
      assertTrue(named.containsAll(names(keys("keys/"))), named::toString);
      assertTrue(named.stream().anyMatch(each -> each.startsWith("data/")), named::toString);
    }
    requireRestored();
  }

  private void requireRestored() throws IOException {
    Path restored = scratch.resolve("restored").resolve(documents.toString().substring(1));
    Path there = Files.exists(restored) ? restored : scratch.resolve("restored");
    for (int i = 0; i < 5; i++) {
      byte[] wanted = Files.readAllBytes(documents.resolve("file" + i));
      assertArrayEquals(wanted, Files.readAllBytes(there.resolve("file" + i)));
    }
  }

  @Test
  void whatIsHiddenByADeletionIsReadWhereItsNameIsKnown() throws Exception {
    List<ObjectKey> hidden = new ArrayList<>(keys("data/"));
    hidden.addAll(keys("config"));
    store.hide(hidden);
    try (BackupRepository repository = TestRepositories.open(store)) {
      Verification verification = repository.verify(first, Verifiers.checksums());
      assertTrue(verification.passed(), verification::toString);
      CheckReport report = repository.check(new CheckOptions.Data());
      assertTrue(report.sound(), report::toString);
      assertTrue(subjects(report.findings()).containsAll(names(hidden)), report::toString);
    }
  }

  @Test
  void aRepositoryThatWasDeletedIsNotThere() throws Exception {
    store.hide(keys(""));
    BackupException gone = assertThrows(BackupException.class, () -> TestRepositories.open(store));
    assertEquals(Kind.NOT_FOUND, gone.kind());
    TestRepositories.create(store, RepositoryOptions.DEFAULT).close();
  }

  @Test
  void aBackupNamesTheIndexThatItReadOfAnEarlierVersion() throws Exception {
    List<ObjectKey> indexes = keys("index/");
    overwrite(indexes);
    try (BackupRepository repository = TestRepositories.open(store)) {
      BackupReport report = repository.backup(FilesSource.of(documents));
      assertEquals(SnapshotState.COMPLETE, report.snapshot().state());
      assertEquals(0, report.dataBlobs());
      assertTrue(subjects(report.findings()).containsAll(names(indexes)), report::toString);
    }
  }

  @Test
  void aRepairMakesTheRightVersionsTheCurrentOnesAgain() throws Exception {
    List<ObjectKey> some = keys("");
    some.removeIf(each -> each.value().startsWith("c"));
    overwrite(some);
    try (BackupRepository repository = TestRepositories.open(store)) {
      repository.check(new CheckOptions.Data());
      RepairReport repaired = repository.repair(RepairOptions.DEFAULT);
      assertEquals(some.size(), repaired.objectsHealed(), repaired::toString);
    }
    Path copy = scratch.resolve("repository");
    try (BackupTarget local = LocalTarget.at(copy)) {
      for (ObjectKey each : keys("")) {
        try (InputStream in = store.read(each, ByteRange.ALL)) {
          local.put(each, Content.of(in.readAllBytes()), PutOptions.DATA);
        }
      }
    }
    Restic restic = Restic.stock().at(copy, TestRepositories.PASSWORD);
    Restic.Result checked = restic.run("check", "--read-data");
    assertEquals(0, checked.exitCode(), checked::toString);
  }

  @Test
  void aConfigThatSomebodyWithTheKeyReplacedDoesNotCount() throws Exception {
    ObjectKey config = new ObjectKey("config");
    RepositoryConfig ours = opened().config();
    String other = Polynomial.random(new SecureRandom()).hex();
    RepositoryConfig theirs = new RepositoryConfig(ours.version(), ours.id(), other);
    store.put(config, sealed(theirs), PutOptions.METADATA);
    RepositoryKeys keys = new RepositoryKeys(store);
    assertEquals(ours, keys.open(TestRepositories.PASSWORDS).config());
    List<Finding> findings = keys.substitutes().findings(0, Finding.Severity.WARNING);
    assertEquals(Set.of("config"), subjects(findings));
    assertTrue(findings.get(0).message().contains("replaced"), findings::toString);
  }

  /** The cheapest key file is tried first, and this one is; both open with the password. */
  @Test
  void aKeyAndAConfigOfSomebodyWithThePasswordDoNotTakeTheRepositoryOver() throws Exception {
    RepositoryKeys.Opened ours = opened();
    MasterKey theirs = MasterKey.random(new SecureRandom());
    byte[] keyFile =
        RepositoryKeys.keyFile(
            TestRepositories.PASSWORD.toCharArray(),
            theirs,
            new KeyDerivation(2, 1, 1),
            InstantSource.system(),
            new SecureRandom());
    for (int i = 0; i < 5; i++) {
      byte[] padded = Arrays.copyOf(keyFile, keyFile.length + i);
      Arrays.fill(padded, keyFile.length, padded.length, (byte) ' ');
      store.put(ObjectKind.KEY.key(Sha256.hash(padded)), Content.of(padded), PutOptions.METADATA);
    }
    Content config = Content.of(new Sealer(theirs).seal(ours.config().encode()));
    store.put(new ObjectKey("config"), config, PutOptions.METADATA);
    try (BackupRepository repository = TestRepositories.open(store)) {
      assertEquals(List.of(second, first), repository.list(SnapshotFilter.ALL));
      assertTrue(repository.verify(first, Verifiers.checksums()).passed());
      CheckReport report = repository.check(new CheckOptions.Data());
      assertTrue(subjects(report.findings()).contains("config"), report::toString);
    }
  }

  @Test
  void aConfigThatWasUpgradedCounts() throws Exception {
    RepositoryConfig ours = opened().config();
    VersioningTarget upgraded = new VersioningTarget();
    RepositoryConfig before = new RepositoryConfig(1, ours.id(), ours.polynomialHex());
    upgraded.put(new ObjectKey("config"), sealed(before), PutOptions.METADATA);
    for (ObjectKey each : keys("")) {
      try (InputStream in = store.read(each, ByteRange.ALL)) {
        upgraded.put(each, Content.of(in.readAllBytes()), PutOptions.DATA);
      }
    }
    RepositoryKeys keys = new RepositoryKeys(upgraded);
    assertEquals(ours, keys.open(TestRepositories.PASSWORDS).config());
    assertEquals(List.of(), keys.substitutes().findings(0, Finding.Severity.WARNING));
  }

  private RepositoryKeys.Opened opened() throws IOException {
    return new RepositoryKeys(store).open(TestRepositories.PASSWORDS);
  }

  private Content sealed(RepositoryConfig config) throws IOException {
    MasterKey key = opened().key();
    return Content.of(new Sealer(key).seal(config.encode()));
  }

  @Test
  void indexesThatLieTakeNothingFromEarlierSnapshots() throws Exception {
    ObjectStore objects = new ObjectStore(store, opened().key());
    StoredIndex index = new StoredIndex(objects);
    index.refresh();
    lie(objects, index.current(), true);
    lie(objects, index.current(), false);
    List<ObjectKey> overwritten = keys("index/").stream().limit(1).toList();
    overwrite(overwritten);
    try (BackupRepository repository = TestRepositories.open(store)) {
      for (Snapshot each : List.of(first, second)) {
        Verification verification = repository.verify(each, Verifiers.checksums());
        assertTrue(verification.passed(), verification::toString);
        // No pack is accused of what an index says of it.
        assertEquals(names(overwritten), subjects(verification.findings()));
      }
    }
  }

  @Test
  void aPackThatIsRightIsNotAccusedOfWhatAnIndexSays() throws Exception {
    ObjectStore objects = new ObjectStore(store, opened().key());
    StoredIndex index = new StoredIndex(objects);
    index.refresh();
    List<ObjectKey> honest = keys("index/");
    lie(objects, index.current(), true);
    for (ObjectKey each : honest) {
      store.versions(each).forEach(version -> store.expire(each, version));
    }
    try (BackupRepository repository = TestRepositories.open(store)) {
      Verification verification = repository.verify(first, Verifiers.checksums());
      assertFalse(verification.passed());
      Set<String> subjects = subjects(verification.findings());
      assertTrue(subjects.stream().noneMatch(each -> each.startsWith("data/")), subjects::toString);
    }
  }

  /** Somebody with the key names places where blobs are not: in packs that exist, or nowhere. */
  private static void lie(ObjectStore objects, BlobIndex truth, boolean packsExist)
      throws IOException {
    Map<Sha256, List<PackEntry>> lies = new HashMap<>();
    Random random = new Random(1);
    for (int place = 0; place < truth.size(); place++) {
      PackEntry blob = truth.blobAt(place);
      Sha256 pack =
          packsExist
              ? truth.pack(truth.packAt(place))
              : Sha256.hash(Long.toString(random.nextLong()).getBytes(StandardCharsets.UTF_8));
      lies.computeIfAbsent(pack, any -> new ArrayList<>())
          .add(
              new PackEntry(
                  blob.type(), blob.id(), blob.offset() + 1, blob.length(), blob.plainLength()));
    }
    IndexWriter writer = new IndexWriter();
    lies.forEach(writer::add);
    objects.write(ObjectKind.INDEX, writer.finish());
  }

  @Test
  void whereNothingIsWrongVersionsAreAskedForOnceAtOpening() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    try (BackupRepository repository =
        TestRepositories.open(new Asked(store, asked::incrementAndGet))) {
      repository.backup(FilesSource.of(documents));
      assertTrue(repository.verify(first, Verifiers.checksums()).passed());
      assertTrue(repository.check(new CheckOptions.Data()).findings().isEmpty());
    }
    assertEquals(1, asked.get());
  }

  @Test
  void whoMayNotSeeVersionsIsToldWhatIsDamaged() throws Exception {
    overwrite(keys("data/"));
    BackupTarget asked =
        new Asked(
            store,
            () -> {
              throw new BackupException(Kind.DENIED, "no versions for you");
            });
    try (BackupRepository repository = TestRepositories.open(asked)) {
      BackupException damaged =
          assertThrows(
              BackupException.class, () -> repository.open(first).walk(EntryPath.ROOT, 1).next());
      assertEquals(Kind.DAMAGED, damaged.kind());
    }
  }

  @FunctionalInterface
  private interface Deed {
    void act() throws IOException;
  }

  /** Does something when versions are asked for. */
  private static final class Asked extends ForwardingTarget implements VersionedTarget {

    private final Deed deed;

    Asked(BackupTarget target, Deed deed) {
      super(target);
      this.deed = deed;
    }

    @Override
    public List<ObjectVersion> versions(ObjectKey key) throws IOException {
      deed.act();
      return super.versions(key);
    }
  }
}
