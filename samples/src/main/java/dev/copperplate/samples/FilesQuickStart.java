package dev.copperplate.samples;

import dev.copperplate.backup.repository.BackupReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Shows on real files what the library does: backs up a working copy of a directory, changes the
 * copy, backs up again, verifies, restores, and compares byte by byte.
 *
 * <pre>
 * java -jar samples-all.jar [--work DIR] [DIRECTORY]
 * </pre>
 *
 * <p>Without an argument the directory is the installation of the JDK that runs this. Nothing in it
 * is touched. Everything else is below one new directory, which needs room for three times as much;
 * the repository and its password file stay there, so that stock restic can be tried on them.
 */
public final class FilesQuickStart {

  private static final String WORK = "--work";

  static final Program PROGRAM =
      new Program(
          "quickstart",
          new Syntax(
              "FilesQuickStart",
              "Backs up, verifies and restores a working copy of a directory: the JDK's own, or yours.",
              "[DIRECTORY]",
              List.of(Option.optional(WORK, "DIR", "where to make the new directory"))),
          FilesQuickStart::run);

  private FilesQuickStart() {}

  public static void main(String[] arguments) {
    PROGRAM.start(arguments);
  }

  private static Summary run(Arguments arguments, Output output)
      throws IOException, InterruptedException, UsageException {
    Path directory = directory(arguments);
    Path parent = Path.of(arguments.optional(WORK).orElse(System.getProperty("java.io.tmpdir")));
    Path work = Files.createTempDirectory(parent.toAbsolutePath(), "copperplate-quickstart-");
    return summary(new Demonstration(directory, work.toRealPath(), output).run());
  }

  private static Path directory(Arguments arguments) throws IOException, UsageException {
    List<Path> given = arguments.operandPaths();
    if (given.size() > 1) {
      throw new UsageException("Takes one directory, and not " + given.size());
    }
    Path directory = given.isEmpty() ? Path.of(System.getProperty("java.home")) : given.get(0);
    if (!Files.isDirectory(directory)) {
      throw new UsageException("Not a directory: " + directory);
    }
    return directory.toRealPath();
  }

  private static Summary summary(Demonstration.Result result) {
    Summary summary =
        new Summary("quickstart", result.success() ? ExitCode.SUCCESS : ExitCode.FAILURE);
    put(summary, "first", result.first());
    put(summary, "second", result.second());
    summary
        .put("storedBytes", result.stored())
        .put("verifyMilliseconds", result.verified().toMillis())
        .put("restoreMilliseconds", result.restored().toMillis())
        .put("filesCompared", result.compared())
        .put("work", result.work().toString())
        .put("restic", result.restic().words());
    result.problem().ifPresent(each -> summary.put("problem", each));
    return lines(summary, result);
  }

  private static void put(Summary summary, String prefix, BackupReport report) {
    summary
        .put(prefix + "Files", report.snapshot().files())
        .put(prefix + "Bytes", report.snapshot().bytes())
        .put(prefix + "BytesAdded", report.bytesAdded())
        .put(prefix + "BytesStored", report.bytesStored())
        .put(prefix + "Milliseconds", report.took().toMillis());
  }

  private static Summary lines(Summary summary, Demonstration.Result result) {
    BackupReport second = result.second();
    summary.line("");
    row(summary, "Directory", result.directory().toString());
    row(summary, "First backup", firstBackup(result.first()));
    row(summary, "Changes", changes(result.changes()));
    row(summary, "Second backup", secondBackup(second));
    row(summary, "Stored", stored(result));
    row(summary, "Verification", "every byte, in " + Bytes.text(result.verified()));
    String bytes = Bytes.text(second.snapshot().bytes());
    row(summary, "Restore", bytes + " in " + Bytes.text(result.restored()));
    row(summary, "Comparison", comparison(result));
    return instructions(summary, result);
  }

  private static String firstBackup(BackupReport report) {
    long bytes = report.snapshot().bytes();
    return String.format(
        Locale.ROOT,
        "%d files, %s in %s, %s",
        report.snapshot().files(),
        Bytes.text(bytes),
        Bytes.text(report.took()),
        Bytes.speed(bytes, report.took()));
  }

  private static String changes(TreeChanges changes) {
    return String.format(
        Locale.ROOT,
        "%d files changed, %d deleted, %d added",
        changes.changed(),
        changes.deleted(),
        changes.added());
  }

  private static String secondBackup(BackupReport report) {
    return String.format(
        Locale.ROOT,
        "%s in %s; %s were new, stored as %s",
        Bytes.text(report.snapshot().bytes()),
        Bytes.text(report.took()),
        Bytes.text(report.bytesAdded()),
        Bytes.text(report.bytesStored()));
  }

  private static String stored(Demonstration.Result result) {
    long both = result.first().snapshot().bytes() + result.second().snapshot().bytes();
    double part = (double) result.stored() / (double) Math.max(1, both);
    return String.format(
        Locale.ROOT,
        "%s for the %s of both, deduplicated and compressed: %.0f %%",
        Bytes.text(result.stored()),
        Bytes.text(both),
        100 * part);
  }

  private static String comparison(Demonstration.Result result) {
    return result
        .problem()
        .orElse(result.compared() + " files are the same, with links, permissions and times");
  }

  private static Summary instructions(Summary summary, Demonstration.Result result) {
    summary.line("");
    if (result.success()) {
      summary.line("Stock restic restores the same, without us:").line("  " + result.restic());
    } else {
      summary.line("NOT what it should be: working copy and restored files are kept.");
    }
    return summary
        .line("Everything is below " + result.work() + ". When you have seen enough:")
        .line("  " + ShellCommand.of("rm", "-rf", result.work()));
  }

  private static void row(Summary summary, String name, String text) {
    summary.line("  " + name + " ".repeat(16 - name.length()) + text);
  }
}
