package dev.copperplate.backup.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Content;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.Proof;
import dev.copperplate.backup.PutOptions;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.Verification;
import dev.copperplate.backup.Verifier;
import dev.copperplate.backup.target.LocalTarget;
import dev.copperplate.backup.verify.Verifiers;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a receipt proves, and what takes a proof away again. */
class ReceiptsTest {

  private static final MapSource SOURCE =
      new MapSource("one", Map.of("file", "content".getBytes(StandardCharsets.UTF_8)));

  @TempDir Path directory;

  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  @BeforeEach
  void create() throws IOException {
    TestRepositories.create(directory).close();
  }

  private BackupRepository open() throws IOException {
    return open(LocalTarget.at(directory));
  }

  private BackupRepository open(BackupTarget target) throws IOException {
    return BackupRepository.open(
        target, TestRepositories.PASSWORDS, RepositoryOptions.DEFAULT.clock(() -> now));
  }

  private void verify(BackupRepository repository, Snapshot snapshot, Proof proof, boolean passed)
      throws Exception {
    now = now.plusSeconds(1);
    Verifier verifier = StoredRecords.answering(proof, passed);
    assertEquals(passed, repository.verify(snapshot, verifier).passed());
  }

  /** How far a snapshot is proved. */
  private static Optional<Proof> proof(BackupRepository repository, Snapshot snapshot)
      throws IOException {
    Optional<Proof> proof = Optional.empty();
    for (Proof each : Proof.values()) {
      if (repository.list(SnapshotFilter.ALL.proved(each)).contains(snapshot)) {
        proof = Optional.of(each);
      }
    }
    return proof;
  }

  @Test
  void keepsWhatAVerificationFoundAndAnotherProcessReadsIt() throws Exception {
    Snapshot snapshot;
    Verification verification;
    try (BackupRepository repository = open()) {
      snapshot = repository.backup(SOURCE).snapshot();
      assertEquals(List.of(), repository.receipts(snapshot));
      assertEquals(List.of(), repository.list(SnapshotFilter.ALL.proved(Proof.STRUCTURE)));
      verification = repository.verify(snapshot, Verifiers.checksums());
    }
    try (BackupRepository repository = open()) {
      Receipt receipt = repository.receipts(snapshot).get(0);
      assertEquals(new Receipt(snapshot.content(), now, verification, true), receipt);
      assertEquals(List.of(snapshot), repository.list(SnapshotFilter.ALL.proved(Proof.DATA)));
      assertEquals(List.of(), repository.list(SnapshotFilter.ALL.proved(Proof.RESTORED)));
    }
  }

  @Test
  void whatFailedTakesAwayWhateverWasProvedBefore() throws Exception {
    try (BackupRepository repository = open()) {
      Snapshot snapshot = repository.backup(SOURCE).snapshot();
      verify(repository, snapshot, Proof.RESTORED, true);
      verify(repository, snapshot, Proof.STRUCTURE, true);
      assertEquals(Optional.of(Proof.RESTORED), proof(repository, snapshot));
      verify(repository, snapshot, Proof.STRUCTURE, false);
      assertEquals(Optional.empty(), proof(repository, snapshot), "even a weaker one");
      verify(repository, snapshot, Proof.DATA, true);
      assertEquals(Optional.of(Proof.DATA), proof(repository, snapshot), "earned again");
      verify(repository, snapshot, Proof.RESTORED, false);
      assertEquals(Optional.empty(), proof(repository, snapshot), "and a stronger one");
      assertEquals(5, repository.receipts(snapshot).size());
      assertFalse(repository.receipts(snapshot).get(4).counts());
    }
  }

  @Test
  void ofTwoVerificationsAtTheSameTimeTheFailureCounts() throws Exception {
    try (BackupRepository repository = open()) {
      Snapshot snapshot = repository.backup(SOURCE).snapshot();
      for (boolean passed : new boolean[] {true, false, true, true}) {
        Verifier verifier = StoredRecords.answering(Proof.DATA, passed);
        assertEquals(passed, repository.verify(snapshot, verifier).passed());
      }
      assertEquals(Optional.empty(), proof(repository, snapshot));
    }
  }

