package dev.copperplate.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.postgres.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupPostgresTest {

  @TempDir Path directory;
  private Place place;
  private EmbeddedPostgres postgres;

  @BeforeEach
  void start() throws Exception {
    place = Place.in(directory);
    postgres = EmbeddedPostgres.start(17);
    Files.writeString(directory.resolve("role"), EmbeddedPostgres.PASSWORD);
  }

  @AfterEach
  void stop() throws Exception {
    postgres.close();
  }

  @Test
  void backsUpAChainAndRestoresItReadyToStart() throws Exception {
    postgres.sql("CREATE TABLE counted AS SELECT generate_series(1, 1000) AS value");
    assertEquals("full", backup("--chain=2").ending(ExitCode.SUCCESS).json().get("kind"));
    Map<String, Object> second = backup("--chain=2").ending(ExitCode.SUCCESS).json();
    assertEquals("incremental", second.get("kind"));
    assertEquals("COMPLETE", second.get("state"));

    Path data = directory.resolve("data");
    String snapshot = "--snapshot=" + second.get("snapshot");
    Invocation plan =
        place.run(RestorePostgres.PROGRAM, snapshot, "--to=" + data, "--immediate", "--dry-run");
    plan.ending(ExitCode.SUCCESS);
    assertFalse(Files.exists(data));

    Invocation restored =
        place.run(RestorePostgres.PROGRAM, snapshot, "--to=" + data, "--immediate");
    restored.ending(ExitCode.SUCCESS);
    assertTrue(restored.out().contains("pg_ctl -D '" + data + "' start"), restored.out());
    assertEquals("17", Files.readString(data.resolve("PG_VERSION")).strip());
    assertTrue(Files.exists(data.resolve("recovery.signal")));
  }

  @Test
  void aTimeWithoutItsZoneIsRefused() {
    Invocation refused =
        place.run(RestorePostgres.PROGRAM, "--snapshot=1", "--to=x", "--time=2026-01-31T12:00:00");
    refused.ending(ExitCode.USAGE);
    assertTrue(refused.err().contains("Not a time with its zone"), refused.err());
  }

  @Test
  void aWrongPasswordOfTheRoleIsTold() throws Exception {
    Files.writeString(directory.resolve("role"), "battery staple");
    Invocation refused = backup();
    refused.ending(ExitCode.FAILURE);
    assertTrue(refused.err().contains("28P01"), refused.err());
    assertFalse(refused.err().contains("battery"), refused.err());
  }

  private Invocation backup(String... more) {
    List<Object> arguments =
        new ArrayList<>(
            List.of(
                "--json",
                "--name=orders",
                "--server=" + postgres.jdbcUrl(),
                "--user=" + EmbeddedPostgres.BACKUP,
                "--server-password-file=" + directory.resolve("role")));
    arguments.addAll(Arrays.asList(more));
    return place.run(BackupPostgres.PROGRAM, arguments.toArray());
  }
}
