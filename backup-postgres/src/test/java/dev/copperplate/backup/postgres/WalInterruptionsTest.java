package dev.copperplate.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.testkit.Calls;
import dev.copperplate.backup.testkit.Fault;
import dev.copperplate.backup.testkit.Gate;
import dev.copperplate.backup.testkit.HostileTarget;
import dev.copperplate.backup.testkit.MemoryTarget;
import dev.copperplate.backup.testkit.network.Connections;
import dev.copperplate.backup.testkit.network.Direction;
import dev.copperplate.backup.testkit.network.FaultProxy;
import dev.copperplate.backup.testkit.network.NetworkFault;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens when the repository, the network or the server is away for a while. */
@Timeout(120)
class WalInterruptionsTest {

  private static final String SLOT = "copperplate_orders";

  @TempDir Path folder;

  private HostileTarget target;
  private BackupRepository repository;

  @BeforeEach
  void createRepository() throws Exception {
    target = HostileTarget.over(new MemoryTarget());
    repository =
        TestRepositories.createWithoutRivals(target, RepositoryOptions.DEFAULT.scratch(folder));
  }

  @AfterEach
  void closeRepository() throws Exception {
    target.heal();
    repository.close();
  }

  private static EmbeddedPostgres server(int version) throws Exception {
    return EmbeddedPostgres.version(version)
        .initdb("--wal-segsize=1")
        .set("wal_keep_size", "1GB")
        .start();
  }

  private PostgresWalArchiver archiver(PostgresServer server) {
    return PostgresWalArchiver.of("orders", server, repository)
        .interval(Duration.ofMillis(200))
        .spool(folder.resolve("spool"));
  }

  private static Lsn write(EmbeddedPostgres server) throws Exception {
    server.sql("CREATE TABLE IF NOT EXISTS filler (value text)");
    server.sql("INSERT INTO filler SELECT repeat('x', 500) FROM generate_series(1, 5000)");
    return server.lsn();
  }

  private static Lsn kept(EmbeddedPostgres server) throws Exception {
    return Lsn.parse(
        server.sql(
            "SELECT restart_lsn FROM pg_replication_slots WHERE slot_name = '" + SLOT + "'"));
  }

  private void assertArchived(EmbeddedPostgres server) throws Exception {
    ArchivedWal wal = ArchivedWal.of(repository, "orders");
    assertNull(wal.fact("gap"));
    wal.assertHolds(
        1, Lsn.parse(wal.fact("start-lsn")), wal.end(), server.data().resolve("pg_wal"));
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17, 18})
  void theSlotMovesOnlyAfterTheBackupHasReturned(int version) throws Exception {
    try (EmbeddedPostgres server = server(version);
        RunningArchiver archiver = RunningArchiver.start(archiver(server.asBackup()))) {
      archiver.awaitDurable(write(server));
      Gate gate = Gate.before();
      target.on(Calls.puts("snapshots/"), gate);
      Lsn before = archiver.durable();
      Lsn written = write(server);
      gate.awaitHeld(1);
      // Everything has been stored but the snapshot, and everything was received.
      Poll.until(() -> sent(server, written));
      assertFalse(before.isBefore(kept(server)) && archiver.durable().equals(before));
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
    try (EmbeddedPostgres server = server(17);
        RunningArchiver archiver = RunningArchiver.start(archiver(server.asBackup()))) {
      archiver.awaitDurable(write(server));
      target.on(Calls.puts("data/"), Fault.refused(Kind.DENIED));
      Lsn before = archiver.durable();
      Lsn written = write(server);
      archiver.awaitFinding("did not take the WAL in");
      WalLag lag = archiver.awaitMeasured(2);
      assertTrue(lag.bytes() > 0, lag::toString);
      assertTrue(lag.time().compareTo(Duration.ZERO) > 0, lag::toString);
      assertTrue(lag.retainedBytes() > 0, lag::toString);
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
    try (EmbeddedPostgres server = server(17);
        RunningArchiver archiver =
            RunningArchiver.start(archiver(server.asBackup()).spoolBytes(3 << 20))) {
      archiver.awaitCommits(1);
      target.on(Calls.puts("data/"), Fault.refused(Kind.DENIED));
      write(server);
      Lsn written = write(server);
      archiver.awaitFinding("is full, so no WAL is received; the server keeps it");
      WalLag lag = archiver.awaitMeasured(2);
      assertTrue(lag.spoolBytes() <= 3 << 20, lag::toString);
      assertTrue(lag.retainedBytes() > 3 << 20, lag::toString);
      target.heal();
      archiver.awaitDurable(written);
      archiver.end();
      assertArchived(server);
    }
  }

  @Test
  void aConnectionThatBreaksAnywhereLosesNothing() throws Exception {
    try (EmbeddedPostgres server = server(17);
        FaultProxy proxy =
            FaultProxy.before(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()))) {
      Random random = new Random(6);
      for (int i = 2; i <= 12; i++) {
        int bytes = 100 + random.nextInt(2_000_000);
        proxy.on(
            Connections.nth(i),
            i % 2 == 0
                ? NetworkFault.resetsAfter(Direction.DOWNSTREAM, bytes)
                : NetworkFault.closesAfter(Direction.DOWNSTREAM, bytes));
      }
      PostgresServer behind =
          PostgresServer.at("jdbc:postgresql://127.0.0.1:" + proxy.port() + "/postgres")
              .user(EmbeddedPostgres.BACKUP)
              .password(EmbeddedPostgres.PASSWORD::toCharArray);
      try (RunningArchiver archiver = RunningArchiver.start(archiver(behind))) {
        archiver.awaitCommits(1);
        proxy.resetAll();
        while (proxy.connections() < 13) {
          write(server);
          archiver.awaitDurable(server.lsn());
          proxy.resetAll();
        }
        archiver.end();
        assertTrue(proxy.befallen() > 5, proxy.befallen() + " faults");
        assertFalse(archiver.said().contains(EmbeddedPostgres.PASSWORD));
      }
      assertArchived(server);
    }
  }

  @Test
  void aServerThatFallsSilentIsLeftForANewConnection() throws Exception {
    try (EmbeddedPostgres server = server(17);
        FaultProxy proxy =
            FaultProxy.before(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()))) {
      PostgresServer behind =
          PostgresServer.at("jdbc:postgresql://127.0.0.1:" + proxy.port() + "/postgres")
              .user(EmbeddedPostgres.BACKUP)
              .password(EmbeddedPostgres.PASSWORD::toCharArray);
      proxy.on(Connections.nth(1), NetworkFault.stallsAfter(Direction.DOWNSTREAM, 100_000));
      try (RunningArchiver archiver =
          RunningArchiver.start(archiver(behind).silence(Duration.ofSeconds(1)))) {
        write(server);
        archiver.awaitFinding("was silent");
        server.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_replication");
        archiver.awaitDurable(write(server));
      }
      assertArchived(server);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17, 18})
  void aServerThatCrashesAndComesBackIsGoneOnWith(int version) throws Exception {
    try (EmbeddedPostgres server = server(version);
        RunningArchiver archiver = RunningArchiver.start(archiver(server.asBackup()))) {
      archiver.awaitDurable(write(server));
      server.crash();
      archiver.awaitFinding("PostgreSQL at");
      server.startAgain();
      archiver.awaitDurable(write(server));
      archiver.end();
      assertArchived(server);
    }
  }

  @Test
  void noMessageHoldsThePassword() throws Exception {
    try (EmbeddedPostgres server = server(17)) {
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