  @Test
  void keepsNoReceiptOfAVerifierThatCouldNotLook() throws Exception {
    try (BackupRepository repository = open()) {
      Snapshot snapshot = repository.backup(SOURCE).snapshot();
      Verifier blind =
          (reader, context) -> {
            throw new BackupException(Kind.DENIED, "no scratch server");
          };
      assertThrows(BackupException.class, () -> repository.verify(snapshot, blind));
      assertEquals(List.of(), repository.receipts(snapshot));
    }
  }

  @Test
  void keepsAReceiptOfASnapshotThatCannotBeRead() throws Exception {
    try (BackupRepository repository = open()) {
      Snapshot snapshot = repository.backup(SOURCE).snapshot();
      verify(repository, snapshot, Proof.DATA, true);
      StoredRepository.remove(directory.resolve("data"));
      now = now.plusSeconds(1);
      assertFalse(repository.verify(snapshot, Verifiers.checksums()).passed());
      assertFalse(repository.receipts(snapshot).get(1).verification().passed());
      assertEquals(Optional.empty(), proof(repository, snapshot));
    }
  }

  @Test
  void aStoreThatRefusesRecordsStopsNeitherBackupNorVerification() throws Exception {
    BackupTarget refusing =
        new DecoratedTarget(LocalTarget.at(directory)) {
          @Override
          public void put(ObjectKey key, Content content, PutOptions options) throws IOException {
            if (key.value().startsWith("copperplate/")) {
              throw new BackupException(Kind.DENIED, "Put of " + key + " refused");
            }
            super.put(key, content, options);
          }
        };
    try (BackupRepository repository = open(refusing)) {
      BackupReport report = repository.backup(new WarningSource("warned", 3));
      assertEquals(3, report.findings().size());
      assertEquals(List.of(), repository.findings(report.snapshot()));
      Verification verification = repository.verify(report.snapshot(), Verifiers.checksums());
      assertTrue(verification.passed());
      Finding last = verification.findings().get(verification.findings().size() - 1);
      assertEquals(Finding.Severity.WARNING, last.severity());
      assertTrue(
          last.message().startsWith("No receipt could be kept: Put of copperplate/"),
          last::toString);
      assertThrows(BackupException.class, () -> repository.hold(report.snapshot(), "why"));
    }
  }

  @Test
  void aSignerThatFailsDoesNotFailTheVerification() throws Exception {
    ReceiptSigner broken =
        statement -> {
          throw new IllegalStateException("the token is out");
        };
    RepositoryOptions options =
        RepositoryOptions.DEFAULT.receipts(new ReceiptKeys(Optional.of(broken), List.of()));
    try (BackupRepository repository =
        BackupRepository.open(LocalTarget.at(directory), TestRepositories.PASSWORDS, options)) {
      Snapshot snapshot = repository.backup(SOURCE).snapshot();
      Verification verification = repository.verify(snapshot, Verifiers.checksums());
      assertTrue(verification.passed());
      assertTrue(verification.findings().get(0).message().contains("the token is out"));
      assertEquals(List.of(), repository.receipts(snapshot));
    }
  }

  @Test
  void readsAReceiptOnceHoweverOftenProofsAreAskedFor() throws Exception {
    List<String> reads = new ArrayList<>();
    BackupTarget counting =
        new DecoratedTarget(LocalTarget.at(directory)) {
          @Override
          public InputStream read(ObjectKey key, ByteRange range) throws IOException {
            if (key.value().startsWith("copperplate/")) {
              reads.add(key.value());
            }
            return super.read(key, range);
          }
        };
    try (BackupRepository repository = open(counting)) {
      Snapshot first = repository.backup(SOURCE).snapshot();
      Snapshot other = repository.backup(new MapSource("other", Map.of())).snapshot();
      verify(repository, first, Proof.DATA, true);
      verify(repository, other, Proof.DATA, true);
      SnapshotFilter ofOne = SnapshotFilter.of(SOURCE.id()).proved(Proof.DATA);
      assertEquals(List.of(first), repository.list(ofOne));
      assertEquals(1, reads.size(), "the other's is not needed");
      assertEquals(2, repository.list(SnapshotFilter.ALL.proved(Proof.DATA)).size());
      assertEquals(2, repository.list(SnapshotFilter.ALL.proved(Proof.DATA)).size());
      assertEquals(2, reads.size());
    }
  }
}
