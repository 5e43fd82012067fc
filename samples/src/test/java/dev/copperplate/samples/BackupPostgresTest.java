package dev.copperplate.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupPostgresTest {

  @TempDir Path directory;
  private Place place;
  private TestServer server;
  private DemonstrationServer postgres;

  @BeforeEach
  void start() throws Exception {
    place = Place.in(directory);
    server = TestServer.start();
    postgres = server.postgres();
    Files.copy(postgres.passwordFile(), directory.resolve("role"));
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
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
  void aDrillSaysWhetherTheBackupCanBeReliedOn() throws Exception {
    postgres.sql("CREATE TABLE counted AS SELECT generate_series(1, 1000) AS value");
    String snapshot = "--snapshot=" + backup().ending(ExitCode.SUCCESS).json().get("snapshot");
    String query = "--query=SELECT count(*) FROM public.counted";
    drill(snapshot, query, "--answer=1000").ending(ExitCode.SUCCESS);
    drill(snapshot, query, "--answer=999").ending(ExitCode.FAILURE);
    drill(snapshot, query).ending(ExitCode.USAGE);
  }

  private Invocation drill(String... more) throws Exception {
    List<Object> arguments =
        new ArrayList<>(
            List.of(
                "--scratch=" + server.scratch(),
                "--programs=" + TestServer.programs().directory()));
    arguments.addAll(Arrays.asList(more));
    return place.run(DrillPostgres.PROGRAM, arguments.toArray());
  }

  @Test
  void theArchiverStoresWhatItHasReceivedWhenItIsEnded() throws Exception {
    List<String> command =
        List.of(
            ProcessHandle.current().info().command().orElseThrow(),
            "-cp",
            System.getProperty("java.class.path"),
            ArchivePostgres.class.getName(),
            "--repository=" + place.repository(),
            "--password-file=" + place.passwordFile(),
            "--name=orders",
            "--server=" + postgres.url("postgres"),
            "--user=postgres",
            "--server-password-file=" + directory.resolve("role"),
            "--interval-seconds=1");
    Process archiver = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (BufferedReader said = archiver.inputReader(StandardCharsets.UTF_8)) {
      postgres.sql("CREATE TABLE counted AS SELECT generate_series(1, 1000) AS value");
      String line = said.readLine();
      while (line != null && !line.startsWith("Durable up to ")) {
        line = said.readLine();
      }
      assertNotNull(line);
      postgres.sql("INSERT INTO counted VALUES (1001)");
      archiver.destroy(); // SIGTERM
      assertTrue(archiver.waitFor(60, TimeUnit.SECONDS));
    } finally {
      archiver.destroyForcibly();
    }
    String listed = place.run(ListSnapshots.PROGRAM).ending(ExitCode.SUCCESS).out();
    assertTrue(listed.contains("/postgres-wal/orders"), listed);
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
                "--server=" + postgres.url("postgres"),
                "--user=postgres",
                "--server-password-file=" + directory.resolve("role")));
    arguments.addAll(Arrays.asList(more));
    return place.run(BackupPostgres.PROGRAM, arguments.toArray());
  }
}
