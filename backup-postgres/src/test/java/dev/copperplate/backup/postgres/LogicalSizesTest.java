package dev.copperplate.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.testkit.MemoryTarget;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Many tables, and fields that are large. */
class LogicalSizesTest {

  private static final int TABLES = Integer.getInteger("dump.tables", 1000);
  private static final int AT_ONCE = 500;

  @TempDir Path folder;

  @Test
  @Timeout(value = 20, unit = TimeUnit.MINUTES) // for as many as are asked for
  void manyTablesAreCaptured() throws Exception {
    try (EmbeddedPostgres server =
            EmbeddedPostgres.version(17).set("max_locks_per_transaction", "400").start();
        BackupRepository repository =
            TestRepositories.create(new MemoryTarget(), RepositoryOptions.DEFAULT)) {
      for (int from = 0; from < TABLES; from += AT_ONCE) {
        server.sql(
            "DO $$ BEGIN FOR i IN "
                + from
                + ".."
                + (Math.min(from + AT_ONCE, TABLES) - 1)
                + " LOOP EXECUTE format('CREATE TABLE t%s (id serial PRIMARY KEY, t text);"
                + " INSERT INTO t%1$s (t) VALUES (%1$L)', i); END LOOP; END $$");
      }
      heap().forEach(MemoryPoolMXBean::resetPeakUsage);
      long began = System.nanoTime();

      Snapshot snapshot =
          repository
              .backup(
                  PostgresLogicalSource.of("many", server.as(EmbeddedPostgres.SUPERUSER))
                      .tools(PgTools.stock().path("pg_dump").getParent()))
              .snapshot();

      long millis = (System.nanoTime() - began) / 1_000_000;
      long peak = heap().stream().mapToLong(each -> each.getPeakUsage().getUsed()).sum() >> 20;
      System.out.println(TABLES + " tables: " + millis + " ms, heap at most " + peak + " MiB");
      assertEquals(SnapshotState.COMPLETE, snapshot.state());
      try (SnapshotReader reader = repository.open(snapshot)) {
        Entry lines = reader.entry(EntryPath.of(".backup/tables.jsonl")).orElseThrow();
        try (InputStream in = reader.open(lines, ByteRange.ALL)) {
          String all = new String(in.readAllBytes(), StandardCharsets.UTF_8);
          assertEquals(TABLES, all.lines().filter(each -> each.contains("\"rows\":1,")).count());
        }
      }
    }
  }

  private static List<MemoryPoolMXBean> heap() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(each -> each.getType() == MemoryType.HEAP)
        .toList();
  }

  @Test
  void aFieldThatDoesNotFitIntoMemoryIsCaptured() throws Exception {
    assertTold("text", 200, 128, "COMPLETE");
  }

  /** What is larger than a gigabyte as text no server gives. */
  @Tag("slow")
  @ParameterizedTest
  @CsvSource({
    "text, 1000, 256, COMPLETE",
    "bytea, 300, 256, COMPLETE",
    "bytea, 700, 256, UNSUPPORTED: A row of"
  })
  void aFieldOfUpToAGigabyteIsCapturedWhateverTheMemory(
      String type, int megabytes, int heap, String told) throws Exception {
    assertTold(type, megabytes, heap, told);
  }

  private void assertTold(String type, int megabytes, int heap, String told) throws Exception {
    Path repository = folder.resolve("repository");
    TestRepositories.create(repository).close();
    try (EmbeddedPostgres server = EmbeddedPostgres.start(17)) {
      server.sql("CREATE TABLE small AS SELECT 1 AS i");
      server.sql(
          "CREATE TABLE large AS SELECT repeat('x', " + (megabytes << 20) + ")::" + type + " AS t");
      List<String> words =
          List.of(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-Xmx" + heap + "m",
              "-cp",
              System.getProperty("java.class.path"),
              LogicalFieldRun.class.getName(),
              repository.toString(),
              Integer.toString(server.port()),
              EmbeddedPostgres.PASSWORD,
              "public.large");
      String output = Program.run(words, Map.of()).orThrow();
      List<String> lines = output.lines().toList();
      assertTrue(lines.get(0).startsWith(told), output);
      assertEquals("COMPLETE", lines.get(1), output);
    }
  }
}
