package dev.copperplate.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.postgres.scratch.ServerUser;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.restic.Restic;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs the commands of {@code RESTORE.md} as an ordinary user, with stock tools and no Java. */
class RestoreGuideTest {

  private static final Pattern COMMANDS = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);
  private static final String NAME = "it's orders";

  private Path folder;
  private BackupRepository repository;

  @BeforeEach
  void createRepository() throws Exception {
    folder = Clusters.folder();
    repository = TestRepositories.create(folder.resolve("repository"));
  }

  @AfterEach
  void remove() throws Exception {
    repository.close();
    Clusters.remove(folder);
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void aFullComesBackAsItsGuideSays(int version) throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(version)) {
      postgres.sql("CREATE TABLE counted AS SELECT generate_series(1, 1000) AS value");

      Snapshot snapshot = backup(postgres, 1);

      assertEquals("500500", restored(postgres, snapshot));
    }
  }

  @Test
  void aChainComesBackAsItsLastGuideSays() throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(17)) {
      postgres.sql("CREATE TABLE counted AS SELECT generate_series(1, 1000) AS value");
      backup(postgres, 3);
      postgres.sql("INSERT INTO counted VALUES (1001)");
      backup(postgres, 3);
      postgres.sql("INSERT INTO counted VALUES (1002)");

      Snapshot snapshot = backup(postgres, 3);

      assertEquals("502503", restored(postgres, snapshot));
    }
  }

  @Test
  void aPointInTimeComesBackAsTheGuideSays() throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(17);
        RunningArchiver archiver =
            RunningArchiver.start(
                PostgresWalArchiver.of(NAME, postgres.asBackup(), repository)
                    .interval(Duration.ofSeconds(1)))) {
      postgres.sql("CREATE TABLE counted AS SELECT generate_series(1, 1000) AS value");
      archiver.awaitDurable(postgres.lsn());
      Snapshot base = backup(postgres, 1);
      postgres.sql("INSERT INTO counted VALUES (1001)");
      String time = postgres.sql("SELECT clock_timestamp()");
      postgres.sql("DROP TABLE counted");
      archiver.awaitDurable(postgres.lsn());
      archiver.end();

      assertEquals("501501", restored(postgres, base, "", Optional.of(time)));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void aTablespaceIsLeftInPlaceAsTheGuideSays(int version) throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(version)) {
      Snapshot snapshot = withTablespace(postgres);

      String inPlace = block(guide(snapshot), "allow_in_place_tablespaces");

      assertEquals("500500", restored(postgres, snapshot, inPlace, Optional.empty()));
    }
  }

  @Test
  void aTablespaceIsMovedAsTheGuideSays() throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(17)) {
      Snapshot snapshot = withTablespace(postgres);

      String moved = block(guide(snapshot), "ln -s");

      assertEquals("500500", restored(postgres, snapshot, moved, Optional.empty()));
      try (Stream<Path> links = Files.list(folder.resolve("work/data/pg_tblspc"))) {
        assertEquals(1, links.filter(Files::isSymbolicLink).count());
      }
    }
  }

  private Snapshot withTablespace(EmbeddedPostgres postgres) throws Exception {
    Path place = Files.createDirectory(postgres.data().resolveSibling("elsewhere"));
    ServerUser.unprivileged().own(place);
    postgres.sql("CREATE TABLESPACE elsewhere LOCATION '" + place + "'");
    postgres.sql(
        "CREATE TABLE counted TABLESPACE elsewhere AS SELECT generate_series(1, 1000)"
            + " AS value");
    Snapshot snapshot = backup(postgres, 1);
    postgres.stop();
    Files.move(place, place.resolveSibling("gone"));
    return snapshot;
  }

  private Snapshot backup(EmbeddedPostgres postgres, int chain) throws Exception {
    return repository
        .backup(PostgresPhysicalSource.of(NAME, postgres.asBackup()).chain(chain))
        .snapshot();
  }

  private String restored(EmbeddedPostgres postgres, Snapshot snapshot) throws Exception {
    return restored(postgres, snapshot, "", Optional.empty());
  }

  /**
   * Follows the guide to the end of the backup, or to a time, and asks the server that runs then.
   */
  private String restored(
      EmbeddedPostgres postgres, Snapshot snapshot, String tablespaces, Optional<String> time)
      throws Exception {
    Restic restic = restic();
    List<String> commands = guide(snapshot);
    String toEnd = commands.get(commands.size() - 2);
    String toPoint = commands.get(commands.size() - 1);
    Path work = folder.resolve("work");
    Path bin = bin(postgres);
    Files.createDirectory(work);
    Path program = Files.copy(restic.program(), bin.resolve("restic"));
    assertTrue(program.toFile().setExecutable(true));
    List<String> script =
        List.of(
            "set -eu",
            "cd '" + work + "'",
            "export PATH='" + bin + "':$PATH",
            "export RESTIC_REPOSITORY='" + folder.resolve("repository") + "'",
            "export RESTIC_PASSWORD_FILE='" + folder.resolve("repository.password") + "'",
            "export RESTIC_CACHE_DIR='" + folder.resolve("cache") + "'",
            "work='" + work + "' bin='" + bin + "'",
            commands.get(1),
            commands.get(2),
            tablespaces,
            "cat >> \"$work/data/postgresql.auto.conf\" <<EOF",
            "listen_addresses = ''",
            "unix_socket_directories = '" + work + "'",
            "EOF",
            started(time.map(each -> to(each, toPoint)).orElse(toEnd)),
            promoted(),
            "psql -h \"$work\" -p 5432 -U postgres -Atc 'SELECT sum(value) FROM counted'",
            "\"$bin/pg_ctl\" -D \"$work/data\" -m immediate stop >/dev/null");
    ServerUser.unprivileged().own(folder);
    String output =
        Program.run(
                ServerUser.unprivileged().running(List.of("bash", "-c", String.join("\n", script))),
                Map.of())
            .orThrow();
    return output.lines().reduce((earlier, last) -> last).orElse("");
  }

  private Restic restic() throws Exception {
    return Restic.stock().at(folder.resolve("repository"), TestRepositories.PASSWORD);
  }

  /** The commands of a guide, block by block. */
  private List<String> guide(Snapshot snapshot) throws Exception {
    String guide = restic().succeed("dump", snapshot.id().toString(), "/.backup/RESTORE.md");
    return COMMANDS.matcher(guide).results().map(each -> each.group(1)).toList();
  }

  private static String block(List<String> guide, String with) {
    return guide.stream().filter(each -> each.contains(with)).findFirst().orElseThrow();
  }

  /** The time of the guide is an example. */
  private static String to(String time, String command) {
    return command.replaceFirst(
        "recovery_target_time = '[^']*'", "recovery_target_time = '" + time + "'");
  }

  /** The server answers before it has come to its target. */
  private static String promoted() {
    String query = "psql -h \"$work\" -p 5432 -U postgres -Atc 'SELECT pg_is_in_recovery()'";
    return "for i in $(seq 600); do [ \"$(" + query + ")\" = f ] && break; sleep 0.1; done";
  }

  /** A server that is started for a script must not hold the script's output open. */
  private static String started(String command) {
    Matcher start = Pattern.compile("(pg_ctl.*start)").matcher(command);
    return start.replaceAll("$1 -l \"\\$work/log\" >/dev/null");
  }

  /** The stock tools and this version's server, as one folder. */
  private Path bin(EmbeddedPostgres postgres) throws Exception {
    Path bin = Files.createDirectory(folder.resolve("bin"));
    PgTools tools = PgTools.of(postgres.version());
    call(bin, tools.path("pg_verifybackup"));
    call(bin, tools.path("psql"));
    if (postgres.version() == PgTools.STOCK) {
      call(bin, tools.path("pg_combinebackup"));
    }
    call(bin, Path.of(postgres.binaries().program("pg_ctl")));
    return bin;
  }

  /** Not a link: programs look for others beside where they are called. */
  private static void call(Path bin, Path program) throws Exception {
    Path script = bin.resolve(program.getFileName());
    Files.writeString(script, "#!/bin/sh\nexec '" + program + "' \"$@\"\n");
    assertTrue(script.toFile().setExecutable(true));
  }
}
