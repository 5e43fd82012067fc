package dev.copperplate.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The server's own tool stores the same. */
class PgReceivewalTest extends ArchiverFixture {

  private static final String PARTIAL = ".partial";

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void segmentsEqualThoseOfPgReceivewalAcrossATimelineSwitch(int version) throws Exception {
    Path theirs = Files.createDirectory(folder.resolve("pg_receivewal"));
    try (EmbeddedPostgres primary = server(version).set("autovacuum", "off").start();
        EmbeddedPostgres standby = primary.standby()) {
      PgTools tools = PgTools.of(version).at(standby);
      Process stock = tools.start("pg_receivewal", "-n", "--synchronous", "-D", theirs.toString());
      try (RunningArchiver archiver = RunningArchiver.start(archiver(standby))) {
        Poll.until(() -> standby.sql("SELECT count(*) FROM pg_stat_replication").equals("2"));
        switchOver(primary, standby, archiver);
        Poll.until(() -> flushed(standby, "pg_receivewal", archiver.durable()));
      } finally {
        stock.destroy();
        stock.waitFor();
      }
      ArchivedWal ours = ArchivedWal.of(repository, "orders");
      assertEquals("2", ours.fact("timeline"));
      assertTrue(ours.assertSegmentsAreThoseOf(theirs) > 4);
      assertEqualsWithPartials(ours, theirs);
      assertArrayEquals(
          Files.readAllBytes(theirs.resolve("00000002.history")), ours.file("00000002.history"));
    }
  }

  private static void switchOver(
      EmbeddedPostgres primary, EmbeddedPostgres standby, RunningArchiver archiver)
      throws Exception {
    archiver.awaitDurable(write(primary));
    standby.catchUp(primary);
    standby.promote();
    archiver.awaitDurable(write(standby));
    archiver.end();
  }

  private static boolean flushed(EmbeddedPostgres server, String who, Lsn lsn) throws Exception {
    return server
        .sql(
            "SELECT flush_lsn >= '"
                + lsn
                + "' FROM pg_stat_replication WHERE application_name = '"
                + who
                + "'")
        .equals("t");
  }

  /** All that the tool has, we have; what was not full yet is compared as far as we have it. */
  private static void assertEqualsWithPartials(ArchivedWal ours, Path theirs) throws Exception {
    List<Path> files;
    try (Stream<Path> all = Files.list(theirs)) {
      files = all.toList();
    }
    int partials = 0;
    for (Path each : files) {
      String name = each.getFileName().toString();
      byte[] stored = ours.file(name);
      if (stored != null && name.endsWith(PARTIAL)) {
        int end = name.startsWith("00000002") ? offset(ours.end(), stored.length) : stored.length;
        assertArrayEquals(
            Arrays.copyOf(Files.readAllBytes(each), end), Arrays.copyOf(stored, end), name);
        partials++;
      } else if (stored != null) {
        assertArrayEquals(Files.readAllBytes(each), stored, name);
      } else {
        assertTrue(ours.names().contains(name + PARTIAL) || name.startsWith("00000002"), name);
      }
    }
    assertTrue(partials > 0, files.toString());
  }

  private static int offset(Lsn lsn, int segment) {
    return (int) (lsn.position() % segment);
  }
}
