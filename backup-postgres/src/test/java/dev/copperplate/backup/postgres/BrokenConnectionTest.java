package dev.copperplate.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.repository.BackupReport;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.testkit.network.Connections;
import dev.copperplate.backup.testkit.network.Direction;
import dev.copperplate.backup.testkit.network.FaultProxy;
import dev.copperplate.backup.testkit.network.NetworkFault;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A base backup whose connections break: it fails in its time, and leaves no snapshot. */
@Timeout(120)
class BrokenConnectionTest {

  /** Connections in the order in which they are opened. */
  private static final int HOLDING = 1;

  private static EmbeddedPostgres postgres;

  @TempDir Path folder;

  private BackupRepository repository;
  private FaultProxy proxy;

  @BeforeAll
  static void start() throws Exception {
    postgres = EmbeddedPostgres.start(17);
    postgres.sql("CREATE TABLE counted AS SELECT generate_series(1, 100000) AS value");
  }

  @AfterAll
  static void stop() throws Exception {
    postgres.close();
  }

  @BeforeEach
  void begin() throws Exception {
    repository = TestRepositories.create(folder.resolve("repository"));
    proxy =
        FaultProxy.before(new InetSocketAddress(InetAddress.getLoopbackAddress(), postgres.port()));
  }

  @AfterEach
  void end() throws Exception {
    proxy.close();
    repository.close();
  }

  @Test
  void afterAnyByteOfAnyConnectionThereIsNoSnapshotAndTheNextBackupIsWhole() throws Exception {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 12; i++) {
      long bytes = (long) Math.pow(2, random.nextDouble() * 24);
      NetworkFault fault =
          random.nextBoolean()
              ? NetworkFault.closesAfter(Direction.DOWNSTREAM, bytes)
              : NetworkFault.resetsAfter(Direction.DOWNSTREAM, bytes);
      proxy.on(Connections.any(), fault);

      BackupException broken = assertThrows(BackupException.class, this::backup, "seed " + seed);

      assertEquals(Kind.UNAVAILABLE, broken.kind(), () -> "seed " + seed + ": " + broken);
      assertEquals(List.of(), repository.list(SnapshotFilter.ALL));
      proxy.heal();
    }
    assertEquals(SnapshotState.COMPLETE, backup().snapshot().state());
  }

  /** What nobody wants to know is passed over, and the driver does that without end at an end. */
  @Test
  void aConnectionThatEndsWithinAMessageOfTheFirstAnswersIsGivenUp() {
    for (int bytes = 200; bytes < 1000; bytes += 16) {
      proxy.on(Connections.any(), NetworkFault.closesAfter(Direction.DOWNSTREAM, bytes));

      BackupException broken = assertThrows(BackupException.class, this::backup);

      assertEquals(Kind.UNAVAILABLE, broken.kind(), broken::toString);
      proxy.heal();
    }
  }

  @Test
  void aServerThatFallsSilentIsGivenUp() {
    proxy.on(
        Connections.from(HOLDING + 1), NetworkFault.stallsAfter(Direction.DOWNSTREAM, 4 << 20));

    BackupException silent = assertThrows(BackupException.class, this::backup);

    assertEquals(Kind.UNAVAILABLE, silent.kind());
    assertTrue(silent.getMessage().contains("was silent for 3 s"), silent.getMessage());
  }

  @Test
  void anInterruptedBackupEndsThoughTheServerIsSilent() throws Exception {
    proxy.on(
        Connections.from(HOLDING + 1), NetworkFault.stallsAfter(Direction.DOWNSTREAM, 4 << 20));
    CountDownLatch started = new CountDownLatch(1);
    AtomicReference<Throwable> ended = new AtomicReference<>();
    Thread backup =
        new Thread(
            () -> {
              try {
                started.countDown();
                repository.backup(
                    PostgresPhysicalSource.of("orders", server().silence(Duration.ofMinutes(10))));
              } catch (Exception e) {
                ended.set(e);
              }
            });
    backup.start();
    started.await();
    while (proxy.befallen() == 0 && backup.isAlive()) {
      Thread.onSpinWait();
    }

    backup.interrupt();
    backup.join();

    assertTrue(ended.get() instanceof InterruptedException, () -> String.valueOf(ended.get()));
    assertEquals(List.of(), repository.list(SnapshotFilter.ALL));
  }

  private BackupReport backup() throws Exception {
    return repository.backup(
        PostgresPhysicalSource.of("orders", server().silence(Duration.ofSeconds(3))));
  }

  private PostgresServer server() {
    return PostgresServer.at("jdbc:postgresql://127.0.0.1:" + proxy.port() + "/postgres")
        .user(EmbeddedPostgres.BACKUP)
        .password(EmbeddedPostgres.PASSWORD::toCharArray);
  }
}
