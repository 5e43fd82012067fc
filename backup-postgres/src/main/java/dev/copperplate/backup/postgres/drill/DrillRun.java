package dev.copperplate.backup.postgres.drill;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Proof;
import dev.copperplate.backup.RestoreContext;
import dev.copperplate.backup.RestoreReport;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.Verification;
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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** One drill: restores, arms the copy with the drill's own configuration, starts it, asks. */
public final class DrillRun {

  private static final String NAME = "PostgreSQL drill";

  private final DrillChoices choices;
  private final SnapshotReader snapshot;
  private final RestoreContext context;
  private final Map<String, String> facts = new HashMap<>();

  public DrillRun(DrillChoices choices, SnapshotReader snapshot, RestoreContext context) {
    this.choices = choices;
    this.snapshot = snapshot;
    this.context = context;
  }

  public Verification run() throws IOException, InterruptedException {
    BaseFacts base = BaseFacts.of(snapshot.snapshot(), snapshot.manifest());
    PostgresBinaries programs = programs(base);
    ServerUser user =
        choices.user().isPresent()
            ? ServerUser.named(choices.user().get())
            : ServerUser.unprivileged();
    Path scratch = context.scratch();
    DrillFolder.removeAbandoned(scratch.toAbsolutePath().resolve("..").normalize());
    try (DrillFolder folder = DrillFolder.make(scratch, user)) {
      Instant begin = context.clock().instant();
      RestoreReport report = restore(folder.data());
      Instant restored = took("restore-milliseconds", begin);
      arm(folder, base, report);
      user.own(folder.path());
      recoverAndAsk(ServerLaunch.of(programs, folder.data(), user), folder, base, begin, restored);
    }
    return Verification.of(NAME, Proof.RESTORED, List.of(), facts);
  }

  private PostgresBinaries programs(BaseFacts base) throws IOException, InterruptedException {
    PostgresBinaries programs =
        choices.programs().isPresent()
            ? PostgresBinaries.at(choices.programs().get())
            : PostgresBinaries.embedded(PostgresBinaries.defaultCache());
    if (programs.major() != base.major()) {
      throw new BackupException(
          Kind.INVALID,
          "No drill was made: the snapshot is of PostgreSQL "
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
    Files.write(configuration(folder), recovery.appendedTo(alone));
    Files.writeString(access(folder), "local all all trust\n", StandardCharsets.US_ASCII);
    Files.write(identities(folder), new byte[0]);
  }

  private static Path configuration(DrillFolder folder) {
    return folder.path().resolve("postgresql.conf");
  }

  private static Path access(DrillFolder folder) {
    return folder.path().resolve("pg_hba.conf");
  }

  private static Path identities(DrillFolder folder) {
    return folder.path().resolve("pg_ident.conf");
  }

  private void recoverAndAsk(
      ServerLaunch launch, DrillFolder folder, BaseFacts base, Instant begin, Instant restored)
      throws IOException, InterruptedException {
    Map<String, String> files =
        DrillConfiguration.files(configuration(folder), access(folder), identities(folder));
    try (ScratchServer server = launch.set(files).writable().within(choices.limit()).start()) {
      Instant recovered = took("recovery-milliseconds", restored);
      took("milliseconds", begin);
      ask(server, base);
      took("check-milliseconds", recovered);
    } catch (ServerStartException e) {
      context.report(
          Finding.error(
              snapshot.snapshot().run().toString(),
              "No recovery to " + choices.target() + ". " + e.getMessage(),
              "Look at the end of its log; another target or base may do"));
    }
  }

  private void ask(ScratchServer server, BaseFacts base) throws IOException, InterruptedException {
    DrillConnections connections =
        new DrillConnections(server, base.major(), choices.role(), choices.limit(), context);
    connections.disarm();
    facts.putAll(new DrillChecks(connections, context).run(choices.answers()));
  }
}
