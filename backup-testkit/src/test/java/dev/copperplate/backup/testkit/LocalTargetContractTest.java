package dev.copperplate.backup.testkit;

import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.target.LocalTarget;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class LocalTargetContractTest extends BackupTargetContract {

  private final Path directory;

  LocalTargetContractTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Override
  protected BackupTarget emptyTarget() {
    // A directory that does not exist yet is empty too.
    return LocalTarget.at(directory.resolve("not/yet"));
  }
}
