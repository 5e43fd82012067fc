package dev.copperplate.backup.testkit;

import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.Content;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.PutOptions;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.Passwords;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.repository.chunk.Polynomial;
import dev.copperplate.backup.repository.crypto.KeyDerivation;
import dev.copperplate.backup.repository.crypto.MasterKey;
import dev.copperplate.backup.repository.crypto.Sealer;
import dev.copperplate.backup.repository.format.KeyFile;
import dev.copperplate.backup.repository.format.RepositoryConfig;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.format.SnapshotFile;
import dev.copperplate.backup.repository.format.Timestamps;
import dev.copperplate.backup.repository.format.Unpacked;
import dev.copperplate.backup.target.LocalTarget;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A repository that holds nothing but snapshots, which {@code forget} takes for whole. Their times
 * are written as restic writes them on a machine in some zone: with the offset that it has then.
 * Its key costs next to nothing to open.
 */
final class DatedRepository {

  static final String PASSWORD = "correct horse";

  private static final Sha256 NO_TREE = Sha256.hash(new byte[0]);

  private final Path directory;
  private final ZoneId zone;
  private final Sealer sealer;

  private DatedRepository(Path directory, ZoneId zone, Sealer sealer) {
    this.directory = directory;
    this.zone = zone;
    this.sealer = sealer;
  }

  static DatedRepository create(Path directory, ZoneId zone) throws IOException {
    SecureRandom random = new SecureRandom();
    MasterKey key = MasterKey.random(random);
    DatedRepository made = new DatedRepository(directory, zone, new Sealer(key));
    byte[] keyFile =
        KeyFile.wrap(
                key,
                PASSWORD.toCharArray(),
                new KeyDerivation(2, 1, 1),
                Instant.EPOCH,
                "",
                "",
                random)
            .encode();
    String id = Sha256.hash(keyFile).hex();
    RepositoryConfig config =
        new RepositoryConfig(RepositoryConfig.CURRENT_VERSION, id, Polynomial.random(random).hex());
    try (BackupTarget target = LocalTarget.at(directory)) {
      put(target, "keys/" + id, keyFile);
      put(target, "config", made.sealer.seal(config.encode()));
    }
    Files.createDirectories(directory.resolve("snapshots"));
    return made;
  }

  private static void put(BackupTarget target, String key, byte[] bytes) throws IOException {
    target.put(new ObjectKey(key), Content.of(bytes), PutOptions.METADATA);
  }

  /** Stores a snapshot of that host. */
  void add(String host, Instant time, Set<String> tags) throws IOException {
    SnapshotFile file =
        SnapshotFile.builder(time, NO_TREE)
            .hostname(host)
            .paths(List.of("/data"))
            .tags(new ArrayList<>(new TreeSet<>(tags)))
            .build();
    String utc = new String(file.encode(), StandardCharsets.UTF_8);
    String local = DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(time.atZone(zone));
    byte[] json = utc.replace(Timestamps.format(time), local).getBytes(StandardCharsets.UTF_8);
    byte[] stored = sealer.seal(Unpacked.encode(json));
    // Not by way of the target, which would wait for the disk some thousand times.
    Files.write(directory.resolve("snapshots").resolve(Sha256.hash(stored).hex()), stored);
  }

  /** The snapshots as a repository lists them. */
  List<Snapshot> list() throws IOException {
    try (BackupTarget target = LocalTarget.at(directory);
        BackupRepository repository =
            BackupRepository.open(
                target, Passwords.of(PASSWORD::toCharArray), RepositoryOptions.DEFAULT)) {
      return repository.list(SnapshotFilter.ALL);
    }
  }
}
