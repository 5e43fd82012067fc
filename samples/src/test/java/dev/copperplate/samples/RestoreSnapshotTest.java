package dev.copperplate.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestoreSnapshotTest {

  @TempDir Path directory;
  private Place place;
  private Path to;
  private Path restored;

  @BeforeEach
  void makePlace() throws Exception {
    place = Place.in(directory);
    to = place.directory().resolve("restored");
    restored = Place.below(to, place.documents());
  }

  @Test
  void givesBackTheLatest() throws Exception {
    place.backup();
    Files.writeString(place.documents().resolve("two"), "changed");
    place.backup();
    Invocation done = restore("latest").ending(ExitCode.SUCCESS);
    assertTrue(done.out().startsWith("Restored 3 files"), done.out());
    assertEquals(
        Optional.empty(), new TreeComparison().firstDifference(place.documents(), restored));
  }

  @Test
  void findsASnapshotByTheBeginningOfItsIdAndByItsRun() throws Exception {
    Map<String, Object> first = place.backup("--json").json();
    Files.writeString(place.documents().resolve("two"), "changed");
    place.backup();
    restore(String.valueOf(first.get("snapshot")).substring(0, 12)).ending(ExitCode.SUCCESS);
    assertEquals(100_000, Files.size(restored.resolve("two")));
    TreeRemoval.remove(to);
    restore(String.valueOf(first.get("run"))).ending(ExitCode.SUCCESS);
    assertEquals(100_000, Files.size(restored.resolve("two")));
  }

  @Test
  void takesTheLatestOfAnEnvironment() throws Exception {
    place.backup("--environment=one");
    Files.writeString(place.documents().resolve("two"), "changed");
    place.backup("--environment=two");
    restore("latest", "--environment=one").ending(ExitCode.SUCCESS);
    assertEquals(100_000, Files.size(restored.resolve("two")));
  }

  @Test
  void saysThatThereIsNoSuchSnapshot() {
    assertTrue(restore("latest").ending(ExitCode.FAILURE).err().contains("ListSnapshots"));
    place.backup();
    restore("0123456789").ending(ExitCode.FAILURE);
    restore("latest", "--environment=elsewhere").ending(ExitCode.FAILURE);
    assertFalse(Files.exists(to));
  }

  @Test
  void refusesABeginningThatSeveralIdsShare() {
    place.backup();
    place.backup();
    Invocation refused = restore("").ending(ExitCode.FAILURE);
    assertTrue(refused.err().contains("2 snapshots begin with"), refused.err());
  }

  @Test
  void restoresOnlyWhatIsNamed() {
    place.backup();
    restore("latest", place.documents() + "/letters/").ending(ExitCode.SUCCESS);
    assertTrue(Files.exists(restored.resolve("letters/one")));
    assertFalse(Files.exists(restored.resolve("two")));
  }

  @Test
  void touchesNothingThatExists() throws Exception {
    place.backup();
    restore("latest").ending(ExitCode.SUCCESS);
    Files.writeString(restored.resolve("two"), "mine");
    restore("latest").ending(ExitCode.FAILURE);
    assertEquals("mine", Files.readString(restored.resolve("two")));
  }

  @Test
  void destroysOnlyWhatIsConfirmed() throws Exception {
    place.backup();
    restore("latest").ending(ExitCode.SUCCESS);
    Files.writeString(restored.resolve("two"), "mine");
    Files.writeString(restored.resolve("extra"), "mine");
    Invocation refused = restore("latest", "--overwrite=changed", "--delete-extra");
    refused.ending(ExitCode.FAILURE);
    assertTrue(refused.err().contains("--yes"), refused.err());
    assertEquals("mine", Files.readString(restored.resolve("two")));
    restore("latest", "--overwrite=changed", "--delete-extra", "--yes").ending(ExitCode.SUCCESS);
    assertEquals(
        Optional.empty(), new TreeComparison().firstDifference(place.documents(), restored));
  }

  @Test
  void showsThePlanAndDoesNothing() throws Exception {
    place.backup();
    Invocation planned = restore("latest", "--dry-run").ending(ExitCode.SUCCESS);
    assertTrue(planned.out().startsWith("Restore to " + to), planned.out());
    assertFalse(Files.exists(to));
    restore("latest").ending(ExitCode.SUCCESS);
    Map<String, Object> plan =
        restore("latest", "--dry-run", "--overwrite=always", "--json")
            .ending(ExitCode.SUCCESS)
            .json();
    assertTrue(
        String.valueOf(plan.get("destroys")).contains(restored.resolve("two").toString()),
        plan.toString());
  }

  @Test
  void endsWithItsOwnCodeWhenNotAllComesBack() throws Exception {
    place.backup("--exclude=two", "--exclude=link");
    Files.delete(dataPack());
    Invocation partial = restore("latest", "--json").ending(ExitCode.PARTIAL);
    assertEquals(false, partial.json().get("success"));
    assertFalse(((List<?>) partial.json().get("findings")).isEmpty());
    assertTrue(Files.exists(restored.resolve("empty")), "the rest comes back");
  }

  @Test
  void refusesWhatMakesNoSense() {
    restore("latest", "--overwrite=perhaps").ending(ExitCode.USAGE);
    restore("latest", "/a/../b").ending(ExitCode.USAGE);
    place.run(RestoreSnapshot.PROGRAM, "--snapshot=latest").ending(ExitCode.USAGE);
    place.run(RestoreSnapshot.PROGRAM, "--to=" + to).ending(ExitCode.USAGE);
  }

  /** The smaller of the two: the other one holds the directories. */
  private Path dataPack() throws Exception {
    try (var all = Files.walk(place.repository().resolve("data"))) {
      List<Path> packs = all.filter(Files::isRegularFile).toList();
      assertEquals(2, packs.size());
      return Files.size(packs.get(0)) < Files.size(packs.get(1)) ? packs.get(0) : packs.get(1);
    }
  }

  private Invocation restore(String snapshot, Object... more) {
    Object[] arguments = new Object[more.length + 2];
    arguments[0] = "--snapshot=" + snapshot;
    arguments[1] = "--to=" + to;
    System.arraycopy(more, 0, arguments, 2, more.length);
    return place.run(RestoreSnapshot.PROGRAM, arguments);
  }
}
