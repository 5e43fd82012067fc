package dev.copperplate.backup.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupSource;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.Proof;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.Verification;
import dev.copperplate.backup.Verifier;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.Passwords;
import dev.copperplate.backup.repository.RepositoryOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link Verifier} promises.
 *
 * <p>A verifier's test extends this and supplies the verifier, and a source whose snapshots it can
 * look at.
 */
public abstract class VerifierContract {

  private static final String PASSWORD = "verifier";

  private final MemoryTarget target = new MemoryTarget();
  private BackupRepository repository;

  /** The verifier under test. */
  protected abstract Verifier verifier();

  /** A source whose snapshots pass, with at least one file that is not empty. */
  protected abstract BackupSource source() throws Exception;

  @BeforeEach
  void createRepository() throws Exception {
    repository =
        BackupRepository.create(
            target, Passwords.of(PASSWORD::toCharArray), RepositoryOptions.DEFAULT);
  }

  @AfterEach
  void closeRepository() throws Exception {
    repository.close();
  }

  @Test
  void aGoodSnapshotPasses() throws Exception {
    Verification verification = repository.verify(snapshot(), verifier());
    assertTrue(verification.passed(), () -> "findings: " + verification.findings());
    assertFalse(verification.verifier().isBlank(), "a verifier has a name");
  }

  @Test
  void theSameSnapshotGetsTheSameAnswerTwice() throws Exception {
    Snapshot snapshot = snapshot();
    Verification first = repository.verify(snapshot, verifier());
    Verification second = repository.verify(snapshot, verifier());
    assertEquals(first.passed(), second.passed());
    assertEquals(first.findings(), second.findings());
    assertEquals(first.proof(), second.proof());
  }

  @Test
  void lostPacksAreAFindingAndNoException() throws Exception {
    Snapshot snapshot = snapshot();
    target.delete(target.keys("data/"));
    assertFailed(repository.verify(snapshot, verifier()));
  }

  @Test
  void lostIndexesAreAFindingAndNoException() throws Exception {
    Snapshot snapshot = snapshot();
    target.delete(target.keys("index/"));
    assertFailed(repository.verify(snapshot, verifier()));
  }

  @Test
  void spoiltPacksAreAFindingIfItReadsThem() throws Exception {
    Snapshot snapshot = snapshot();
    for (ObjectKey each : target.keys("data/")) {
      target.spoil(each);
    }
    Verification verification = repository.verify(snapshot, verifier());
    if (verifierProof() != Proof.STRUCTURE) {
      assertFailed(verification);
    }
  }

  /** What the verifier proves; by default it is asked with a good snapshot. */
  protected Proof verifierProof() throws Exception {
    MemoryTarget other = new MemoryTarget();
    try (BackupRepository good =
        BackupRepository.create(
            other, Passwords.of(PASSWORD::toCharArray), RepositoryOptions.DEFAULT)) {
      return good.verify(good.backup(source()).snapshot(), verifier()).proof();
    }
  }

  private Snapshot snapshot() throws Exception {
    return repository.backup(source()).snapshot();
  }

  private static void assertFailed(Verification verification) {
    assertFalse(verification.passed(), "what is gone was not noticed");
    assertTrue(
        verification.findings().stream()
            .anyMatch(each -> each.severity() == Finding.Severity.ERROR),
        "no finding says what is wrong");
  }
}
