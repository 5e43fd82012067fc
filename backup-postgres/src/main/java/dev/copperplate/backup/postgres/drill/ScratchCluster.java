package dev.copperplate.backup.postgres.drill;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.RestoreContext;
import dev.copperplate.backup.RestoreReport;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.postgres.PostgresRestorer;
import dev.copperplate.backup.postgres.inventory.BaseFacts;
import dev.copperplate.backup.postgres.restore.RecoverySettings;
import dev.copperplate.backup.postgres.restore.RestoreChoices;
import dev.copperplate.backup.postgres.scratch.PostgresBinaries;
import dev.copperplate.backup.postgres.scratch.ScratchServer;
import dev.copperplate.backup.postgres.scratch.ServerLaunch;
import dev.copperplate.backup.postgres.scratch.ServerStartException;
import dev.copperplate.backup.postgres.scratch.ServerUser;
import dev.copperplate.backup.postgres.scratch.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * A copy of a cluster for a while: restored into the scratch directory of a run, armed with a
 * configuration of its own, recovered, and freed of what is attached to databases and roles.
 */
public final class ScratchCluster {

  /** What it is made for. */
  @FunctionalInterface
  public interface Use<T> {
    T of(DrillConnections connections) throws IOException, InterruptedException;
  }

  private final DrillChoices choices;
  private final SnapshotReader snapshot;
  private final RestoreContext context;
  private final Map<String, String> facts = new HashMap<>();

  public ScratchCluster(DrillChoices choices, SnapshotReader snapshot, RestoreContext context) {
    this.choices = choices;
    this.snapshot = snapshot;
    this.context = context;
  }

  /** How long it took to restore and to recover, and with which programs. */
  public Map<String, String> facts() {
    return Map.copyOf(facts);
  }

  /**
   * Makes it, uses it and removes it.
   *
   * @throws ServerStartException if it does not recover
   */
  public <T> T use(Use<T> use) throws IOException, InterruptedException {
    BaseFacts base = BaseFacts.of(snapshot.snapshot(), snapshot.manifest());
    PostgresBinaries programs = programs(base);
    ServerUser user = choices.serverUser();
    Path scratch = context.scratch();
    DrillFolder.removeAbandoned(scratch.toAbsolutePath().resolve("..").normalize());
    try (DrillFolder folder = DrillFolder.make(scratch, user)) {
      Instant begin = context.clock().instant();
      RestoreReport report = restore(folder.data());
      Instant restored = took("restore-milliseconds", begin);
      arm(folder, base, report);
      user.own(folder.path());
      ServerLaunch launch =
          ServerLaunch.of(programs, folder.data(), user).set(new DrillFiles(folder).settings());
      try (ScratchServer server = launch.writable().within(choices.limit()).start()) {
        took("recovery-milliseconds", restored);
        took("milliseconds", begin);
        return use.of(connections(server, base));
      }
    }
  }

  private PostgresBinaries programs(BaseFacts base) throws IOException, InterruptedException {
    PostgresBinaries programs = choices.binaries();
    if (programs.major() != base.major()) {
      throw new BackupException(
          Kind.INVALID,
          "The snapshot is not restored: it is of PostgreSQL "
              + base.major()
              + ", and the programs in "
              + programs.directory()
              + " are "
              + programs.version()
              + ". Name programs of the same major version");
    }
    facts.put("programs", programs.version());
    return programs;
  }

  private RestoreReport restore(Path data) throws IOException, InterruptedException {
    return PostgresRestorer.to(data)
        .target(choices.target())
        .tablespacesInPlace()
        .restore(snapshot, new DrillContext(context));
  }

  private Instant took(String fact, Instant begin) {
    Instant now = context.clock().instant();
    facts.put(fact, Long.toString(Duration.between(begin, now).toMillis()));
    return now;
  }

  /** Slots are of no use without their consumers, and each needs a place in memory. */
  private void arm(DrillFolder folder, BaseFacts base, RestoreReport report) throws IOException {
    Path data = folder.data();
    Files.write(data.resolve("postgresql.auto.conf"), new byte[0]);
    Trees.delete(data.resolve("pg_replslot"));
    Files.createDirectory(data.resolve("pg_replslot"));
    Files.deleteIfExists(data.resolve("standby.signal"));

    ControlFile control =
        ControlFile.parse(Files.readAllBytes(data.resolve("global").resolve("pg_control")));
    byte[] alone = new DrillConfiguration(base.major(), control, choices.libraries()).text();
    int timeline = Integer.parseInt(report.facts().get("timeline"));
    RecoverySettings recovery =
        new RecoverySettings(
            RestoreChoices.to(data).target(choices.target()).replacement(true),
            timeline == base.timeline() ? OptionalInt.empty() : OptionalInt.of(timeline),
            base.major());
    new DrillFiles(folder).write(recovery.appendedTo(alone));
  }

  private DrillConnections connections(ScratchServer server, BaseFacts base) throws IOException {
    DrillConnections connections =
        new DrillConnections(server, base.major(), choices.role(), choices.limit(), context);
    connections.disarm();
    return connections;
  }
}
