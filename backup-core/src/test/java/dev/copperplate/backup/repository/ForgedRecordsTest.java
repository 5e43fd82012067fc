package dev.copperplate.backup.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.ContentId;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.ObjectVersion;
import dev.copperplate.backup.Proof;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.Verification;
import dev.copperplate.backup.VersionedTarget;
import dev.copperplate.backup.records.ReceiptBody;
import dev.copperplate.backup.records.RecordKey;
import dev.copperplate.backup.records.RecordKind;
import dev.copperplate.backup.records.RecordStore;
import dev.copperplate.backup.repository.storage.ObjectStore;
import dev.copperplate.backup.target.LocalTarget;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What counts for nothing, and is named: records that were forged, altered, moved or cut. */
class ForgedRecordsTest {

  private static final SnapshotFilter PROVED = SnapshotFilter.ALL.proved(Proof.DATA);
  private static final MapSource SOURCE =
      new MapSource("one", Map.of("file", "content".getBytes(StandardCharsets.UTF_8)));

  @TempDir Path directory;

  private Path place;
  private Snapshot snapshot;
  private RecordKey receipt;
  private StoredRecords records;

  @BeforeEach
  void verifyOnce() throws Exception {
    place = directory.resolve("repository");
    try (BackupRepository repository = TestRepositories.create(place)) {
      snapshot = repository.backup(SOURCE).snapshot();
      Verification passed = repository.verify(snapshot, StoredRecords.answering(Proof.DATA, true));
      assertTrue(passed.passed());
    }
    records = StoredRecords.at(place);
    receipt = records.only(RecordKind.RECEIPT);
  }

  private BackupRepository open(RepositoryOptions options) throws IOException {
    return BackupRepository.open(LocalTarget.at(place), TestRepositories.PASSWORDS, options);
  }

  /** What the audit says of a repository in a directory. */
  private static List<Finding> audit(Path repository, RepositoryOptions options)
      throws IOException {
    LocalTarget target = LocalTarget.at(repository);
    RepositoryKeys.Opened opened = new RepositoryKeys(target).open(TestRepositories.PASSWORDS);
    ObjectStore store = new ObjectStore(target, opened.key());
    OpenRepository parts = OpenRepository.of(opened.config(), opened.polynomial(), store);
    return new RecordAudit(parts, options).findings();
  }

  /** Nothing is proved, nothing fails, and the only thing that the audit says is where. */
  private void assertRefused(RecordKey key, String why) throws IOException {
    try (BackupRepository repository = open(RepositoryOptions.DEFAULT)) {
      assertEquals(List.of(), repository.list(PROVED));
      assertEquals(1, repository.list(SnapshotFilter.ALL).size());
    }
    List<Finding> findings = audit(place, RepositoryOptions.DEFAULT);
    assertEquals(1, findings.size(), findings::toString);
    assertEquals(Finding.Severity.WARNING, findings.get(0).severity());
    assertEquals(key.toString(), findings.get(0).subject());
    assertTrue(findings.get(0).message().contains(why), findings::toString);
  }

  @Test
  void theAuditOfWhatIsSoundIsEmpty() throws Exception {
    assertEquals(List.of(), audit(place, RepositoryOptions.DEFAULT));
  }

  @Test
  void everyFlippedBitIsRefused() throws Exception {
    byte[] sound = records.bytes(receipt);
    for (int bit = 0; bit < sound.length * 8; bit++) {
      byte[] flipped = sound.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      records.put(receipt, flipped);
      BackupException refused =
          assertThrows(BackupException.class, () -> records.store().read(receipt), "bit " + bit);
      assertEquals(Kind.DAMAGED, refused.kind());
      assertTrue(String.valueOf(refused.getMessage()).contains(receipt.toString()));
    }
    assertRefused(receipt, "It was altered");
  }

  @Test
  void everyLengthButTheRightOneIsRefused() throws Exception {
    byte[] sound = records.bytes(receipt);
    for (int length = 0; length <= sound.length + 1; length++) {
      records.put(receipt, Arrays.copyOf(sound, length));
      if (length != sound.length) {
        BackupException refused =
            assertThrows(BackupException.class, () -> records.store().read(receipt));
        assertEquals(Kind.DAMAGED, refused.kind());
      }
    }
    assertRefused(receipt, "It was altered");
  }

  @Test
  void whatIsLargerThanAnyRecordIsRefusedWithoutBeingReadWhole() throws Exception {
    records.put(receipt, new byte[(16 << 20) + 1]);
    assertRefused(receipt, "more than 16777216 bytes");
  }

