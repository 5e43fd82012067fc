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

class CopyRepositoryTest {

  @TempDir Path directory;
  private Place place;
  private Path replica;
  private Path secret;

  @BeforeEach
  void makePlace() throws Exception {
    place = Place.in(directory);
    replica = directory.resolve("replica");
    secret = directory.resolve("other secret");
    Files.writeString(secret, "of the replica\n");
    place.backup("--tag=gold");
    Files.writeString(place.documents().resolve("two"), "changed");
    place.backup();
  }

  @Test
  void copiesOnceWhatIsAskedForIntoARepositoryThatItMakes() throws Exception {
    Invocation gold = copy("--create", "--tag=gold", "--json").ending(ExitCode.SUCCESS);
    assertEquals(1, ((List<?>) gold.json().get("copied")).size());
    Invocation rest = copy().ending(ExitCode.SUCCESS);
    assertTrue(
        rest.out().startsWith("1 snapshots were copied, 1 were there already; "), rest.out());
    Invocation again = copy("--json", "--source=files:" + place.documents());
    assertEquals(2L, again.ending(ExitCode.SUCCESS).json().get("present"));
    assertEquals(0L, again.json().get("blobs"));
    assertEquals(2L, inReplica(CheckRepository.PROGRAM).json().get("snapshots"));
  }

  @Test
  void copiesOnlyWhatIsProvedIfAskedTo() throws Exception {
    Invocation none = copy("--create", "--proved=data").ending(ExitCode.SUCCESS);
    assertTrue(none.out().startsWith("0 snapshots were copied"), none.out());
  }

  @Test
  void aReplicaThatDoesNotExistIsAnErrorThatSaysWhatToDo() throws Exception {
    Invocation missing = copy().ending(ExitCode.FAILURE);
    assertTrue(missing.err().contains("(--create does that here)"), missing.err());
    Files.delete(secret);
    Invocation closed = copy("--create").ending(ExitCode.FAILURE);
    assertTrue(closed.err().contains("cannot be read"), closed.err());
  }

  @Test
  void whatWasLeftOutIsNamed() throws Exception {
    Path snapshot;
    try (var all = Files.list(place.repository().resolve("snapshots"))) {
      snapshot = all.findFirst().orElseThrow();
    }
    Files.delete(snapshot);
    Files.writeString(snapshot, "no snapshot");
    Invocation partial = copy("--create").ending(ExitCode.PARTIAL);
    assertTrue(partial.err().contains("ERROR snapshots/" + snapshot.getFileName()), partial.err());
    assertTrue(partial.out().startsWith("1 snapshots were copied"), partial.out());
  }

  @Test
  void wrongWordsAreRefused() throws Exception {
    assertTrue(copy("--proved=hoped").ending(ExitCode.USAGE).err().contains("Not a proof"));
    assertTrue(copy("--source=etc").ending(ExitCode.USAGE).err().contains("Not a source"));
    assertTrue(copy("--source=A:b").ending(ExitCode.USAGE).err().contains("source type"));
  }

  private Invocation copy(String... more) {
    List<Object> arguments =
        new ArrayList<>(List.of("--to", replica, "--to-password-file", secret));
    arguments.addAll(List.of(more));
    return place.run(CopyRepository.PROGRAM, arguments.toArray());
  }

  private Invocation inReplica(Program program) {
    return Invocation.of(
        program,
        "--repository",
        replica.toString(),
        "--password-file",
        secret.toString(),
        "--json");
  }
}
