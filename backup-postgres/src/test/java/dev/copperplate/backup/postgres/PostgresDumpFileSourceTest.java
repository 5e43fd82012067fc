package dev.copperplate.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.repository.BackupOptions;
import dev.copperplate.backup.repository.BackupReport;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.RetentionPlan;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.retention.RetentionPolicies;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Dumps that stock pg_dump wrote, imported and brought back by stock tools. */
@Timeout(120)
class PostgresDumpFileSourceTest {

  private static final Instant LAST_WEEK =
      Instant.now().minus(Duration.ofDays(5)).truncatedTo(ChronoUnit.SECONDS);
  private static final String SUM = "SELECT count(*) || ' ' || sum(number) FROM items";

  @TempDir Path folder;

  private BackupRepository repository;
  private PgTools tools;

  @BeforeEach
  void create() throws Exception {
    repository = TestRepositories.create(folder.resolve("repository"));
    tools = PgTools.stock();
  }

  @AfterEach
  void close() throws Exception {
    repository.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "gzip", "custom", "directory", "tar"})
  void aDumpOfEachFormatComesBackByItsGuide(String format) throws Exception {
    try (EmbeddedPostgres server = filled();
        EmbeddedPostgres other = EmbeddedPostgres.start(17)) {
      Path dump = dump(server, format);

      BackupReport report = imported(dump);

      assertEquals(SnapshotState.COMPLETE, report.snapshot().state(), report::toString);
      assertEquals(List.of(), report.findings());
      assertEquals(LAST_WEEK, report.snapshot().time());
      new LogicalRestore(folder, report.snapshot()).into(other, tools);
      assertEquals(server.sqlIn("postgres", SUM), other.sqlIn("restored", SUM));
    }
  }

  @Test
  void aDumpOfAWholeClusterComesBackByItsGuide() throws Exception {
    try (EmbeddedPostgres server = filled();
        EmbeddedPostgres other = EmbeddedPostgres.start(17)) {
      server.sql("CREATE ROLE keeper");
      server.sql("ALTER TABLE items OWNER TO keeper");
      Path dump = folder.resolve("all.sql");
      tools.with(server.environment()).run("pg_dumpall", "-f", dump.toString()).orThrow();

      Snapshot snapshot = imported(dump).snapshot();

      new LogicalRestore(folder, snapshot).into(other, tools);
      assertEquals(server.sql(SUM), other.sql(SUM));
      String owner = "SELECT tableowner FROM pg_tables WHERE tablename = 'items'";
      assertEquals("keeper", other.sql(owner));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "gzip", "custom", "directory", "tar"})
  void aDumpThatWasCutOffMakesADamagedSnapshot(String format) throws Exception {
    try (EmbeddedPostgres server = filled()) {
      Path dump = dump(server, format);
      cutOff(Files.isDirectory(dump) ? largest(dump) : dump);

      BackupReport report = imported(dump);

      assertEquals(SnapshotState.DAMAGED, report.snapshot().state(), report::toString);
      assertTrue(
          report.findings().get(0).message().matches("Does not end.*|Cannot be .*"),
          report::toString);
    }
  }

  @Test
  void aCompressedScriptIsStoredAsTheScriptThatItIs() throws Exception {
    try (EmbeddedPostgres server = filled()) {
      Path compressed = dump(server, "gzip");
      Snapshot snapshot = imported(compressed).snapshot();
      try (SnapshotReader reader = repository.open(snapshot);
          InputStream script = new GZIPInputStream(Files.newInputStream(compressed));
          InputStream stored =
              reader.open(reader.entry(EntryPath.of("dump.sql")).orElseThrow(), ByteRange.ALL)) {
        assertArrayEquals(script.readAllBytes(), stored.readAllBytes());
        assertEquals("17.11", reader.manifest().get("dumped-from").orElseThrow());
      }
    }
  }

  @Test
  void retentionOfTheSourceBeginsWithItsImportedDumps() throws Exception {
    try (EmbeddedPostgres server = filled()) {
      Path dump = dump(server, "plain");
      for (int days = 6; days > 0; days--) {
        Files.setLastModifiedTime(dump, FileTime.from(Instant.now().minus(Duration.ofDays(days))));
        imported(dump);
      }
      repository.backup(
          PostgresLogicalSource.of("items", server.as(EmbeddedPostgres.SUPERUSER)).dataOnly());

      RetentionPlan plan =
          repository.plan(SnapshotFilter.ALL, RetentionPolicies.daily(4, ZoneOffset.UTC));
      assertEquals(List.of(), plan.questions());
      repository.expire(plan);
      assertEquals(4, repository.list(SnapshotFilter.ALL).size());
    }
  }

  @Test
  void whatPgDumpDidNotWriteIsPartialAndWhatCannotBeTakenInIsRefused() throws Exception {
    Path script = Files.writeString(folder.resolve("by-hand.sql"), "CREATE TABLE a (b int);\n");
    BackupReport report = imported(script);
    assertEquals(SnapshotState.PARTIAL, report.snapshot().state(), report::toString);

    Path zstd =
        Files.write(folder.resolve("a.zst"), new byte[] {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd});
    assertEquals(Kind.UNSUPPORTED, refused(zstd));
    assertEquals(Kind.UNSUPPORTED, refused(Files.createDirectory(folder.resolve("empty"))));
    assertEquals(Kind.NOT_FOUND, refused(folder.resolve("gone")));
  }

  @Test
  void anArchiveThatNobodyCanReadHereIsStoredWithAFindingThatSaysSo() throws Exception {
    try (EmbeddedPostgres server = filled()) {
      Path dump = dump(server, "custom");
      PostgresDumpFileSource source =
          PostgresDumpFileSource.of("items", dump).tools(folder.resolve("nowhere"));
      BackupReport report = repository.backup(source);
      assertEquals(SnapshotState.COMPLETE, report.snapshot().state());
      List<String> told = report.findings().stream().map(Finding::message).toList();
      assertEquals(1, told.size());
      assertTrue(told.get(0).contains("there is no pg_restore"), told::toString);
    }
  }

  private Kind refused(Path dump) {
    PostgresDumpFileSource source = PostgresDumpFileSource.of("items", dump);
    return assertThrows(BackupException.class, () -> repository.backup(source)).kind();
  }

  private BackupReport imported(Path dump) throws Exception {
    PostgresDumpFileSource source =
        PostgresDumpFileSource.of("items", dump).tools(tools.path("pg_restore").getParent());
    return repository.backup(source, BackupOptions.DEFAULT.takenAt(source.takenAt()));
  }

  private static EmbeddedPostgres filled() throws Exception {
    EmbeddedPostgres server = EmbeddedPostgres.start(17);
    server.sql("CREATE TABLE items (number bigint, text text)");
    server.sql(
        "INSERT INTO items SELECT i, (SELECT string_agg(md5((i * j)::text), '')"
            + " FROM generate_series(1, 6) j) FROM generate_series(1, 15000) i");
    return server;
  }

  private Path dump(EmbeddedPostgres server, String format) throws Exception {
    Path dump = folder.resolve("dump-" + format + "-" + System.nanoTime());
    String known = format.equals("gzip") ? "plain" : format;
    tools
        .with(server.environment())
        .run("pg_dump", "--format=" + known, "-f", dump.toString(), "postgres")
        .orThrow();
    Path file = format.equals("gzip") ? compressed(dump) : dump;
    Files.setLastModifiedTime(
        Files.isDirectory(file) ? file.resolve("toc.dat") : file, FileTime.from(LAST_WEEK));
    return file;
  }

  private static Path compressed(Path dump) throws IOException {
    Path file = dump.resolveSibling(dump.getFileName() + ".gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      Files.copy(dump, out);
    }
    return file;
  }

  private static Path largest(Path directory) throws IOException {
    List<Path> all = new ArrayList<>();
    try (var files = Files.newDirectoryStream(directory)) {
      files.forEach(all::add);
    }
    Path largest = all.get(0);
    for (Path each : all) {
      largest = Files.size(each) > Files.size(largest) ? each : largest;
    }
    return largest;
  }

  private static void cutOff(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length * 2 / 3));
  }
}
