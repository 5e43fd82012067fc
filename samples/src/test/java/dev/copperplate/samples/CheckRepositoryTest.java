package dev.copperplate.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyRepositoryTest {

  @TempDir Path directory;
  private Place place;

  @BeforeEach
  void makePlace() throws Exception {
    place = Place.in(directory);
    place.backup();
  }

  @Test
  void saysThatARepositoryIsSound() throws Exception {
    Invocation sound = place.run(VerifyRepository.PROGRAM).ending(ExitCode.SUCCESS);
    assertTrue(sound.out().contains("and 1 snapshots are sound"), sound.out());
    assertEquals(1L, place.run(VerifyRepository.PROGRAM, "--json").json().get("snapshots"));
  }

  @Test
  void namesTheObjectThatIsDamaged() throws Exception {
    Path index = place.onlyFile("index");
    byte[] content = Files.readAllBytes(index);
    content[content.length / 2] ^= 4;
    Files.delete(index);
    Files.write(index, content);
    Invocation damaged = place.run(VerifyRepository.PROGRAM).ending(ExitCode.FAILURE);
    assertTrue(damaged.err().contains("ERROR index/" + index.getFileName()), damaged.err());
    assertTrue(damaged.out().contains("NOT sound"), damaged.out());
  }

  @Test
  void failsWithAWrongPassword() throws Exception {
    Files.writeString(place.passwordFile(), "wrong");
    Invocation closed = place.run(VerifyRepository.PROGRAM).ending(ExitCode.FAILURE);
    assertTrue(closed.err().contains("opens with this password"), closed.err());
  }

  @Test
  void failsWhereThereIsNoRepository() throws Exception {
    TreeRemoval.remove(place.repository());
    Invocation missing = place.run(VerifyRepository.PROGRAM, "--json").ending(ExitCode.FAILURE);
    assertEquals("NOT_FOUND", missing.json().get("kind"));
  }
}
