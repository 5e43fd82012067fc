package dev.copperplate.backup.repository;

import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.repository.KilledWriter.Phase;
import dev.copperplate.backup.target.LocalTarget;
import java.nio.file.Path;

/**
 * The main class of a child that copies a repository. At the put into the replica that it was given
 * it says {@code stopped} and stays there, so that its parent can kill it at that very moment.
 */
final class KilledCopy {

  private KilledCopy() {}

  /** Arguments: directory, directory of the replica, number of the put, phase. */
  public static void main(String[] arguments) throws Exception {
    KilledWriter.say("started");
    BackupTarget target =
        new KilledWriter.Stopping(
            LocalTarget.at(Path.of(arguments[1])),
            Integer.parseInt(arguments[2]),
            Phase.valueOf(arguments[3]));
    try (BackupRepository repository = TestRepositories.open(Path.of(arguments[0]));
        BackupRepository replica = BackupRepository.open(target, TestRepositories.PASSWORDS)) {
      KilledWriter.say("opened");
      KilledWriter.say("made " + repository.copyTo(replica, CopyOptions.DEFAULT));
    }
  }
}
