package dev.copperplate.samples;

import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.target.LocalTarget;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;

/**
 * Looks whether every byte of a repository is as it was written.
 *
 * <pre>
 * java -cp samples-all.jar dev.copperplate.samples.VerifyRepository \
 *     --repository DIR --password-file FILE
 * </pre>
 *
 * <p>Compares every object with the hash that is its name, then walks every snapshot and reads
 * every file of it. Takes no lock and changes nothing. Exit code 1 means that something is damaged
 * or missing, or that the password opens nothing.
 */
public final class VerifyRepository {

  static final Program PROGRAM =
      new Program(
          "verify",
          new Syntax(
              "VerifyRepository",
              "Looks whether every byte of a repository is as it was written.",
              "",
              RepositoryAccess.options()),
          VerifyRepository::run);

  private VerifyRepository() {}

  public static void main(String[] arguments) {
    PROGRAM.start(arguments);
  }

  private static Summary run(Arguments arguments, Output output)
      throws IOException, InterruptedException, UsageException {
    long started = System.nanoTime();
    try (BackupTarget target = LocalTarget.at(RepositoryAccess.directory(arguments))) {
      RepositoryCheck check =
          new RepositoryCheck(
              target,
              RepositoryAccess.passwords(arguments),
              RepositoryOptions.DEFAULT.listener(ProgressBars.on(output)));
      return summary(check.run(), Duration.ofNanos(System.nanoTime() - started));
    }
  }

  private static Summary summary(RepositoryCheck.Result result, Duration took) {
    return new Summary("verify", result.sound() ? ExitCode.SUCCESS : ExitCode.FAILURE)
        .put("objects", result.objects())
        .put("bytes", result.bytes())
        .put("snapshots", result.snapshots())
        .put("milliseconds", took.toMillis())
        .findings(result.findings())
        .line(
            String.format(
                Locale.ROOT,
                "%d objects with %s and %d snapshots are %s, in %s.",
                result.objects(),
                Bytes.text(result.bytes()),
                result.snapshots(),
                result.sound() ? "sound" : "NOT sound",
                Bytes.text(took)));
  }
}
