package dev.copperplate.backup.postgres;

import dev.copperplate.backup.RestoreContext;
import dev.copperplate.backup.RestoreReport;
import dev.copperplate.backup.Restorer;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.postgres.slots.ReplicationRestore;
import dev.copperplate.backup.postgres.slots.RestoreWishes;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Makes the slots and publications of a snapshot again in a server whose databases and tables are
 * there already, and says what each consumer has lost.
 *
 * <p><b>A slot that is made again begins now.</b> No position can be given back: what was committed
 * between the last position of its consumer and the new slot's first never reaches that consumer.
 * For each logical slot the report names this range, with its bytes of log, as a warning that tells
 * which tables to read anew, and as a {@link SlotGap}. The consumer's position is the one that the
 * snapshot recorded, which is older than the truth by as much as the snapshot, unless {@link
 * #consumerAt} says better. After a recovery of the same system to another timeline the range
 * begins where that timeline begins, if the consumer was further; on a different system positions
 * mean nothing, and everything may be lost. Two running copies of one data directory look the same
 * to this.
 *
 * <p><b>What exists is left.</b> If it is defined otherwise, or invalidated, there is a warning.
 * Nothing is destroyed, so there is nothing to confirm. What cannot be created is an error of its
 * own in the report, and the others are still created.
 *
 * <p>Publications come before slots, in each database. Physical slots that kept the log keep it
 * again. Copies on standbys (failover slots) need 17 or newer; without, they become plain slots,
 * with a warning. Subscriptions are created when {@linkplain #subscriptions asked for}, disabled.
 *
 * <p>The role needs {@code REPLICATION} for slots, {@code CREATE} on the database and the tables'
 * ownership for publications, a superuser for those of all tables or of schemas. To know a new
 * timeline it must be let in for replication. One connection at a time, two for that.
 *
 * <p>Content is hostile: each statement is made here, with quoted names, and one whose expressions
 * would make it more than one statement is refused.
 *
 * <p>Facts of the report: {@code gap.SLOT} for each logical slot that was created, or that was
 * there and whose consumer's position was given: see {@link SlotGap#of}. Immutable and thread-safe.
 */
public final class PostgresReplicationObjectsRestorer implements Restorer {

  private final PostgresServer server;
  private final RestoreWishes wishes;

  private PostgresReplicationObjectsRestorer(PostgresServer server, RestoreWishes wishes) {
    this.server = server;
    this.wishes = wishes;
  }

  /** Restores all slots and publications into a server, each into the database that it was in. */
  public static PostgresReplicationObjectsRestorer into(PostgresServer server) {
    return new PostgresReplicationObjectsRestorer(
        Objects.requireNonNull(server), RestoreWishes.DEFAULT);
  }

  /** Only these slots; without names, none. */
  public PostgresReplicationObjectsRestorer slots(String... names) {
    return with(wishes.slots(Set.copyOf(List.of(names))));
  }

  /** Only publications of these names, in whatever databases; without names, none. */
  public PostgresReplicationObjectsRestorer publications(String... names) {
    return with(wishes.publications(Set.copyOf(List.of(names))));
  }

  /**
   * Subscriptions, too. They connect nowhere until somebody puts in their passwords and enables
   * them, which in a copy beside the living server takes the changes that are meant for that.
   */
  public PostgresReplicationObjectsRestorer subscriptions() {
    return with(wishes.withSubscriptions());
  }

  /**
   * Up to where the consumer of a slot has everything, as the consumer itself knows it, such as a
   * connector's stored offset. A position of the server that was captured, or of this one.
   */
  public PostgresReplicationObjectsRestorer consumerAt(String slot, Lsn position) {
    return with(wishes.consumerAt(slot, position));
  }

  /**
   * How long the creation of a slot may wait for transactions that write; a minute unless said
   * otherwise. The ones that are waited for are named.
   */
  public PostgresReplicationObjectsRestorer limit(Duration most) {
    if (most.isNegative() || most.isZero()) {
      throw new IllegalArgumentException("A slot takes some time: " + most);
    }
    return with(wishes.limit(most));
  }

  @Override
  public RestoreReport restore(SnapshotReader snapshot, RestoreContext context) throws IOException {
    ReplicationRestore.Result result =
        new ReplicationRestore(server.connections(), server.toString(), wishes, context)
            .run(snapshot);
    Map<String, String> facts = new TreeMap<>();
    for (SlotGap each : result.gaps()) {
      facts.put(SlotGap.FACT + each.slot(), each.fact());
    }
    return new RestoreReport(result.plan(), Optional.empty(), facts, 0, 0, List.of());
  }

  private PostgresReplicationObjectsRestorer with(RestoreWishes other) {
    return new PostgresReplicationObjectsRestorer(server, other);
  }

  @Override
  public String toString() {
    return "slots and publications into " + server;
  }
}
