package dev.copperplate.backup.testkit.filesystem;

import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.target.LocalTarget;
import dev.copperplate.backup.testkit.BackupTargetContract;

/** The model is file system enough for a directory to keep all its promises on it. */
class LocalTargetOnModelContractTest extends BackupTargetContract {

  @Override
  protected BackupTarget emptyTarget() {
    return LocalTarget.at(new ModelFileSystem().getPath("/srv/backups"));
  }
}
