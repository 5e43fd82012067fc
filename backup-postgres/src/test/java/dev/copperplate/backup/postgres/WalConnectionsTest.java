package dev.copperplate.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.testkit.network.Connections;
import dev.copperplate.backup.testkit.network.Direction;
import dev.copperplate.backup.testkit.network.FaultProxy;
import dev.copperplate.backup.testkit.network.NetworkFault;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens when the network or the server is away for a while. */
class WalConnectionsTest extends ArchiverFixture {

  @Test
  void aConnectionThatBreaksAnywhereLosesNothing() throws Exception {
    try (EmbeddedPostgres server = server(17).start();
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
    try (EmbeddedPostgres server = server(17).start();
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
    try (EmbeddedPostgres server = server(version).start();
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
}
