package dev.copperplate.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApplyRetentionTest {

  @TempDir Path directory;
  private Place place;

  @BeforeEach
  void makePlace() throws Exception {
    place = Place.in(directory);
  }

  private void backupThree() throws Exception {
    for (int i = 0; i < 3; i++) {
      Files.writeString(place.documents().resolve("two"), "version " + i);
      place.backup(i == 0 ? new Object[] {"--tag=first"} : new Object[0]);
    }
  }

  @Test
  void removesWhatNoOptionKeeps() throws Exception {
    backupThree();
    Invocation applied =
        place.run(ApplyRetention.PROGRAM, "--keep-last=1").ending(ExitCode.SUCCESS);
    assertTrue(applied.out().endsWith("2 snapshots were removed.\n"), applied.out());
    assertEquals(1, snapshots());
  }

  @Test
  void aDryRunOnlySaysWhatWouldHappenAndWhy() throws Exception {
    backupThree();
    Invocation dry =
        place
            .run(
                ApplyRetention.PROGRAM,
                "--keep-last=1",
                "--keep-tag=first",
                "--zone=Europe/Berlin",
                "--dry-run")
            .ending(ExitCode.SUCCESS);
    List<String> lines = dry.out().lines().toList();
    String start = "  [0-9a-f]{8}  [-0-9]{10} [:0-9]{8}  \\S+  " + place.documents();
    assertTrue(lines.get(0).matches("keep  " + start + "  last 1 of 1.*"), dry.out());
    assertTrue(lines.get(1).matches("remove" + start + ".*"), dry.out());
    assertTrue(lines.get(2).matches("keep  " + start + "  tagged first.*"), dry.out());
    assertEquals("1 snapshots would be removed.", lines.get(3));
    assertEquals(3, snapshots());
  }

  @Test
  void theJsonHasEveryDecision() throws Exception {
    backupThree();
    Invocation dry =
        place
            .run(
                ApplyRetention.PROGRAM, "--keep-within=7d", "--keep-daily=2", "--json", "--dry-run")
            .ending(ExitCode.SUCCESS);
    assertEquals(3, ((List<?>) dry.json().get("snapshots")).size());
    assertEquals(true, dry.json().get("dryRun"));
  }

  @Test
  void whatAPersonHasToLookAtStays() throws Exception {
    backupThree();
    // Their own times now lie two days after their arrival in the store.
    Instant arrival = Instant.now().minus(Duration.ofDays(2));
    try (Stream<Path> snapshots = Files.list(place.repository().resolve("snapshots"))) {
      for (Path each : snapshots.toList()) {
        Files.setLastModifiedTime(each, FileTime.from(arrival));
      }
    }
    Invocation asked = place.run(ApplyRetention.PROGRAM, "--keep-last=1").ending(ExitCode.PARTIAL);
    assertTrue(asked.err().contains("WARNING files:" + place.documents() + " in "), asked.err());
    assertTrue(asked.out().endsWith("0 snapshots were removed.\n"), asked.out());
    assertEquals(3, snapshots());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--zone=UTC",
        "--keep-last=0",
        "--keep-daily=many",
        "--keep-within=7",
        "--keep-within=1d2h",
        "--keep-within=0d",
        "--keep-within=-7d",
        "--keep-tag=run=1",
        "--keep-last=1 --zone=Mars/Olympus"
      })
  void refusesWhatItCannotUnderstand(String line) {
    place.run(ApplyRetention.PROGRAM, (Object[]) line.split(" ")).ending(ExitCode.USAGE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"7d", "1y6m7d", "36h", "P7D", "PT36H", "2w"})
  void takesAgesAsResticWritesThemAndAsIsoDoes(String age) {
    place.run(ApplyRetention.PROGRAM, "--keep-within=" + age, "--dry-run").ending(ExitCode.SUCCESS);
  }

  private int snapshots() throws Exception {
    Invocation listed = place.run(ListSnapshots.PROGRAM, "--json").ending(ExitCode.SUCCESS);
    return ((List<?>) listed.json().get("snapshots")).size();
  }
}
