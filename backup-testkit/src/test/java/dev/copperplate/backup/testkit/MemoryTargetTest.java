package dev.copperplate.backup.testkit;

import dev.copperplate.backup.BackupTarget;

class MemoryTargetTest extends BackupTargetContract {

  @Override
  protected BackupTarget emptyTarget() {
    return new MemoryTarget();
  }
}