  @Test
  void aReceiptThatSomebodyMovedIsRefused() throws Exception {
    byte[] sound = records.bytes(receipt);
    Files.delete(records.file(receipt));
    RecordKey later =
        new RecordKey(RecordKind.RECEIPT, receipt.subject(), "20990101T000000.000Z-0");
    records.put(later, sound);
    assertRefused(later, "written for the place " + receipt);
    Files.delete(records.file(later));
    RecordKey other = new RecordKey(RecordKind.RECEIPT, "0".repeat(64), receipt.name());
    records.put(other, sound);
    assertRefused(other, "written for the place " + receipt);
    Files.delete(records.file(other));
    RecordKey hold = new RecordKey(RecordKind.HOLD, receipt.subject(), receipt.name());
    records.put(hold, sound);
    assertRefused(hold, "written for the place " + receipt);
  }

  @Test
  void aReceiptOfAnotherRepositoryIsRefused() throws Exception {
    Path elsewhere = directory.resolve("elsewhere");
    try (BackupRepository other = TestRepositories.create(elsewhere)) {
      Snapshot same = other.backup(SOURCE).snapshot();
      assertTrue(other.verify(same, StoredRecords.answering(Proof.DATA, true)).passed());
    }
    StoredRecords theirs = StoredRecords.at(elsewhere);
    Files.delete(records.file(receipt));
    RecordKey foreign = theirs.only(RecordKind.RECEIPT);
    RecordKey here = new RecordKey(RecordKind.RECEIPT, receipt.subject(), foreign.name());
    records.put(here, theirs.bytes(foreign));
    assertRefused(here, "It was altered");
  }

  @Test
  void aSealedReceiptThatSpeaksOfAnotherRepositoryOrContentProvesNothing() throws Exception {
    ReceiptBody body = ReceiptBody.decode(records.store().read(receipt).utf8());
    Files.delete(records.file(receipt));
    RecordKey forged = write(elsewhere(body, "f".repeat(64), body.content()), null);
    assertRefused(forged, "another repository");
    Files.delete(records.file(forged));
    ContentId other = new ContentId("1".repeat(64));
    assertRefused(write(elsewhere(body, body.repository(), other), null), "of the content 1111");
  }

  private static ReceiptBody elsewhere(ReceiptBody body, String repository, ContentId content) {
    return new ReceiptBody(
        repository, content, body.snapshot(), body.run(), body.at(), body.verification());
  }

  /** Somebody with the repository's key writes a receipt of the snapshot. */
  private RecordKey write(ReceiptBody body, byte @Nullable [] signature) throws IOException {
    String subject = snapshot.content().hex();
    return records
        .store()
        .write(RecordKind.RECEIPT, subject, Instant.now(), body.encode(), signature);
  }

  @Test
  void withoutTheSigningKeyNobodyProvesAnythingWhereReceiptsAreSigned() throws Exception {
    KeyPair ours = ed25519();
    KeyPair thief = ed25519();
    ReceiptKeys onlyTrust = new ReceiptKeys(Optional.empty(), List.of(ours.getPublic()));
    RepositoryOptions options = RepositoryOptions.DEFAULT.receipts(onlyTrust);
    ReceiptBody body = ReceiptBody.decode(records.store().read(receipt).utf8());
    byte[] statement = body.encode().getBytes(StandardCharsets.UTF_8);
    write(body, ReceiptSigner.of(thief.getPrivate()).sign(statement));
    write(body, new byte[0]);
    byte[] cut = Arrays.copyOf(ReceiptSigner.of(ours.getPrivate()).sign(statement), 63);
    write(body, cut);
    byte[] ofOther =
        elsewhere(body, "f".repeat(64), body.content()).encode().getBytes(StandardCharsets.UTF_8);
    write(body, ReceiptSigner.of(ours.getPrivate()).sign(ofOther));
    try (BackupRepository repository = open(options)) {
      assertEquals(List.of(), repository.list(PROVED));
      assertEquals(5, repository.receipts(snapshot).size());
      assertFalse(repository.receipts(snapshot).stream().anyMatch(Receipt::counts));
      List<Finding> findings = audit(place, options);
      assertEquals(5, findings.size(), findings::toString);
      assertTrue(findings.stream().allMatch(each -> each.message().contains("proves nothing")));
    }
    assertProvedBySigning(ours, thief);
    try (BackupRepository repository = open(options)) {
      assertEquals(List.of(snapshot), repository.list(PROVED));
    }
    try (BackupRepository repository = open(RepositoryOptions.DEFAULT)) {
      assertEquals(List.of(snapshot), repository.list(PROVED), "every sealed receipt counts");
    }
  }

