package dev.copperplate.samples;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Finding.Severity;
import dev.copperplate.backup.RunId;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.Verification;
import dev.copperplate.backup.Verifier;
import dev.copperplate.backup.repository.BackupListener.Event;
import dev.copperplate.backup.repository.BackupListener.Progress;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.Passwords;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.verify.Verifiers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks whether every byte of a repository is as it was written: hashes every object, opens the
 * repository, which authenticates its config, and reads every file of every snapshot.
 *
 * <p>What cannot be read is a finding, and the check goes on. Only a repository that is not there
 * is an exception.
 */
final class RepositoryCheck {

  private static final Set<Kind> BROKEN = Set.of(Kind.DAMAGED, Kind.MISSING, Kind.WRONG_KEY);

  private final BackupTarget target;
  private final Passwords passwords;
  private final RepositoryOptions options;

  RepositoryCheck(BackupTarget target, Passwords passwords, RepositoryOptions options) {
    this.target = target;
    this.passwords = passwords;
    this.options = options;
  }

  /**
   * What was found.
   *
   * @param objects how many objects were hashed
   * @param bytes how many bytes they have
   * @param snapshots how many snapshots were read
   * @param findings all that is worth a word
   */
  record Result(long objects, long bytes, int snapshots, List<Finding> findings) {

    Result {
      findings = List.copyOf(findings);
    }

    /** Whether nothing is damaged or missing. */
    boolean sound() {
      return findings.stream().allMatch(each -> each.severity() == Severity.INFO);
    }
  }

  /**
   * Looks at everything.
   *
   * @throws BackupException {@code NOT_FOUND} if there is no repository
   */
  Result run() throws IOException, InterruptedException {
    List<Finding> findings = new ArrayList<>();
    BackupRepository repository = open(findings);
    try {
      ObjectCheck objects = hashed();
      findings.addAll(objects.findings());
      int snapshots = repository == null ? 0 : verifyAll(repository, findings);
      return new Result(objects.objects(), objects.bytes(), snapshots, findings);
    } finally {
      if (repository != null) {
        repository.close();
      }
    }
  }

  /** Null if it does not open, which is a finding: its objects can be hashed all the same. */
  private @Nullable BackupRepository open(List<Finding> findings) throws IOException {
    try {
      return BackupRepository.open(target, passwords, options);
    } catch (BackupException failure) {
      if (!BROKEN.contains(failure.kind())) {
        throw failure;
      }
      findings.add(Finding.error(target.description(), String.valueOf(failure.getMessage()), ""));
      return null;
    }
  }

  /** Tells the listeners of it as of an operation of the repository. */
  private ObjectCheck hashed() throws IOException, InterruptedException {
    Event event =
        new Event("hash", new RunId("objects"), Optional.empty(), options.clock().instant());
    ObjectCheck objects =
        new ObjectCheck(
            target,
            options.threads(),
            bytes -> options.listeners().forEach(each -> each.progressed(event, progress(bytes))));
    options.listeners().forEach(each -> each.started(event));
    try {
      objects.run();
    } finally {
      options.listeners().forEach(each -> each.ended(event, Optional.empty()));
    }
    return objects;
  }

  private static Progress progress(long bytes) {
    return new Progress(0, bytes, 0, 0);
  }

  private int verifyAll(BackupRepository repository, List<Finding> findings)
      throws IOException, InterruptedException {
    SnapshotList all = SnapshotList.read(target, repository);
    findings.addAll(all.unreadable());
    Verifier everything = Verifiers.all(Verifiers.structure(), Verifiers.checksums());
    for (Snapshot each : all.snapshots()) {
      findings.addAll(verify(repository, each, everything));
    }
    return all.snapshots().size();
  }

  private static List<Finding> verify(
      BackupRepository repository, Snapshot snapshot, Verifier verifier)
      throws IOException, InterruptedException {
    String subject = "snapshot " + snapshot.id().shortHex();
    List<Finding> findings = new ArrayList<>();
    if (snapshot.state() != SnapshotState.COMPLETE) {
      findings.add(Finding.info(subject, "was " + Words.lower(snapshot.state()) + " when made"));
    }
    try {
      Verification verification = repository.verify(snapshot, verifier);
      verification.findings().forEach(each -> findings.add(at(subject, each)));
      if (!verification.passed()) {
        findings.add(Finding.error(subject, "cannot be relied on", ""));
      }
    } catch (BackupException failure) {
      findings.add(
          failure.kind() == Kind.NOT_FOUND
              ? Finding.info(subject, "was removed meanwhile")
              : Finding.error(subject, "cannot be read: " + failure.getMessage(), ""));
    }
    return findings;
  }

  private static Finding at(String snapshot, Finding finding) {
    return finding.subject().startsWith("snapshot ")
        ? finding
        : new Finding(
            finding.severity(),
            snapshot + ":" + finding.subject(),
            finding.message(),
            finding.remedy());
  }
}
