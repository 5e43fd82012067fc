package dev.copperplate.backup.postgres.load.base;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.RestoreContext;
import dev.copperplate.backup.RestoreReport;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.postgres.drill.DrillChoices;
import dev.copperplate.backup.postgres.drill.DrillConnections;
import dev.copperplate.backup.postgres.drill.ScratchCluster;
import dev.copperplate.backup.postgres.load.table.LiveConnector;
import dev.copperplate.backup.postgres.load.table.SafetyCopy;
import dev.copperplate.backup.postgres.load.table.TableChoices;
import dev.copperplate.backup.postgres.load.table.TableRestore;
import dev.copperplate.backup.repository.BackupReport;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.Passwords;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.target.LocalTarget;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Restores tables out of a base backup: what a copy of the cluster holds of them goes through a
 * repository in the scratch directory, which ends with the run, so that they are restored as those
 * of a logical snapshot are.
 */
public final class BaseTables {

  private static final int PASSWORD_BYTES = 16;

  private final TableChoices choices;
  private final DrillChoices copy;
  private final Optional<SafetyCopy> safety;
  private final SnapshotReader base;
  private final RestoreContext context;

  /**
   * Prepares it.
   *
   * @param copy how the copy is made
   * @param safety keeps what would be destroyed, if that was asked for
   */
  public BaseTables(
      TableChoices choices,
      DrillChoices copy,
      Optional<SafetyCopy> safety,
      SnapshotReader base,
      RestoreContext context) {
    this.choices = choices;
    this.copy = copy;
    this.safety = safety;
    this.base = base;
    this.context = context;
  }

  /** Restores them. */
  public RestoreReport restore(LiveConnector connector, String place)
      throws IOException, InterruptedException {
    if (choices.database().isEmpty()) {
      throw new BackupException(
          Kind.INVALID, "A base backup holds all databases of its cluster: say which");
    }
    ScratchCluster cluster = new ScratchCluster(copy, base, new UnannouncedContext(context));
    return cluster.use(connections -> restore(connections, connector, place));
  }

  private RestoreReport restore(DrillConnections copied, LiveConnector connector, String place)
      throws IOException, InterruptedException {
    String password = password();
    RepositoryOptions options = RepositoryOptions.DEFAULT.scratch(context.scratch());
    LocalTarget target = LocalTarget.at(context.scratch().resolve("tables"));
    try (BackupRepository repository =
        BackupRepository.create(target, Passwords.of(password::toCharArray), options)) {
      BackupReport captured = repository.backup(new CopiedTables(copied, choices));
      requireWhole(captured);
      try (SnapshotReader tables = repository.open(captured.snapshot())) {
        return new TableRestore(tables, choices, safety, context).run(connector, place);
      }
    }
  }

  private static String password() {
    byte[] random = new byte[PASSWORD_BYTES];
    new SecureRandom().nextBytes(random);
    return HexFormat.of().formatHex(random);
  }

  private static void requireWhole(BackupReport captured) throws BackupException {
    Snapshot snapshot = captured.snapshot();
    if (snapshot.state() != SnapshotState.COMPLETE) {
      throw new BackupException(
          Kind.DAMAGED,
          "The tables could not be taken out of the copy of the cluster: " + captured.findings());
    }
  }
}
