package dev.copperplate.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each main as a process of its own. */
class ProgramTest {

  @TempDir Path directory;
  private Place place;

  @BeforeEach
  void makePlace() throws Exception {
    place = Place.in(directory);
  }

  @Test
  void runsAsAProcessFromBackupToRestore() throws Exception {
    Path restored = place.directory().resolve("restored");
    assertEquals(0, java("BackupDirectory", place.documents()));
    assertTrue(log().lines().allMatch(each -> each.startsWith("INFO ")), log());
    assertEquals(0, java("ListSnapshots", "--json"));
    assertEquals(0, java("CheckRepository", "--json"));
    assertEquals(0, java("RestoreSnapshot", "--snapshot=latest", "--to=" + restored));
    assertEquals(
        "Dear reader",
        Files.readString(Place.below(restored, place.documents()).resolve("letters/one")));
  }

  @Test
  void endsWithTheCodeOfItsFailure() throws Exception {
    assertEquals(2, java("BackupDirectory"));
    Files.writeString(place.passwordFile(), "wrong");
    assertEquals(1, java("CheckRepository"));
    assertTrue(log().contains("opens with this password"), log());
  }

  private int java(String sample, Object... more) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED"); // Newer JDKs warn of zstd otherwise.
    command.addAll(List.of("-cp", withoutTests(), "dev.copperplate.samples." + sample));
    command.addAll(List.of("--repository", place.repository().toString()));
    command.addAll(List.of("--password-file", place.passwordFile().toString()));
    List.of(more).forEach(each -> command.add(each.toString()));
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(directory.resolve("log").toFile())
            .start();
    process.getOutputStream().close();
    assertTrue(process.waitFor(60, TimeUnit.SECONDS), sample + " ends");
    return process.exitValue();
  }

  /** What the samples find when they are run alone: their own logging, for one. */
  private static String withoutTests() {
    String separator = System.getProperty("path.separator");
    List<String> all =
        new ArrayList<>(List.of(System.getProperty("java.class.path").split(separator)));
    all.removeIf(each -> each.endsWith("test-classes"));
    return String.join(separator, all);
  }

  private String log() throws IOException {
    return Files.readString(directory.resolve("log"));
  }
}
