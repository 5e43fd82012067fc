package dev.copperplate.backup.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Proof;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.Verification;
import dev.copperplate.backup.Verifier;
import dev.copperplate.backup.target.LocalTarget;
import dev.copperplate.backup.verify.Verifiers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
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
  private RepositoryOptions options = RepositoryOptions.DEFAULT.clock(() -> now);

  @BeforeEach
  void create() throws IOException {
    TestRepositories.create(directory).close();
  }

  private BackupRepository open() throws IOException {
    return BackupRepository.open(LocalTarget.at(directory), TestRepositories.PASSWORDS, options);
  }

  /** A verifier whose answer is known beforehand. */
  private static Verifier answering(Proof proof, boolean passed) {
    List<Finding> findings = passed ? List.of() : List.of(Finding.error("a", "is bad", ""));
    return (snapshot, context) -> Verification.of("drill", proof, findings, Map.of("k", "v"));
  }

  private void verify(BackupRepository repository, Snapshot snapshot, Proof proof, boolean passed)
      throws Exception {
    now = now.plusSeconds(1);
    assertEquals(passed, repository.verify(snapshot, answering(proof, passed)).passed());
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
      for (boolean passed : new boolean[] {false, true, true}) {
        assertEquals(passed, repository.verify(snapshot, answering(Proof.DATA, passed)).passed());
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
            throw new BackupException(Kind.UNAVAILABLE, "no scratch server");
          };
      org.junit.jupiter.api.Assertions.assertThrows(
          BackupException.class, () -> repository.verify(snapshot, blind));
      assertEquals(List.of(), repository.receipts(snapshot));
    }
  }
}
