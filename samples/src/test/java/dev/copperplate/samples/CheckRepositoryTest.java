package dev.copperplate.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckRepositoryTest {

  @TempDir Path directory;
  private Place place;

  @BeforeEach
  void makePlace() throws Exception {
    place = Place.in(directory);
    place.backup();
  }

  @Test
  void saysThatARepositoryIsSound() throws Exception {
    Invocation sound = place.run(CheckRepository.PROGRAM).ending(ExitCode.SUCCESS);
    assertTrue(sound.out().startsWith("1 snapshots are sound; 2 of 2 packs"), sound.out());
    assertEquals(1L, place.run(CheckRepository.PROGRAM, "--json").json().get("snapshots"));
  }

  @Test
  void namesTheObjectThatIsDamaged() throws Exception {
    Path index = place.onlyFile("index");
    byte[] content = Files.readAllBytes(index);
    content[content.length / 2] ^= 4;
    Files.delete(index);
    Files.write(index, content);
    Invocation damaged = place.run(CheckRepository.PROGRAM).ending(ExitCode.FAILURE);
    assertTrue(damaged.err().contains("ERROR index/" + index.getFileName()), damaged.err());
    assertTrue(damaged.out().contains("NOT sound"), damaged.out());
  }

  @Test
  void failsWithAWrongPassword() throws Exception {
    Files.writeString(place.passwordFile(), "wrong");
    Invocation closed = place.run(CheckRepository.PROGRAM).ending(ExitCode.FAILURE);
    assertTrue(closed.err().contains("opens with this password"), closed.err());
  }

  @Test
  void failsWhereThereIsNoRepository() throws Exception {
    TreeRemoval.remove(place.repository());
    Invocation missing = place.run(CheckRepository.PROGRAM, "--json").ending(ExitCode.FAILURE);
    assertEquals("NOT_FOUND", missing.json().get("kind"));
  }

  @Test
  void readsAsMuchAsItIsTold() throws Exception {
    assertEquals(0L, packsRead("--structure"));
    assertEquals(2L, packsRead("--read-data"));
    assertEquals(2L, packsRead("--share", "1/2") + packsRead("--share=2/2"));
    assertEquals(1L, packsRead("--percent", "50"));
    assertEquals(1L, packsRead("--budget-bytes", "1"));
    assertEquals(2L, packsRead("--budget-time", "1h30m"));
    assertEquals(0L, packsRead("--budget-bytes", "1000000", "--budget-time", "0s"));
  }

  private long packsRead(Object... how) throws Exception {
    List<Object> all = new ArrayList<>(List.of(how));
    all.add("--json");
    Invocation run = place.run(CheckRepository.PROGRAM, all.toArray()).ending(ExitCode.SUCCESS);
    return (Long) run.json().get("packsRead");
  }

  @Test
  void refusesWhatItDoesNotUnderstand() {
    for (List<String> wrong :
        List.of(
            List.of("--share", "3/2"),
            List.of("--share", "half"),
            List.of("--percent", "0"),
            List.of("--percent", "many"),
            List.of("--budget-bytes", "-1"),
            List.of("--budget-time", "tomorrow"),
            List.of("--structure", "--read-data"))) {
      place.run(CheckRepository.PROGRAM, wrong.toArray()).ending(ExitCode.USAGE);
    }
  }

  @Test
  void namesTheFileThatSuffers() throws Exception {
    for (Path each : packs()) {
      byte[] content = Files.readAllBytes(each);
      content[20] ^= 4;
      Files.delete(each);
      Files.write(each, content);
    }
    Invocation damaged =
        place.run(CheckRepository.PROGRAM, "--share", "1/1").ending(ExitCode.FAILURE);
    assertTrue(damaged.err().contains("ERROR data/"), damaged.err());
    assertTrue(damaged.err().contains(" blob "), damaged.err());
    assertTrue(damaged.err().contains("it is part of snapshot "), damaged.err());
  }

  private List<Path> packs() throws Exception {
    try (var all = Files.walk(place.repository().resolve("data"))) {
      return all.filter(Files::isRegularFile).toList();
    }
  }
}
