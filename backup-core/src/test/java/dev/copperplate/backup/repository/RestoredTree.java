package dev.copperplate.backup.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.copperplate.backup.Finding;
import dev.copperplate.backup.RestoreReport;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.files.FilesRestorer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What {@link FilesRestorer} makes of a snapshot. */
final class RestoredTree {

  private static final boolean IS_ROOT = System.getProperty("user.name").equals("root");

  private RestoredTree() {}

  /**
   * Restores a whole snapshot with all metadata, and reads what lies there at the place of a
   * directory that it holds, as exactly as every JDK can: a newer one sets times of links to the
   * nanosecond. Nothing may go wrong but what the JDK cannot do.
   */
  static FileTree of(BackupRepository repository, Snapshot snapshot, Path target, Path captured)
      throws IOException, InterruptedException {
    FilesRestorer restorer = FilesRestorer.to(target).owners(IS_ROOT).privileged(true);
    RestoreReport report = repository.restore(snapshot, restorer);
    List<Finding> bad =
        report.findings().stream()
            .filter(each -> each.severity() != Finding.Severity.INFO)
            .filter(each -> !each.message().contains("pipes, sockets or devices"))
            .toList();
    assertEquals(List.of(), bad);
    return FileTree.of(FileTree.below(target, captured)).asTheJdkCan();
  }
}
