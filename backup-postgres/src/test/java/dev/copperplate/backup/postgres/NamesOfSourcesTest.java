package dev.copperplate.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.testkit.MemoryTarget;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What sources and archivers say of themselves, in a log or to a debugger. */
class NamesOfSourcesTest {

  private static final PostgresServer SERVER =
      PostgresServer.at("jdbc:postgresql://db:5433/shop?password=hidden&sslpassword=hidden")
          .user("backup")
          .password("hidden"::toCharArray);

  @Test
  void aSourceNamesItsServerAndItsChoicesAndNoSecret() {
    PostgresPhysicalSource source = PostgresPhysicalSource.of("orders", SERVER);
    String name = "postgres:orders of PostgreSQL at db:5433, ";
    assertEquals(name + "always full", source.toString());
    assertEquals(
        name + "chains of 7, spread checkpoint, 2048 KiB a second at most",
        source.chain(7).spreadCheckpoint().rate(2 << 20).toString());
  }

  @Test
  void anArchiverNamesItsServerItsSlotAndItsChoicesAndNoSecret() throws Exception {
    try (BackupRepository repository =
        TestRepositories.create(new MemoryTarget(), RepositoryOptions.DEFAULT)) {
      PostgresWalArchiver archiver = PostgresWalArchiver.of("orders", SERVER, repository);
      String name = "postgres-wal:orders of PostgreSQL at db:5433 by slot ";
      assertEquals(
          name
              + "copperplate_orders, committed every PT1M in windows of PT1H, 1073741824 bytes at"
              + " most in a spool of its own",
          archiver.toString());
      assertEquals(
          name + "other, committed every PT5S in windows of PT1H, 0 bytes at most in /spool",
          archiver
              .slot("other")
              .interval(Duration.ofSeconds(5))
              .spool(Path.of("/spool"))
              .spoolBytes(0)
              .toString());
    }
  }
}
