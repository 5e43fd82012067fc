package dev.copperplate.backup.postgres.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.postgres.EmbeddedPostgres;
import dev.copperplate.backup.postgres.Program;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** That the parts of the driver which are not its API are as they are in each supported version. */
class DriverVersionsTest {

  private static final Path DRIVERS =
      Path.of(System.getProperty("basedir", "")).resolve("target/drivers");

  private static EmbeddedPostgres server;

  @BeforeAll
  static void startServer() throws Exception {
    server = EmbeddedPostgres.start(17);
  }

  @AfterAll
  static void stopServer() throws Exception {
    server.close();
  }

  static List<Path> drivers() throws IOException {
    try (Stream<Path> jars = Files.list(DRIVERS)) {
      return jars.sorted().toList();
    }
  }

  @Test
  void theOldestSupportedDriverAndOursAreTried() throws Exception {
    List<String> names = drivers().stream().map(each -> each.getFileName().toString()).toList();
    assertTrue(names.contains("postgresql-42.7.4.jar"), names::toString);
    assertTrue(names.size() >= 2, names::toString);
  }

  @ParameterizedTest
  @MethodSource("drivers")
  void aBaseBackupAStreamOfWalAndRowsComeThroughTheDriver(Path driver) throws Exception {
    Program.Result result =
        Program.run(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classPath(driver),
                DriverProbe.class.getName(),
                "127.0.0.1",
                Integer.toString(server.port()),
                EmbeddedPostgres.BACKUP),
            server.environment());
    String version = driver.getFileName().toString().replaceAll("[^0-9.]|[.]jar$", "");
    assertEquals("Works with " + version, result.orThrow().strip());
  }

  /** That of this test with another driver in place of its own. */
  private static String classPath(Path driver) {
    return Stream.concat(
            Stream.of(driver.toAbsolutePath().toString()),
            Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(each -> !Path.of(each).getFileName().toString().startsWith("postgresql-")))
        .collect(Collectors.joining(File.pathSeparator));
  }
}
