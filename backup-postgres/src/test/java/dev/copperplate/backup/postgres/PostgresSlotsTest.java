package dev.copperplate.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.postgres.SlotOutcome.Result;
import dev.copperplate.backup.postgres.SlotState.Condition;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.util.PSQLException;

class PostgresSlotsTest {

  private static final String CREATE =
      "SELECT pg_create_logical_replication_slot('orders', 'pgoutput')";
  private static final String LOG =
      "SELECT pg_logical_emit_message(true, 'x', repeat('x', 1000000))";
  private static final String SWITCH = "SELECT pg_switch_wal()";

  @Test
  void aConsumerThatTakesNothingIsNamedAndDisconnected() throws Exception {
    try (EmbeddedPostgres server = ReplicationObjects.server(17).start()) {
      prepare(server);
      try (ChangeConsumer consumer = new ChangeConsumer(server, "orders", "rows")) {
        server.sql(LOG);
        SlotState state = inspect(slots(server).tolerating(100_000));
        assertEquals(Condition.BEHIND, state.condition());
        assertTrue(state.lag() > 1_000_000 && state.retained() >= state.lag(), state::toString);
        SlotHolder holder = state.holders().get(0);
        assertEquals(SlotHolder.Kind.CONSUMER, holder.kind());
        assertEquals("connector", holder.name());
        assertEquals("127.0.0.1", holder.client());
        String disconnect = "disconnect process " + holder.pid() + " from orders";
        assertEquals(
            List.of(
                disconnect,
                "resume the consumer of orders",
                state.steps().get(2).name(),
                "drop orders",
                "create orders"),
            state.steps().stream().map(SlotStep::name).toList());

        List<SlotOutcome> outcomes = slots(server).carryOut(state.steps(), Set.of(disconnect));

        assertEquals(
            List.of(
                Result.DONE,
                Result.FOR_PEOPLE,
                Result.NOT_CONFIRMED,
                Result.NOT_CONFIRMED,
                Result.NOT_CONFIRMED),
            results(outcomes));
        assertEquals(Condition.UNUSED, inspect(slots(server)).condition());
        assertEquals(
            Result.CHANGED,
            slots(server).carryOut(state.steps(), Set.of(disconnect)).get(0).result());
        assertTrue(consumer.commits().isEmpty());
      } catch (PSQLException ended) {
        assertEnded(ended);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17, 18})
  void aSlotThatNobodyUsesIsAdvancedAndItsConsumerMissesWhatIsSaid(int version) throws Exception {
    try (EmbeddedPostgres server = ReplicationObjects.server(version).start()) {
      prepare(server);
      server.sql("INSERT INTO rows VALUES ('before')");
      SlotState state = inspect(slots(server));
      assertEquals(Condition.UNUSED, state.condition());
      assertEquals(version >= 17, !state.inactiveSince().isEmpty());
      SlotStep advance = state.steps().get(1);
      assertEquals(SlotStep.Kind.ADVANCE, advance.kind());
      assertTrue(advance.isDestructive());

      SlotOutcome outcome = slots(server).carryOut(state.steps(), Set.of(advance.name())).get(1);

      assertEquals(Result.DONE, outcome.result(), outcome::toString);
      SlotGap gap = outcome.gap().orElseThrow();
      assertEquals(state.confirmed(), gap.from().orElseThrow());
      server.sql("INSERT INTO rows VALUES ('after')");
      try (ChangeConsumer consumer = new ChangeConsumer(server, "orders", "rows")) {
        consumer.readTo("after");
        assertEquals(Set.of("after"), consumer.commits().keySet());
        assertTrue(!gap.contains(consumer.commits().get("after")));
      }
    }
  }

  @Test
  void aSlotThatMovedMeanwhileIsLeftAlone() throws Exception {
    try (EmbeddedPostgres server = ReplicationObjects.server(17).start()) {
      prepare(server);
      SlotState state = inspect(slots(server));
      server.sql("INSERT INTO rows VALUES ('1')");
      try (ChangeConsumer consumer = new ChangeConsumer(server, "orders", "rows")) {
        consumer.readTo("1");
        assertEquals(
            List.of(Result.CHANGED, Result.NOT_REACHED),
            results(
                slots(server)
                    .carryOut(
                        state.steps().subList(1, 3), Set.of("drop orders", "create orders"))));
        consumer.confirm();
        Lsn position = consumer.position();
        Poll.until(() -> !inspect(slots(server)).confirmed().isBefore(position));
      }
      Poll.until(() -> inspect(slots(server)).condition() == Condition.UNUSED);

      List<SlotOutcome> outcomes = slots(server).carryOut(state.steps(), Set.of("drop orders"));

      assertEquals(Result.CHANGED, outcomes.get(1).result());
      assertEquals("1", server.sql("SELECT count(*) FROM pg_replication_slots"));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17, 18})
  void aLostSlotIsMadeAgainAndTheGapIsSaid(int version) throws Exception {
    try (EmbeddedPostgres server =
        ReplicationObjects.server(version)
            .initdb("--wal-segsize=1")
            .set("max_slot_wal_keep_size", "1MB")
            .set("max_wal_size", "2MB")
            .set("min_wal_size", "2MB")
            .start()) {
      prepare(server);
      for (int i = 0; i < 5; i++) {
        server.sql(LOG);
        server.sql(SWITCH);
        server.sql("CHECKPOINT");
      }
      SlotState state = inspect(slots(server));
      assertEquals(Condition.INVALIDATED, state.condition(), state::toString);
      assertEquals("lost", state.walStatus());
      assertEquals(version >= 17 ? "wal_removed" : "", state.invalidation());

      List<SlotOutcome> outcomes =
          slots(server).carryOut(state.steps(), Set.of("drop orders", "create orders"));

      assertEquals(List.of(Result.DONE, Result.DONE, Result.FOR_PEOPLE), results(outcomes));
      SlotGap gap = outcomes.get(1).gap().orElseThrow();
      assertEquals(state.confirmed(), gap.from().orElseThrow());
      assertEquals(gap.to(), inspect(slots(server)).confirmed());
      assertEquals(Condition.UNUSED, inspect(slots(server)).condition());
    }
  }

  @Test
  void aSlotWhoseCreationWaitsHasItsHolderNamedAndEnded() throws Exception {
    ExecutorService other = Executors.newSingleThreadExecutor();
    try (EmbeddedPostgres server = ReplicationObjects.server(17).set("autovacuum", "off").start();
        Connection batch = server.connection();
        Statement statement = batch.createStatement()) {
      server.sql("CREATE TABLE rows (n text)");
      batch.setAutoCommit(false);
      statement.execute("SET application_name = 'nightly batch'");
      statement.execute("INSERT INTO rows VALUES ('old')");
      Future<String> creation = other.submit(() -> server.sql(CREATE));
      Poll.until(() -> !slots(server).inspect().isEmpty());
      SlotState state = inspect(slots(server));
      assertEquals(Condition.BEING_CREATED, state.condition());
      SlotHolder holder = state.holders().get(0);
      assertEquals("nightly batch", holder.name());
      assertEquals("idle in transaction", holder.state());
      assertEquals(1, state.steps().size());
      SlotStep end = state.steps().get(0);
      assertEquals(
          "end transaction " + holder.transaction() + " of process " + holder.pid(), end.name());

      assertEquals(
          List.of(Result.DONE), results(slots(server).carryOut(state.steps(), Set.of(end.name()))));

      creation.get(30, TimeUnit.SECONDS);
      assertEquals(Condition.UNUSED, inspect(slots(server)).condition());
      assertEquals("0", server.sql("SELECT count(*) FROM rows"));
    } catch (PSQLException ended) {
      assertEnded(ended);
    } finally {
      other.shutdownNow();
    }
  }

  @Test
  void aTransactionForWhichAloneTheLogIsKeptIsNamed() throws Exception {
    try (EmbeddedPostgres server = ReplicationObjects.server(17).start();
        Connection batch = server.connection();
        Statement statement = batch.createStatement()) {
      prepare(server);
      batch.setAutoCommit(false);
      statement.execute("INSERT INTO rows VALUES ('old')");
      server.sql(LOG);
      server.sql("INSERT INTO rows VALUES ('new')");
      try (ChangeConsumer consumer = new ChangeConsumer(server, "orders", "rows")) {
        consumer.readTo("new");
        consumer.confirm();
        Lsn position = consumer.position();
        Poll.until(() -> !inspect(slots(server)).confirmed().isBefore(position));

        SlotState state = inspect(slots(server).tolerating(500_000));

        assertEquals(Condition.BEHIND, state.condition(), state::toString);
        assertTrue(state.lag() < 500_000 && state.retained() > 1_000_000, state::toString);
        assertEquals(SlotHolder.Kind.TRANSACTION, state.holders().get(0).kind());
      }
      batch.rollback();
    }
  }

  @Test
  void creationThatTakesTooLongSaysWhatItWaitsFor() throws Exception {
    try (EmbeddedPostgres server = ReplicationObjects.server(17).start();
        Connection batch = server.connection();
        Statement statement = batch.createStatement()) {
      prepare(server);
      SlotState state = inspect(slots(server));
      batch.setAutoCommit(false);
      statement.execute("INSERT INTO rows VALUES ('old')");

      List<SlotOutcome> outcomes =
          slots(server)
              .limit(Duration.ofMillis(300))
              .carryOut(state.steps(), Set.of("drop orders", "create orders"));

      SlotOutcome last = outcomes.get(outcomes.size() - 1);
      assertEquals(Result.FAILED, last.result());
      assertTrue(last.message().contains("it waits for transaction of process"), last::message);
      batch.rollback();
      assertEquals(
          Result.DONE,
          results(slots(server).carryOut(List.of(last.step()), Set.of("create orders"))).get(0));
    }
  }

  @Test
  void aRoleThatMayNotIsToldWhatItNeeds() throws Exception {
    try (EmbeddedPostgres server = ReplicationObjects.server(17).start()) {
      prepare(server);
      server.sql("CREATE ROLE app LOGIN PASSWORD '" + EmbeddedPostgres.PASSWORD + "'");
      PostgresSlots slots = PostgresSlots.of(server.as("app"));
      try (ChangeConsumer consumer = new ChangeConsumer(server, "orders", "rows")) {
        List<SlotStep> steps = inspect(slots.tolerating(0)).steps();
        SlotOutcome disconnect = slots.carryOut(steps, Set.of(steps.get(0).name())).get(0);
        assertTrue(disconnect.message().contains("GRANT pg_signal_backend"), disconnect::toString);
        assertTrue(consumer.commits().isEmpty());
      }
      Poll.until(() -> inspect(slots).condition() == Condition.UNUSED);
      List<SlotOutcome> drop = slots.carryOut(inspect(slots).steps(), Set.of("drop orders"));
      assertTrue(
          drop.get(drop.size() - 2).message().contains("ALTER ROLE … REPLICATION"), drop::toString);
    }
  }

  @Test
  void aNameThatIsNoStepsIsRefusedBeforeAnythingIsDone() throws Exception {
    try (EmbeddedPostgres server = ReplicationObjects.server(17).start()) {
      prepare(server);
      List<SlotStep> steps = inspect(slots(server)).steps();
      assertThrows(
          IllegalArgumentException.class,
          () -> slots(server).carryOut(steps, Set.of("drop orders", "drop everything")));
      assertEquals("1", server.sql("SELECT count(*) FROM pg_replication_slots"));
    }
  }

  private static void prepare(EmbeddedPostgres server) throws Exception {
    server.sql("CREATE TABLE rows (n text PRIMARY KEY)");
    server.sql("CREATE PUBLICATION rows FOR TABLE rows");
    server.sql(CREATE);
  }

  /** Closing what the server has closed. */
  private static void assertEnded(PSQLException closing) {
    assertTrue(Set.of("57P01", "08006").contains(closing.getSQLState()), closing::toString);
  }

  private static PostgresSlots slots(EmbeddedPostgres server) {
    return PostgresSlots.of(server.as(EmbeddedPostgres.SUPERUSER));
  }

  /** The one slot. */
  private static SlotState inspect(PostgresSlots slots) throws Exception {
    return slots.inspect().get(0);
  }

  private static List<Result> results(List<SlotOutcome> outcomes) {
    return outcomes.stream().map(SlotOutcome::result).toList();
  }
}
