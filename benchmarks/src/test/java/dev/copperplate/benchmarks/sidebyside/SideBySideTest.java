package dev.copperplate.benchmarks.sidebyside;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The benchmark itself on very little data. Needs restic and {@code samples-all.jar}, which {@code
 * mvn verify} has made before; without them it is skipped, or fails where {@code CI=true}.
 */
class SideBySideTest {

  private static final Path JAR = Path.of("../samples/target/samples-all.jar");
  // Processes that end soon do not earn back what the better compiler costs.
  private static final String QUICK = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";
  private static final String TIME = "[\\d.]+ \\([\\d.]+–[\\d.]+\\)";
  private static final Pattern ROW =
      Pattern.compile(
          "\\| .+: .+ \\| "
              + (TIME + " \\| " + TIME)
              + " \\| [\\d.]+ \\| [\\d.]+ / [\\d.]+ \\| \\d+ / \\d+ \\| ([\\d.]+ / [\\d.]+)? \\|");

  @TempDir Path directory;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @BeforeEach
  void bothContendersAreThere() {
    try {
      Settings.parse(List.of(), System.getenv()).restic();
    } catch (SettingsException missing) {
      skip(missing.getMessage());
    }
    if (!Files.exists(JAR)) {
      skip("No " + JAR + ": mvn verify makes it");
    }
  }

  @Test
  void everyTaskThatWasMeasuredHasARow() throws Exception {
    run(0, "--only", "rows-restore,small-changed,million-prune");
    assertEquals(3, rows().size());
    run(0, "--only", "rows-check");
    List<String> rows = rows();
    assertEquals(4, rows.size());
    assertTrue(rows.get(1).contains("check all data"), "in the order of the catalogue: " + rows);
    rows.forEach(each -> assertTrue(ROW.matcher(each).matches(), each));
    assertTrue(page().contains("- Scale: 2.0E-4: NOT the full sizes\n"), page());
    assertTrue(page().contains("- Class-data archive: one for each sample\n"), page());
  }

  @Test
  void aFailureEndsItAndShowsWhatTheProgramSaid() throws Exception {
    run(1, "--only", "rows-backup", "--no-archive", "--java-options", "-XX:NoSuchOption");
    assertTrue(messages().contains("ended with exit code 1"), messages());
    assertTrue(messages().contains("NoSuchOption"), messages());
    assertTrue(Files.notExists(directory.resolve("RESULTS.md")));
  }

  @Test
  void anotherResticIsRefusedByItsVersion() throws Exception {
    Path other = directory.resolve("restic");
    Files.writeString(other, "#!/bin/sh\necho restic 0.17.3 compiled\n");
    assertTrue(other.toFile().setExecutable(true));
    int code =
        SideBySide.run(
            stream(out),
            stream(err),
            Map.of("RESTIC", other.toString()),
            "--work",
            directory.resolve("work").toString());
    assertEquals(2, code);
    assertTrue(messages().contains("this is restic 0.17.3 compiled"), messages());
  }

  private void run(int expected, String... more) {
    List<String> line = new ArrayList<>();
    line.addAll(List.of("--work", directory.resolve("work").toString()));
    line.addAll(List.of("--output", directory.resolve("RESULTS.md").toString()));
    line.addAll(List.of("--jar", JAR.toString(), "--revision", "test", "--any-restic"));
    line.addAll(List.of("--scale", "0.0002", "--rounds", "1"));
    line.addAll(List.of("--java-options", QUICK));
    line.addAll(List.of(more));
    int code =
        SideBySide.run(stream(out), stream(err), System.getenv(), line.toArray(String[]::new));
    assertEquals(expected, code, messages());
  }

  private List<String> rows() throws Exception {
    return page().lines().filter(each -> each.startsWith("| ")).skip(1).toList();
  }

  private String page() throws Exception {
    return Files.readString(directory.resolve("RESULTS.md"));
  }

  private String messages() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private static PrintStream stream(ByteArrayOutputStream to) {
    return new PrintStream(to, true, StandardCharsets.UTF_8);
  }

  private static void skip(String message) {
    if (Boolean.parseBoolean(System.getenv("CI"))) {
      fail(message);
    }
    abort(message);
  }
}
