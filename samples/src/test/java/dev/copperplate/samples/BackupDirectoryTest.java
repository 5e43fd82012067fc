package dev.copperplate.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupDirectoryTest {

  @TempDir Path directory;
  private Place place;

  @BeforeEach
  void makePlace() throws Exception {
    place = Place.in(directory);
  }

  @Test
  void backsUpAndSaysWhatWasNew() {
    Invocation first = place.backup();
    assertTrue(first.out().contains("is complete: 3 files with 100.0 kB, 3 new"), first.out());
    assertFalse(first.err().contains("WARNING"), first.err());
    Invocation second = place.backup();
    assertTrue(second.out().contains("0 new, 0 changed"), second.out());
  }

  @Test
  void refusesARepositoryThatIsNotThere() {
    Path nowhere = directory.resolve("nowhere");
    Invocation refused =
        Invocation.of(
            BackupDirectory.PROGRAM,
            "--repository=" + nowhere,
            "--password-file=" + place.passwordFile(),
            place.documents().toString());
    refused.ending(ExitCode.FAILURE);
    assertTrue(refused.err().contains("There is no repository in " + nowhere), refused.err());
    assertTrue(refused.err().contains("--create"), refused.err());
    assertFalse(Files.exists(nowhere));
  }

  @Test
  void createsTheRepositoryOnlyWhereThereIsNone() throws Exception {
    Path made = directory.resolve("made");
    for (int snapshots = 1; snapshots <= 2; snapshots++) {
      Invocation.of(
              BackupDirectory.PROGRAM,
              "--repository=" + made,
              "--password-file=" + place.passwordFile(),
              "--create",
              place.documents().toString())
          .ending(ExitCode.SUCCESS);
      try (var stored = Files.list(made.resolve("snapshots"))) {
        assertEquals(snapshots, stored.count());
      }
    }
  }

  @Test
  void doesNotTakeAMissingPasswordFileForAMissingRepository() throws Exception {
    Files.delete(place.passwordFile());
    Invocation failed = place.run(BackupDirectory.PROGRAM, "--create", place.documents());
    failed.ending(ExitCode.FAILURE);
    assertTrue(failed.err().contains("password file"), failed.err());
  }

  @Test
  void tellsAWrongPassword() throws Exception {
    Files.writeString(place.passwordFile(), "battery staple");
    Invocation failed = place.run(BackupDirectory.PROGRAM, "--create", place.documents());
    failed.ending(ExitCode.FAILURE);
    assertTrue(failed.err().contains("opens with this password"), failed.err());
    assertFalse(failed.err().contains("battery"), failed.err());
  }

  @Test
  void showsTheStackTraceOnRequest() throws Exception {
    Files.writeString(place.passwordFile(), "wrong");
    Invocation failed = place.run(BackupDirectory.PROGRAM, "--debug", place.documents());
    assertEquals(ExitCode.FAILURE, failed.exitCode());
    assertTrue(failed.err().contains("\tat dev.copperplate"), failed.err());
  }

  @Test
  void endsWithItsOwnCodeWhenSomethingIsMissing() {
    Path vanished = directory.resolve("vanished");
    Invocation partial = place.run(BackupDirectory.PROGRAM, place.documents(), vanished);
    partial.ending(ExitCode.PARTIAL);
    assertTrue(partial.out().contains("is partial"), partial.out());
    assertTrue(partial.err().contains("WARNING " + vanished), partial.err());
  }

  @Test
  void printsOneLineOfJsonWithoutSecrets() throws Exception {
    Invocation done = place.backup("--json", "--tag=nightly");
    Map<String, Object> json = done.json();
    assertEquals("backup", json.get("operation"));
    assertEquals(true, json.get("success"));
    assertEquals(0L, json.get("exitCode"));
    assertEquals("COMPLETE", json.get("state"));
    assertEquals(3L, json.get("files"));
    assertFalse(String.valueOf(json.get("findings")).contains("WARNING"), done.out());
    assertFalse(done.out().contains(TinyRepository.PASSWORD));
    assertEquals("", done.err());
  }

  @Test
  void printsJsonOfAFailureToo() throws Exception {
    Files.writeString(place.passwordFile(), "a secret that is wrong");
    Invocation failed = place.run(BackupDirectory.PROGRAM, "--json", place.documents());
    failed.ending(ExitCode.FAILURE);
    assertEquals("WRONG_KEY", failed.json().get("kind"));
    assertEquals(false, failed.json().get("success"));
    assertFalse((failed.out() + failed.err()).contains("a secret"));
  }

  @Test
  void leavesOutWhatIsExcluded() throws Exception {
    Invocation done = place.backup("--exclude", "letters", "--exclude=emp*", "--json");
    assertEquals(1L, done.json().get("files"));
  }

  @Test
  void refusesWhatMakesNoSense() {
    for (List<Object> arguments :
        List.<List<Object>>of(
            List.of(),
            List.of("--tag"),
            List.of("--tag", "run=mine", "/etc"),
            List.of("--no-such-option", "/etc"),
            List.of("--create=yes", "/etc"),
            List.of("--environment=a", "--environment=b", "/etc"),
            List.of("--exclude", "[", "/etc"))) {
      Invocation refused = place.run(BackupDirectory.PROGRAM, arguments.toArray());
      refused.ending(ExitCode.USAGE);
      assertTrue(refused.err().contains("Usage: BackupDirectory"), refused.err());
    }
  }

  @Test
  void explainsItself() {
    Invocation help = Invocation.of(BackupDirectory.PROGRAM, "--help").ending(ExitCode.SUCCESS);
    assertTrue(help.out().contains("--password-file FILE"), help.out());
    assertEquals("", help.err());
  }
}
