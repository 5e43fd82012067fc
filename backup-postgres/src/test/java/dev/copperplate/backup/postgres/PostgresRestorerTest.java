package dev.copperplate.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.RestoreReport;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.files.FilesRestorer;
import dev.copperplate.backup.postgres.basebackup.BackupManifest;
import dev.copperplate.backup.postgres.basebackup.ManifestFile;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.testkit.MemoryTarget;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Restores of real bases, judged by PostgreSQL's own tools and by the server itself. */
class PostgresRestorerTest {

  private static final String COUNT = "SELECT count(*) || ' ' || sum(abalance) FROM accounts";

  private BackupRepository repository;
  private Path folder;

  @BeforeEach
  void create() throws Exception {
    repository = TestRepositories.create(new MemoryTarget(), RepositoryOptions.DEFAULT);
    folder = Clusters.folder();
  }

  @AfterEach
  void remove() throws IOException {
    repository.close();
    Clusters.remove(folder);
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void aFullIsVerifiedByTheServersOwnTool(int version) throws Exception {
    try (EmbeddedPostgres server = EmbeddedPostgres.start(version)) {
      fill(server, 2_000);
      PostgresPhysicalSource source = PostgresPhysicalSource.of("shop", server.asBackup());
      restore(repository.backup(source).snapshot(), "restored");
      verify(version, folder.resolve("restored"));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17, 18})
  void aRestoredServerStartsAndHasEveryRow(int version) throws Exception {
    try (EmbeddedPostgres server = EmbeddedPostgres.start(version)) {
      fill(server, 2_000);
      String expected = server.sql(COUNT);
      PostgresPhysicalSource source = PostgresPhysicalSource.of("shop", server.asBackup());
      restore(repository.backup(source).snapshot(), "restored");
      try (RestoredServer restored = started(version)) {
        assertEquals(List.of(expected), restored.sql(COUNT));
        assertEquals(List.of("off"), restored.sql("SHOW archive_mode"));
      }
    }
  }

  @Test
  void aChainIsWhatPgCombinebackupMakesOfIt() throws Exception {
    try (EmbeddedPostgres server = EmbeddedPostgres.start(17)) {
      List<Snapshot> chain = chain(server, 3);
      RestoreReport report = restore(chain.get(2), "restored");
      assertEquals("3", report.facts().get("chain"));
      Path restored = folder.resolve("restored");
      verify(17, restored);
      Path stock = combineWithStockTool(chain);
      assertEquals(List.of(), differences(sums(stock), sums(restored)));
      assertEquals(List.of(), differences(contents(stock), contents(restored)));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {17, 18})
  void aRestoredChainStartsAndHasEveryRow(int version) throws Exception {
    try (EmbeddedPostgres server = EmbeddedPostgres.start(version)) {
      List<Snapshot> chain = chain(server, 3);
      String expected = server.sql(COUNT);
      restore(chain.get(2), "restored");
      try (RestoredServer restored = started(version)) {
        assertEquals(List.of(expected), restored.sql(COUNT));
        assertEquals(
            List.of("0"), restored.sql("SELECT count(*) FROM accounts WHERE filler IS NULL"));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void tablespacesInPlaceAndElsewhereAreVerifiedAndServed(int version) throws Exception {
    Path first = Clusters.folder();
    Path second = Clusters.folder();
    try (EmbeddedPostgres server = EmbeddedPostgres.start(version)) {
      server.sql("CREATE TABLESPACE first LOCATION '" + first + "'");
      server.sql("CREATE TABLESPACE second LOCATION '" + second + "'");
      server.sql("CREATE TABLE one TABLESPACE first AS SELECT 1 AS n");
      server.sql("CREATE TABLE two TABLESPACE second AS SELECT 2 AS n");
      PostgresPhysicalSource source = PostgresPhysicalSource.of("shop", server.asBackup());
      Snapshot base = repository.backup(source).snapshot();
      Path place = folder.resolve("first");
      repository.restore(
          base,
          PostgresRestorer.to(folder.resolve("restored"))
              .tablespace(first.toString(), place)
              .tablespacesInPlace());
      verify(version, folder.resolve("restored"));
      try (RestoredServer restored =
          RestoredServer.start(
              version, folder.resolve("restored"), folder.resolve("restored.wal"), place)) {
        assertEquals(List.of("3"), restored.sql("SELECT one.n + two.n FROM one, two"));
      }
    } finally {
      Clusters.remove(first);
      Clusters.remove(second);
    }
  }

  // ---- what the tests do

  private List<Snapshot> chain(EmbeddedPostgres server, int length) throws Exception {
    PostgresPhysicalSource source =
        PostgresPhysicalSource.of("shop", server.asBackup()).chain(length);
    fill(server, 20_000);
    List<Snapshot> chain = new ArrayList<>();
    chain.add(repository.backup(source).snapshot());
    for (int i = 1; i < length; i++) {
      server.sql("UPDATE accounts SET abalance = abalance + 1 WHERE aid % 997 = " + i);
      server.sql(
          "INSERT INTO accounts SELECT 1000000 * "
              + i
              + " + n, n, 'x' FROM"
              + " generate_series(1, 500) n");
      server.sql("DELETE FROM accounts WHERE aid BETWEEN 1000 AND 1000 + " + i);
      server.sql("CREATE TABLE t" + i + " AS SELECT n FROM generate_series(1, 1000) n");
      server.sql("VACUUM accounts");
      chain.add(repository.backup(source).snapshot());
    }
    return chain;
  }

  private static void fill(EmbeddedPostgres server, int rows) throws Exception {
    server.sql(
        "CREATE TABLE accounts AS SELECT n AS aid, n % 7 AS abalance, repeat('f', 80) AS filler"
            + " FROM generate_series(1, "
            + rows
            + ") n");
    server.sql("CREATE INDEX ON accounts (aid)");
    server.sql("CREATE DATABASE other");
  }

  private RestoreReport restore(Snapshot snapshot, String name) throws Exception {
    return repository.restore(snapshot, PostgresRestorer.to(folder.resolve(name)));
  }

  private RestoredServer started(int version) throws Exception {
    return RestoredServer.start(
        version, folder.resolve("restored"), folder.resolve("restored.wal"));
  }

  private static void verify(int version, Path data) throws Exception {
    String said = PgTools.of(version).run("pg_verifybackup", data.toString()).orThrow();
    assertTrue(said.contains("backup successfully verified"), said);
  }

  private Path combineWithStockTool(List<Snapshot> chain) throws Exception {
    List<String> words = new ArrayList<>();
    for (Snapshot each : chain) {
      Path place = folder.resolve("stored-" + words.size());
      repository.restore(each, FilesRestorer.to(place).only(EntryPath.of("/cluster")));
      words.add(place.resolve("cluster").toString());
    }
    Path combined = folder.resolve("stock");
    words.addAll(List.of("-o", combined.toString(), "--no-sync"));
    PgTools.stock().run("pg_combinebackup", words.toArray(String[]::new)).orThrow();
    return combined;
  }

  private static List<String> differences(Map<String, ?> one, Map<String, ?> other) {
    Set<String> names = new TreeSet<>(one.keySet());
    names.addAll(other.keySet());
    return names.stream()
        .filter(each -> !Objects.equals(one.get(each), other.get(each)))
        .map(each -> each + ": " + one.get(each) + " or " + other.get(each))
        .toList();
  }

  private static Map<String, String> sums(Path data) throws IOException {
    Map<String, String> sums = new TreeMap<>();
    List<ManifestFile> files = new ArrayList<>();
    try (InputStream in = Files.newInputStream(data.resolve(BackupManifest.NAME))) {
      BackupManifest manifest = BackupManifest.read(in, files::add);
      sums.put("", manifest.toString());
    }
    // The tool adds the WAL that it finds, without checksums; pg_verifybackup passes it over.
    files.removeIf(each -> each.path().startsWith(EntryPath.of("pg_wal")));
    files.forEach(each -> sums.put(each.path().toString(), each.size() + " " + each.checksum()));
    return sums;
  }

  /** All but what a restore writes for the recovery. */
  private static Map<String, Integer> contents(Path data) throws IOException {
    List<String> own = List.of("recovery.signal", "postgresql.auto.conf", BackupManifest.NAME);
    Map<String, Integer> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(data)) {
      for (Path each : files.toList()) {
        if (!own.contains(each.getFileName().toString())) {
          String name = data.relativize(each).toString();
          contents.put(
              name, Files.isDirectory(each) ? 0 : Arrays.hashCode(Files.readAllBytes(each)));
        }
      }
    }
    return contents;
  }
}
