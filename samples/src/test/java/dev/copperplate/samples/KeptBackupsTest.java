package dev.copperplate.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.Proof;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.files.FilesSource;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.Passwords;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.target.LocalTarget;
import dev.copperplate.backup.verify.Verifiers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptBackupsTest {

  @TempDir Path directory;

  @Test
  void doesWhatTheReadmeSays() throws Exception {
    Place place = Place.in(directory);
    Passwords passwords = Passwords.file(place.passwordFile());
    try (BackupTarget target = LocalTarget.at(place.repository());
        BackupTarget away = LocalTarget.at(place.directory().resolve("replica"));
        BackupRepository repository = BackupRepository.open(target, passwords);
        BackupRepository replica =
            repository.createReplica(away, passwords, RepositoryOptions.DEFAULT)) {
      repository.backup(FilesSource.of(place.documents()));
      Files.writeString(place.documents().resolve("two"), "changed");
      Snapshot newest = repository.backup(FilesSource.of(place.documents())).snapshot();
      repository.verify(newest, Verifiers.checksums());
      assertTrue(KeptBackups.keep(repository, replica).sound());
      assertEquals(List.of(newest), repository.list(SnapshotFilter.ALL.proved(Proof.DATA)));
      assertEquals(newest.run(), replica.list(SnapshotFilter.ALL).get(0).run());
    }
  }
}
