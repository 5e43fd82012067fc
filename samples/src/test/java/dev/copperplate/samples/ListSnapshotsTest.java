package dev.copperplate.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListSnapshotsTest {

  @TempDir Path directory;
  private Place place;

  @BeforeEach
  void makePlace() throws Exception {
    place = Place.in(directory);
  }

  @Test
  void listsWhatWasBackedUp() {
    place.backup("--environment=test", "--tag=nightly");
    Invocation listed = place.run(ListSnapshots.PROGRAM).ending(ExitCode.SUCCESS);
    String first = listed.out().lines().findFirst().orElseThrow();
    assertTrue(
        first.matches(
            "[0-9a-f]{8}  [-0-9]{10} [:0-9]{8}  complete  test +3 files  100.0 kB  "
                + place.documents()
                + " \\[nightly]"),
        first);
    assertTrue(listed.out().endsWith("1 snapshots\n"), listed.out());
  }

  @Test
  void choosesByTagEnvironmentAndPath() throws Exception {
    place.backup("--environment=one", "--tag=a", "--tag=b");
    place.backup("--environment=two", "--tag=a");
    assertEquals(2, count("--tag=a"));
    assertEquals(1, count("--tag=a", "--tag=b"));
    assertEquals(1, count("--environment=two"));
    assertEquals(2, count("--path=" + place.documents()));
    assertEquals(0, count("--path=" + place.documents().resolve("letters")));
  }

  @Test
  void saysThatASnapshotCannotBeRead() throws Exception {
    place.backup();
    Path snapshot = place.onlyFile("snapshots");
    byte[] content = Files.readAllBytes(snapshot);
    content[40] ^= 1;
    Files.delete(snapshot);
    Files.write(snapshot, content);
    Invocation listed = place.run(ListSnapshots.PROGRAM).ending(ExitCode.PARTIAL);
    assertTrue(listed.err().contains("cannot be read"), listed.err());
  }

  private int count(String... filters) throws Exception {
    Object[] arguments = new Object[filters.length + 1];
    System.arraycopy(filters, 0, arguments, 1, filters.length);
    arguments[0] = "--json";
    Invocation listed = place.run(ListSnapshots.PROGRAM, arguments).ending(ExitCode.SUCCESS);
    return ((List<?>) listed.json().get("snapshots")).size();
  }
}
