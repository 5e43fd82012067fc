package dev.copperplate.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.testkit.Calls;
import dev.copperplate.backup.testkit.Fault;
import dev.copperplate.backup.testkit.HostileTarget;
import dev.copperplate.backup.testkit.MemoryTarget;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Where there is no room, and where there is nothing to capture with. */
@Timeout(120)
class LogicalRoomTest {

  private static EmbeddedPostgres server;

  @TempDir Path folder;

  private HostileTarget target;
  private BackupRepository repository;

  @BeforeAll
  static void start() throws Exception {
    server = EmbeddedPostgres.start(17);
    server.sql("CREATE TABLE t AS SELECT i, md5(i::text) FROM generate_series(1, 300000) i");
  }

  @AfterAll
  static void end() throws IOException {
    server.close();
  }

  @BeforeEach
  void create() throws Exception {
    target = HostileTarget.over(new MemoryTarget());
    repository = TestRepositories.create(target, RepositoryOptions.DEFAULT);
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    assertEquals(List.of(), repository.list(SnapshotFilter.ALL));
    Poll.until(
        () ->
            server
                .sql("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'copperplate'")
                .equals("0"));
    repository.close();
  }

  @Test
  void aFullTargetEndsTheCapture() {
    target.on(Calls.puts("data/"), Fault.refused(Kind.FULL));
    BackupException full = assertThrows(BackupException.class, () -> repository.backup(source()));
    assertEquals(Kind.FULL, full.kind());
  }

  /** /dev/full takes nothing, as a full disk. */
  @Test
  void aFullScratchDirectoryIsNamed() throws Exception {
    Path tools = NotingTools.make(folder.resolve("tools"), folder.resolve("notes"));
    NotingTools.script(
        tools.resolve("pg_dumpall"),
        "ln -s /dev/full definitions.dump\nexec '"
            + PgTools.stock().path("pg_dumpall")
            + "' \"$@\"");
    BackupException full =
        assertThrows(BackupException.class, () -> repository.backup(source().tools(tools)));
    assertEquals(Kind.FULL, full.kind());
    assertTrue(full.getMessage().contains("scratch directory"), full::getMessage);
  }

  @Test
  void aDatabaseIsNamedOnce() {
    String message =
        assertThrows(IllegalArgumentException.class, () -> source().database("a", "b", "a"))
            .getMessage();
    assertTrue(message.contains("[a, b, a]"), message);
  }

  @Test
  void aSourceSaysWhatItIsToldToDo() {
    String told =
        source()
            .database("a b", "c")
            .include("public.*")
            .exclude("public.\"Log\"")
            .rolePasswords()
            .connections(4)
            .lockTimeout(Duration.ofSeconds(9))
            .tools(Path.of("/bin"))
            .dataOnly()
            .toString();
    assertEquals(
        "postgres-logical:orders of PostgreSQL at 127.0.0.1:"
            + server.port()
            + ", databases \"a b\", \"c\", rows of [public.*], no rows of [public.\"Log\"], without"
            + " definitions, with role passwords, tools of /bin, 4 connections, locks within PT9S",
        told);
    assertTrue(source().allDatabases().toString().endsWith(", all databases, tools of " + bin()));
  }

  private static Path bin() {
    return PgTools.stock().path("pg_dump").getParent();
  }

  private static PostgresLogicalSource source() {
    return PostgresLogicalSource.of("orders", server.as(EmbeddedPostgres.SUPERUSER)).tools(bin());
  }
}
