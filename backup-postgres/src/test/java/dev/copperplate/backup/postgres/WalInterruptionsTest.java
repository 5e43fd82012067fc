package dev.copperplate.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.testkit.Calls;
import dev.copperplate.backup.testkit.Fault;
import dev.copperplate.backup.testkit.Gate;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens when the repository is away for a while. */
class WalInterruptionsTest extends ArchiverFixture {

  private static Lsn kept(EmbeddedPostgres server) throws Exception {
    return Lsn.parse(
        server.sql(
            "SELECT restart_lsn FROM pg_replication_slots WHERE slot_name = '" + SLOT + "'"));
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17, 18})
  void theSlotMovesOnlyAfterTheBackupHasReturned(int version) throws Exception {
    try (EmbeddedPostgres server = server(version).start();
        RunningArchiver archiver = RunningArchiver.start(archiver(server.asBackup()))) {
      archiver.awaitDurable(write(server));
      Gate gate = Gate.before();
      target.on(Calls.puts("snapshots/"), gate);
      Lsn written = write(server);
      gate.awaitHeld(1);
      // Everything has been stored but the snapshot, and everything was received.
      Poll.until(() -> sent(server, written));
      assertTrue(kept(server).isBefore(written));
      target.heal();
      gate.open();
      archiver.awaitDurable(written);
      Poll.until(() -> !kept(server).isBefore(written));
    }
  }

  private static boolean sent(EmbeddedPostgres server, Lsn lsn) throws Exception {
    return server.sql("SELECT write_lsn >= '" + lsn + "' FROM pg_stat_replication").equals("t");
  }

  @Test
  void aRepositoryThatIsAwayForAWhileLosesNothing() throws Exception {
    try (EmbeddedPostgres server = server(17).start();
        RunningArchiver archiver = RunningArchiver.start(archiver(server.asBackup()))) {
      archiver.awaitDurable(write(server));
      target.on(Calls.puts("data/"), Fault.refused(Kind.DENIED));
      Lsn before = archiver.durable();
      Lsn written = write(server);
      archiver.awaitFinding("did not take the WAL in");
      WalLag lag = archiver.awaitMeasured(each -> each.bytes() > 0 && each.retainedBytes() > 0);
      assertTrue(lag.time().compareTo(Duration.ZERO) > 0, lag::toString);
      assertTrue(kept(server).isBefore(written));
      assertTrue(archiver.durable().isBefore(written) && !archiver.durable().isBefore(before));
      target.heal();
      archiver.awaitDurable(written);
      archiver.end();
      assertArchived(server);
    }
  }

  @Test
  void aFullSpoolStopsReceivingUntilTheRepositoryTakesItIn() throws Exception {
    try (EmbeddedPostgres server = server(17).start();
        RunningArchiver archiver =
            RunningArchiver.start(archiver(server.asBackup()).spoolBytes(3 << 20))) {
      archiver.awaitCommits(1);
      target.on(Calls.puts("data/"), Fault.refused(Kind.DENIED));
      write(server);
      Lsn written = write(server);
      archiver.awaitFinding("is full, so no WAL is received; the server keeps it");
      // How far the server is by now, it says when it is asked the next time.
      WalLag lag = archiver.awaitMeasured(each -> each.retainedBytes() > 3 << 20);
      assertTrue(lag.spoolBytes() <= 3 << 20, lag::toString);
      target.heal();
      archiver.awaitDurable(written);
      archiver.end();
      assertArchived(server);
    }
  }

  @Test
  void noMessageHoldsThePassword() throws Exception {
    try (EmbeddedPostgres server = server(17).start()) {
      String canary = "canary-of-a-password";
      PostgresServer wrong =
          PostgresServer.at(server.jdbcUrl() + "?password=" + canary).user("backup");
      RunningArchiver archiver = RunningArchiver.start(archiver(wrong));
      Exception refused = archiver.awaitFailure();
      assertEquals(Kind.DENIED, ((BackupException) refused).kind());
      for (Throwable each = refused; each != null; each = each.getCause()) {
        assertFalse(each.toString().contains(canary), each.toString());
      }
      assertFalse(archiver.said().contains(canary));
    }
  }

  @Test
  void slotsAndTimesThatCannotBeAreRefusedAtOnce() {
    PostgresServer server = PostgresServer.at("jdbc:postgresql://127.0.0.1:1/postgres");
    PostgresWalArchiver archiver = PostgresWalArchiver.of("Or-ders", server, repository);
    assertThrows(IllegalArgumentException.class, () -> archiver.slot("Or-ders"));
    assertThrows(IllegalArgumentException.class, () -> archiver.interval(Duration.ZERO));
    assertThrows(IllegalArgumentException.class, () -> archiver.window(Duration.ofSeconds(1)));
    assertThrows(IllegalArgumentException.class, () -> archiver.spoolBytes(-1));
  }
}
