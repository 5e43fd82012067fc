package dev.copperplate.backup.postgres.drill;

import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Proof;
import dev.copperplate.backup.RestoreContext;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.Verification;
import dev.copperplate.backup.postgres.scratch.ServerStartException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One drill: has a copy of the cluster made, and asks it. */
public final class DrillRun {

  private static final String NAME = "PostgreSQL drill";

  private final DrillChoices choices;
  private final SnapshotReader snapshot;
  private final RestoreContext context;

  public DrillRun(DrillChoices choices, SnapshotReader snapshot, RestoreContext context) {
    this.choices = choices;
    this.snapshot = snapshot;
    this.context = context;
  }

  public Verification run() throws IOException, InterruptedException {
    ScratchCluster cluster = new ScratchCluster(choices, snapshot, context);
    Map<String, String> facts = new HashMap<>();
    try {
      facts.putAll(cluster.use(this::ask));
    } catch (ServerStartException e) {
      context.report(
          Finding.error(
              snapshot.snapshot().run().toString(),
              "No recovery to " + choices.target() + ". " + e.getMessage(),
              "Look at the end of its log; another target or base may do"));
    }
    facts.putAll(cluster.facts());
    return Verification.of(NAME, Proof.RESTORED, List.of(), facts);
  }

  private Map<String, String> ask(DrillConnections connections)
      throws IOException, InterruptedException {
    Instant begin = context.clock().instant();
    Map<String, String> facts =
        new HashMap<>(new DrillChecks(connections, context).run(choices.answers()));
    Duration taken = Duration.between(begin, context.clock().instant());
    facts.put("check-milliseconds", Long.toString(taken.toMillis()));
    return facts;
  }
}
