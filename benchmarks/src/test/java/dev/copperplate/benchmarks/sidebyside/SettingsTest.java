package dev.copperplate.benchmarks.sidebyside;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SettingsTest {

  private static final List<Task> ALL =
      Catalogue.of(1, Optional.of(new PostgresPrograms(Path.of("bin"))));

  @Test
  void withoutOptionsAllIsMeasuredButForWhatTakesVeryLong() throws Exception {
    List<String> names = chosen();
    assertTrue(names.containsAll(List.of("rows-check", "postgres-backup", "small-changed")));
    assertTrue(names.stream().noneMatch(each -> each.startsWith("stream")));
    assertTrue(names.stream().noneMatch(each -> each.startsWith("million")));
  }

  @Test
  void whatTakesVeryLongIsMeasuredWhenAskedFor() throws Exception {
    assertTrue(chosen("--with-stream").contains("stream-backup"));
    assertTrue(chosen("--with-million").contains("million-prune"));
    assertEquals(List.of("stream-backup"), chosen("--only", "stream-backup"));
  }

  @Test
  void theNameOfASetOfDataMeansAllOfItsTasks() throws Exception {
    assertEquals(
        List.of("rows-backup", "rows-restore", "rows-check", "small-check"),
        chosen("--only", "small-check,rows"));
  }

  @Test
  void aTaskThatIsNotThereIsRefusedByName() {
    SettingsException refusal =
        assertThrows(SettingsException.class, () -> chosen("--only", "row"));
    assertEquals("No such task: row. --list prints all", refusal.getMessage());
  }

  @Test
  void namesOfTasksAreUnique() {
    assertEquals(ALL.size(), ALL.stream().map(Task::name).distinct().count());
  }

  @Test
  void whatIsNoNumberIsRefused() {
    for (String each : List.of("none", "0", "-1", "NaN")) {
      assertThrows(SettingsException.class, () -> settings("--scale", each).scale());
    }
    assertThrows(SettingsException.class, () -> settings("--rounds", "1.5").rounds());
  }

  @Test
  void optionsThatAreUnknownOrLackTheirValueAreRefused() {
    assertThrows(SettingsException.class, () -> settings("--fast"));
    assertThrows(SettingsException.class, () -> settings("rows"));
    assertThrows(SettingsException.class, () -> settings("--only"));
  }

  @Test
  void theLastValueOfAnOptionCounts() throws Exception {
    assertEquals(7, settings("--rounds", "5", "--rounds", "7").rounds());
  }

  @Test
  void optionsOfTheJvmAreDividedByBlanks() throws Exception {
    assertEquals(
        List.of("-Xmx1g", "-Xss1m"), settings("--java-options", "-Xmx1g  -Xss1m").javaOptions());
    assertEquals(List.of("-XX:+UseSerialGC", "-Xmx512m"), settings().javaOptions());
    assertEquals(List.of(), settings("--java-options", "").javaOptions());
  }

  @Test
  void aMissingResticIsRefused() {
    assertThrows(SettingsException.class, () -> settings().restic());
  }

  private static List<String> chosen(String... line) throws SettingsException {
    return settings(line).chosen(ALL).stream().map(Task::name).toList();
  }

  private static Settings settings(String... line) throws SettingsException {
    return Settings.parse(List.of(line), Map.of());
  }
}
