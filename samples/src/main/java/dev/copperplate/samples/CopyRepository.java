package dev.copperplate.samples;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Proof;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.SourceId;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.CopyOptions;
import dev.copperplate.backup.repository.CopyReport;
import dev.copperplate.backup.repository.Passwords;
import dev.copperplate.backup.repository.RepositoryOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Copies snapshots into another repository, with all that they depend on.
 *
 * <pre>
 * java -cp samples-all.jar dev.copperplate.samples.CopyRepository \
 *     --repository PLACE --password-file FILE --to PLACE --to-password-file FILE [--create] \
 *     [--source TYPE:NAME] [--tag TAG]… [--proved structure|data|restored]
 * </pre>
 *
 * <p>What the replica has already is not copied again, so it may be run every night, and again
 * after it was interrupted. {@code --create} makes the replica where there is none, so that the two
 * share pieces of files. Exit code 3 means that something was left out, which is named.
 */
public final class CopyRepository {

  private static final String TO = "--to";
  private static final String TO_PASSWORD_FILE = "--to-password-file";
  private static final String CREATE = "--create";
  private static final String SOURCE = "--source";
  private static final String TAG = "--tag";
  private static final String PROVED = "--proved";

  static final Program PROGRAM =
      new Program(
          "copy",
          new Syntax(
              "CopyRepository",
              "Copies snapshots into another repository, with all that they depend on.",
              "",
              RepositoryAccess.options(
                  Option.required(
                      TO, "PLACE", "the directory or s3://bucket/prefix of the replica"),
                  Option.required(TO_PASSWORD_FILE, "FILE", "the file that holds its password"),
                  Option.flag(CREATE, "create the replica if it does not exist"),
                  Option.optional(SOURCE, "TYPE:NAME", "only this source, such as files:/etc"),
                  Option.repeatable(TAG, "TAG", "only snapshots with this tag"),
                  Option.optional(
                      PROVED, "LEVEL", "only what is proved: structure, data or restored"))),
          CopyRepository::run);

  private CopyRepository() {}

  public static void main(String[] arguments) {
    PROGRAM.start(arguments);
  }

  private static Summary run(Arguments arguments, Output output)
      throws IOException, InterruptedException, UsageException {
    long started = System.nanoTime();
    SnapshotFilter filter = filter(arguments);
    Passwords passwords = RepositoryAccess.passwords(arguments, TO_PASSWORD_FILE);
    RepositoryOptions options = RepositoryOptions.DEFAULT.listener(ProgressBars.on(output));
    try (RepositoryAccess from = RepositoryAccess.open(arguments, options);
        BackupTarget target = RepositoryAccess.target(arguments, TO);
        BackupRepository to =
            replica(from.repository(), target, passwords, arguments.has(CREATE))) {
      CopyReport report = from.repository().copyTo(to, CopyOptions.DEFAULT.filter(filter));
      return summary(report, Duration.ofNanos(System.nanoTime() - started));
    }
  }

  private static BackupRepository replica(
      BackupRepository of, BackupTarget target, Passwords passwords, boolean create)
      throws IOException {
    try {
      return BackupRepository.open(target, passwords);
    } catch (BackupException failure) {
      if (failure.kind() != Kind.NOT_FOUND) {
        throw failure;
      }
      if (!create) {
        throw new BackupException(
            failure.kind(), failure.getMessage() + " (" + CREATE + " does that here)", failure);
      }
    }
    return of.createReplica(target, passwords, RepositoryOptions.DEFAULT);
  }

  private static SnapshotFilter filter(Arguments arguments) throws UsageException {
    Optional<String> source = arguments.optional(SOURCE);
    Optional<String> proved = arguments.optional(PROVED);
    SnapshotFilter filter =
        source.isPresent() ? SnapshotFilter.of(source(source.get())) : SnapshotFilter.ALL;
    filter = filter.tagged(Set.copyOf(arguments.all(TAG)));
    return proved.isPresent() ? filter.proved(proof(proved.get())) : filter;
  }

  private static SourceId source(String text) throws UsageException {
    int colon = text.indexOf(':');
    if (colon < 0) {
      throw new UsageException("Not a source: " + text + ". It is type:name, such as files:/etc");
    }
    return Arguments.checked(
        () -> new SourceId(text.substring(0, colon), text.substring(colon + 1)));
  }

  private static Proof proof(String word) throws UsageException {
    for (Proof each : Proof.values()) {
      if (word.equals(each.name().toLowerCase(Locale.ROOT))) {
        return each;
      }
    }
    throw new UsageException("Not a proof: " + word + ". It is structure, data or restored");
  }

  private static Summary summary(CopyReport report, Duration took) {
    List<Snapshot> copied = report.copied();
    long leftOut =
        report.findings().stream()
            .filter(each -> each.severity() == Finding.Severity.ERROR)
            .count();
    return new Summary("copy", leftOut == 0 ? ExitCode.SUCCESS : ExitCode.PARTIAL)
        .put("copied", copied.stream().map(each -> each.id().hex()).toList())
        .put("present", report.present())
        .put("blobs", report.blobs())
        .put("bytesStored", report.bytes())
        .put("milliseconds", took.toMillis())
        .findings(report.findings())
        .line(
            String.format(
                Locale.ROOT,
                "%d snapshots were copied, %d were there already; %s were stored, in %s.",
                copied.size(),
                report.present(),
                Bytes.text(report.bytes()),
                Bytes.text(took)));
  }
}
