package dev.copperplate.backup.postgres.slots;

import dev.copperplate.backup.postgres.Lsn;
import dev.copperplate.backup.postgres.SlotHolder;
import dev.copperplate.backup.postgres.SlotState;
import dev.copperplate.backup.postgres.SlotState.Condition;
import dev.copperplate.backup.postgres.capture.Server;
import dev.copperplate.backup.postgres.replication.Connections;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Looks at the slots of a server. */
public final class SlotInspection {

  private static final String HELD =
      """
      SELECT coalesce(greatest(pg_catalog.age(xmin), pg_catalog.age(catalog_xmin)), 0) AS transactions
      FROM pg_catalog.pg_replication_slots WHERE slot_name = ?\
      """;

  private final Server server;
  private final long tolerance;
  private final Duration limit;

  public SlotInspection(Server server, long tolerance, Duration limit) {
    this.server = server;
    this.tolerance = tolerance;
    this.limit = limit;
  }

  public List<SlotState> run() throws IOException {
    try (Session session = new Session(server.connect(), limit)) {
      List<SlotState> states = new ArrayList<>();
      Lsn now = Standing.of(session).lsn();
      for (Slot each : new Catalog(session).slots()) {
        states.add(state(session, each, now));
      }
      return states;
    } catch (SQLException e) {
      throw Connections.failure("Looking at slots", e);
    }
  }

  private SlotState state(Session session, Slot slot, Lsn now) throws SQLException {
    long lag = behind(slot.logical() ? slot.confirmed() : slot.restart(), now);
    long retained = behind(slot.restart(), now);
    Condition condition = condition(slot, Math.max(lag, retained));
    List<SlotHolder> holders = holders(session, slot, condition, lag);
    return new SlotState(
        slot.name(),
        slot.plugin(),
        slot.database(),
        condition,
        slot.confirmed(),
        slot.restart(),
        lag,
        retained,
        slot.walStatus(),
        slot.inactiveSince(),
        slot.conflicting() && slot.invalidation().isEmpty()
            ? "conflict with recovery"
            : slot.invalidation(),
        held(session, slot),
        holders,
        Steps.of(slot, condition, holders, now, limit));
  }

  /** The slot may be dropped by now. */
  private static long held(Session session, Slot slot) throws SQLException {
    Row row = session.row(HELD, slot.name());
    return row.has("transactions") ? row.number("transactions") : 0;
  }

  private static long behind(Lsn position, Lsn now) {
    return position.equals(Lsn.NONE) || now.isBefore(position) ? 0 : now.minus(position);
  }

  private Condition condition(Slot slot, long behind) {
    if (slot.beingCreated()) {
      return Condition.BEING_CREATED;
    }
    if (slot.invalidated()) {
      return Condition.INVALIDATED;
    }
    if (!slot.active()) {
      return Condition.UNUSED;
    }
    return behind > tolerance ? Condition.BEHIND : Condition.WORKING;
  }

  /** What only the log is kept for is a transaction that began long ago. */
  private List<SlotHolder> holders(Session session, Slot slot, Condition condition, long lag)
      throws SQLException {
    List<SlotHolder> holders = new ArrayList<>();
    if (condition == Condition.BEING_CREATED) {
      holders.addAll(Holders.transactions(session));
    } else if (condition == Condition.BEHIND && slot.logical() && lag <= tolerance) {
      holders.addAll(Holders.transactions(session).stream().limit(1).toList());
    }
    if (slot.active()) {
      holders.addAll(Holders.consumer(session, slot.name()));
    }
    return holders;
  }
}
