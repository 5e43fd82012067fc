package dev.copperplate.backup.postgres;

import dev.copperplate.backup.postgres.slots.SlotInspection;
import dev.copperplate.backup.postgres.slots.StepRun;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Helps with slots that are stuck: shows how far behind each is and what holds it, offers steps
 * with their SQL, and carries out those that a person confirmed by name.
 *
 * <pre>{@code
 * PostgresSlots slots = PostgresSlots.of(server);
 * SlotState orders = slots.inspect().stream().filter(s -> s.name().equals("orders")).findFirst().orElseThrow();
 * orders.steps().forEach(step -> log.info("{}", step));
 * slots.carryOut(orders.steps(), Set.of("disconnect process 4711 from orders"));
 * }</pre>
 *
 * <p>The steps of a state are in an order that a person would try, from what loses nothing to what
 * begins anew; advancing a slot and creating it anew are two ways to the same end. Each looks at
 * the slot again in the statement that acts: a slot that has moved, or has another consumer, is
 * left alone.
 *
 * <p>To look, any role will do; {@code pg_monitor} sees who holds what. To act on slots it takes
 * {@code REPLICATION}, to end sessions {@code pg_signal_backend}, and for those of superusers a
 * superuser. Each call opens a connection, and one more for what belongs to another database. A
 * copy of a slot that a standby keeps for failover has no steps. Immutable and thread-safe.
 */
public final class PostgresSlots {

  /** How much log may be behind a slot that is used. */
  public static final long DEFAULT_TOLERANCE = 1L << 30;

  private static final Duration DEFAULT_LIMIT = Duration.ofMinutes(1);

  private final PostgresServer server;
  private final long tolerance;
  private final Duration limit;

  private PostgresSlots(PostgresServer server, long tolerance, Duration limit) {
    this.server = server;
    this.tolerance = tolerance;
    this.limit = limit;
  }

  /** Those of a server. */
  public static PostgresSlots of(PostgresServer server) {
    return new PostgresSlots(Objects.requireNonNull(server), DEFAULT_TOLERANCE, DEFAULT_LIMIT);
  }

  /** How many bytes of log may be behind a slot that is used; 1 GiB unless said otherwise. */
  public PostgresSlots tolerating(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("Bytes of log are not negative: " + bytes);
    }
    return new PostgresSlots(server, bytes, limit);
  }

  /** How long each step may take; a minute unless said otherwise. */
  public PostgresSlots limit(Duration most) {
    if (most.isNegative() || most.isZero()) {
      throw new IllegalArgumentException("A step takes some time: " + most);
    }
    return new PostgresSlots(server, tolerance, most);
  }

  /**
   * All slots but temporary ones, by name. Changes nothing.
   *
   * @throws IOException if the server could not be asked
   */
  public List<SlotState> inspect() throws IOException {
    return new SlotInspection(server.connections(), tolerance, limit).run();
  }

  /**
   * Carries out the steps that were confirmed, in the order of the list, until one does not
   * succeed.
   *
   * @param confirmed names of steps
   * @return an outcome for each step
   * @throws IllegalArgumentException if a name is confirmed that is none of these steps'; nothing
   *     was done
   * @throws IOException if the server could not be reached
   */
  public List<SlotOutcome> carryOut(List<SlotStep> steps, Set<String> confirmed)
      throws IOException {
    return new StepRun(server.connections(), limit, steps, confirmed).run();
  }

  @Override
  public String toString() {
    return "slots of " + server;
  }
}