  /** The second of two trusted keys is as good, and somebody else's word of a failure is not. */
  private void assertProvedBySigning(KeyPair ours, KeyPair thief) throws Exception {
    ReceiptKeys signing =
        new ReceiptKeys(
            Optional.of(ReceiptSigner.of(ours.getPrivate())),
            List.of(ed25519().getPublic(), ours.getPublic()));
    ReceiptKeys stranger =
        new ReceiptKeys(Optional.of(ReceiptSigner.of(thief.getPrivate())), List.of());
    try (BackupRepository repository = open(RepositoryOptions.DEFAULT.receipts(signing));
        BackupRepository other = open(RepositoryOptions.DEFAULT.receipts(stranger))) {
      assertTrue(repository.verify(snapshot, StoredRecords.answering(Proof.DATA, true)).passed());
      assertEquals(List.of(snapshot), repository.list(PROVED));
      assertEquals(1, repository.receipts(snapshot).stream().filter(Receipt::counts).count());
      assertFalse(other.verify(snapshot, StoredRecords.answering(Proof.DATA, false)).passed());
      assertEquals(List.of(snapshot), repository.list(PROVED));
      assertEquals(List.of(), other.list(PROVED));
      assertTrue(other.verify(snapshot, StoredRecords.answering(Proof.DATA, true)).passed());
    }
  }

  private static KeyPair ed25519() throws Exception {
    return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
  }

  @Test
  void otherKeysThanEd25519AreRefusedAtTheDoor() throws Exception {
    for (String algorithm : List.of("RSA", "EC", "Ed448")) {
      KeyPair wrong = KeyPairGenerator.getInstance(algorithm).generateKeyPair();
      assertThrows(
          IllegalArgumentException.class,
          () -> new ReceiptKeys(Optional.empty(), List.of(wrong.getPublic())),
          algorithm);
    }
  }

  @Test
  void whatHasNotTheNameOfARecordIsNamedToo() throws Exception {
    Path junk = place.resolve("copperplate/receipts/" + receipt.subject() + "/a/b");
    Files.createDirectories(junk.getParent());
    Files.writeString(junk, "junk");
    Files.writeString(place.resolve("copperplate/holds-junk"), "not among records");
    List<Finding> findings = audit(place, RepositoryOptions.DEFAULT);
    assertEquals(1, findings.size(), findings::toString);
    assertTrue(findings.get(0).subject().endsWith("/a/b"));
  }

  @Test
  void theAuditNamesAThousandAndCountsTheOthers() throws Exception {
    for (int i = 0; i < 1010; i++) {
      RecordKey junk = new RecordKey(RecordKind.CHECK, "s", "n" + i);
      records.put(junk, new byte[] {1});
    }
    List<Finding> findings = audit(place, RepositoryOptions.DEFAULT);
    assertEquals(1001, findings.size());
    assertTrue(findings.get(1000).message().startsWith("10 more"), findings.get(1000)::toString);
  }

  @Test
  void whatWasOverwrittenIsReadAsItWasFirstWhereTheStoreKeepsVersions() throws Exception {
    byte[] sound = records.bytes(receipt);
    records.put(receipt, new byte[] {1, 2, 3});
    BackupTarget versioned = new Overwritten(LocalTarget.at(place), receipt.object(), sound);
    RecordStore store =
        new RecordStore(
            new ObjectStore(
                versioned, new RepositoryKeys(versioned).open(TestRepositories.PASSWORDS).key()));
    assertEquals(receipt, store.read(receipt).key());
    try (BackupRepository repository =
        BackupRepository.open(versioned, TestRepositories.PASSWORDS)) {
      assertEquals(List.of(snapshot), repository.list(PROVED));
    }
  }

  /** Keeps what one object was before junk was written over it. */
  private static final class Overwritten extends DecoratedTarget implements VersionedTarget {

    private final ObjectKey overwritten;
    private final byte[] first;

    Overwritten(BackupTarget target, ObjectKey overwritten, byte[] first) {
      super(target);
      this.overwritten = overwritten;
      this.first = first;
    }

    @Override
    public List<ObjectVersion> versions(ObjectKey key) {
      return key.equals(overwritten)
          ? List.of(version("broken"), version("first"), version("newest"))
          : List.of();
    }

    private static ObjectVersion version(String id) {
      return new ObjectVersion(id, Instant.EPOCH, Optional.empty());
    }

    @Override
    public InputStream read(ObjectKey key, ObjectVersion version, ByteRange range) {
      return new ByteArrayInputStream(version.id().equals("first") ? first : new byte[9]);
    }
  }

  @Test
  void losingAllRecordsLosesNoBackup() throws Exception {
    StoredRepository.remove(place.resolve("copperplate"));
    try (BackupRepository repository = open(RepositoryOptions.DEFAULT)) {
      assertEquals(List.of(), repository.list(PROVED));
      assertEquals(1, repository.list(SnapshotFilter.ALL).size());
      assertTrue(repository.verify(snapshot, StoredRecords.answering(Proof.DATA, true)).passed());
      assertEquals(List.of(snapshot), repository.list(PROVED));
    }
  }
}
