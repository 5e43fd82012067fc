package dev.copperplate.backup.s3;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.Capability;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Finding.Severity;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Looks whether a bucket is a safe place for a repository, before there is one and again from time
 * to time: what may be done there, what the store enforces when it is tried, and what its settings
 * would do to a repository whose objects depend on each other for years.
 *
 * <pre>{@code
 * PreflightReport report = S3Preflight.of(target).strict().run();
 * report.findings().forEach(each -> log.info("{}", each));
 * if (!report.passed()) {
 *   throw new IllegalStateException("Not a place for backups");
 * }
 * }</pre>
 *
 * <p>It changes nothing but objects below {@code copperplate/store/}, one of which stays locked for
 * a minute where the bucket has Object Lock, and a deletion of a key below {@code locks/} that does
 * not exist. Best run by somebody who may read the bucket's settings: what may not be asked is a
 * warning. Immutable.
 */
public final class S3Preflight {

  private final S3Target target;
  private final boolean strict;
  private final boolean replicated;

  private S3Preflight(S3Target target, boolean strict, boolean replicated) {
    this.target = target;
    this.strict = strict;
    this.replicated = replicated;
  }

  /** For a bucket, with the credentials of the target. */
  public static S3Preflight of(S3Target target) {
    return new S3Preflight(target, false, false);
  }

  /** Makes an error of plain {@code http}, and of a repository that one stolen key can destroy. */
  public S3Preflight strict() {
    return new S3Preflight(target, true, replicated);
  }

  /** Says that there is a replica under other credentials, which nobody can see from here. */
  public S3Preflight replicated() {
    return new S3Preflight(target, strict, true);
  }

  /**
   * Looks at everything.
   *
   * @throws dev.copperplate.backup.BackupException if the store could not be asked: {@code DENIED}
   *     for wrong credentials, {@code INVALID} for a bucket that does not exist, {@code
   *     UNAVAILABLE}
   */
  public PreflightReport run() throws IOException {
    BucketView bucket = target.view();
    Severity grave = strict ? Severity.ERROR : Severity.WARNING;
    List<Finding> findings = new ArrayList<>();
    look(new AccessCheck(target), findings);
    Set<Capability> capabilities = target.triedCapabilities();
    Duration ahead = target.storeAhead();
    List<PreflightCheck> checks =
        List.of(
            new ClockCheck(ahead),
            new TransportCheck(bucket.endpoint(), grave),
            new LockCheck(bucket, capabilities, replicated, grave),
            new LifecycleCheck(bucket),
            new ExposureCheck(bucket),
            new EncryptionCheck(bucket));
    for (PreflightCheck each : checks) {
      look(each, findings);
    }
    return new PreflightReport(findings, capabilities, ahead);
  }

  private static void look(PreflightCheck check, List<Finding> findings) throws IOException {
    try {
      check.look(findings);
    } catch (BackupException e) {
      if (!S3Failures.code(e).equals("AccessDenied")) {
        throw e;
      }
      findings.add(
          Finding.warning(
              check.subject(),
              "It may not be looked at: " + e.getMessage(),
              "Run the preflight once as somebody who may read the settings of the bucket"));
    }
  }

  /**
   * Lets the bucket keep what is overwritten and deleted from now on. Nothing else is changed; that
   * cannot be taken back, only suspended.
   */
  public void enableVersioning() throws IOException {
    target.view().enableVersioning();
  }
}
