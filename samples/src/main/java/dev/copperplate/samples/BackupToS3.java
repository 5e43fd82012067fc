package dev.copperplate.samples;

import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.Verification;
import dev.copperplate.backup.files.FilesSource;
import dev.copperplate.backup.repository.BackupReport;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.s3.PreflightReport;
import dev.copperplate.backup.s3.S3Preflight;
import dev.copperplate.backup.s3.S3Target;
import dev.copperplate.backup.s3.S3TargetProvider;
import dev.copperplate.backup.verify.Verifiers;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Backs up files into a bucket, as a service would do it: looks first whether the bucket is a safe
 * place, lets the store keep what is written, and reads it all back.
 *
 * <pre>
 * java -cp samples-all.jar dev.copperplate.samples.BackupToS3 \
 *     --repository s3://bucket/prefix --password-file FILE [--retain-days N] [--strict] PATH…
 * </pre>
 *
 * <p>Credentials, region and endpoint are those that the AWS SDK finds in the surroundings, such as
 * {@code AWS_ACCESS_KEY_ID}, {@code AWS_REGION} and {@code AWS_ENDPOINT_URL}. The repository is
 * made where there is none. Exit code 1 means that the bucket is no place for backups, or that what
 * was written does not come back; 3 that something is missing in the snapshot.
 */
public final class BackupToS3 {

  private static final String RETAIN_DAYS = "--retain-days";
  private static final String STRICT = "--strict";

  static final Program PROGRAM =
      new Program(
          "backup-to-s3",
          new Syntax(
              "BackupToS3",
              "Looks whether a bucket is a safe place, backs up files into it, and reads them back.",
              "PATH…",
              RepositoryAccess.options(
                  Option.optional(RETAIN_DAYS, "N", "let the store keep what is written so long"),
                  Option.flag(STRICT, "refuse a bucket that one stolen key can empty"))),
          BackupToS3::run);

  private BackupToS3() {}

  public static void main(String[] arguments) {
    PROGRAM.start(arguments);
  }

  private static Summary run(Arguments arguments, Output output)
      throws IOException, InterruptedException, UsageException {
    if (arguments.operands().isEmpty()) {
      throw new UsageException("Name at least one path to back up");
    }
    PreflightReport place = preflight(arguments);
    if (!place.passed()) {
      return new Summary("backup-to-s3", ExitCode.FAILURE)
          .findings(place.findings())
          .line("Nothing was written: the bucket is no place for backups.");
    }
    try (RepositoryAccess access =
        RepositoryAccess.openOrCreate(arguments, options(arguments, output))) {
      FilesSource source = FilesSource.of(arguments.operandPaths());
      BackupReport report = access.repository().backup(source);
      Verification proof = access.repository().verify(report.snapshot(), Verifiers.checksums());
      return summary(place, report, proof);
    }
  }

  private static PreflightReport preflight(Arguments arguments) throws IOException, UsageException {
    String place = RepositoryAccess.place(arguments);
    try (S3Target target = Arguments.checked(() -> new S3TargetProvider().target(place))) {
      S3Preflight preflight = S3Preflight.of(target);
      return (arguments.has(STRICT) ? preflight.strict() : preflight).run();
    }
  }

  private static RepositoryOptions options(Arguments arguments, Output output)
      throws IOException, UsageException {
    String host = HostName.get();
    Optional<String> days = arguments.optional(RETAIN_DAYS);
    RepositoryOptions options =
        Arguments.checked(
            () -> RepositoryOptions.DEFAULT.environment(host).listener(ProgressBars.on(output)));
    if (days.isEmpty()) {
      return options;
    }
    long retained = (long) Arguments.number(RETAIN_DAYS, days.get());
    return Arguments.checked(() -> options.retainFor(Duration.ofDays(retained)));
  }

  private static Summary summary(PreflightReport place, BackupReport report, Verification proof) {
    Snapshot snapshot = report.snapshot();
    List<Finding> findings = new ArrayList<>(place.findings());
    findings.addAll(report.findings());
    findings.addAll(proof.findings());
    return new Summary("backup-to-s3", exitCode(snapshot, proof))
        .put("snapshot", snapshot.id().hex())
        .put("state", snapshot.state().name())
        .put("files", snapshot.files())
        .put("bytes", snapshot.bytes())
        .put("bytesStored", report.bytesStored())
        .put("proved", proof.passed())
        .put("capabilities", place.capabilities().stream().map(Enum::name).sorted().toList())
        .findings(findings)
        .line(
            String.format(
                Locale.ROOT,
                "Snapshot %s is %s: %d files with %s, of which %s were new; %s.",
                snapshot.id().shortHex(),
                Words.lower(snapshot.state()),
                snapshot.files(),
                Bytes.text(snapshot.bytes()),
                Bytes.text(report.bytesAdded()),
                proof.passed() ? "all of it was read back" : "it does not come back whole"));
  }

  private static ExitCode exitCode(Snapshot snapshot, Verification proof) {
    if (!proof.passed()) {
      return ExitCode.FAILURE;
    }
    return snapshot.state() == SnapshotState.COMPLETE ? ExitCode.SUCCESS : ExitCode.PARTIAL;
  }
}
