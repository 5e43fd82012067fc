package dev.copperplate.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilesQuickStartTest {

  @TempDir Path temporary;
  private Path directory;
  private Path parent;

  @BeforeEach
  void makeDirectory() throws Exception {
    directory = Files.createDirectory(temporary.resolve("some files"));
    parent = Files.createDirectory(temporary.resolve("it's work")).toRealPath();
    byte[] large = new byte[3_000_000];
    new Random(1).nextBytes(large);
    Files.write(directory.resolve("large"), large);
    for (int i = 0; i < 45; i++) {
      Path file = directory.resolve("d" + i % 3).resolve("file-" + i);
      Files.createDirectories(file.getParent());
      Files.writeString(file, "text ".repeat(i));
    }
    Files.createSymbolicLink(directory.resolve("link"), Path.of("nowhere"));
    Files.setPosixFilePermissions(
        directory.resolve("d1"), PosixFilePermissions.fromString("r-xr-x---"));
  }

  @Test
  void showsThatEverythingComesBack() throws Exception {
    Invocation done = run().ending(ExitCode.SUCCESS);
    assertTrue(done.out().contains("First backup    46 files, 3.0 MB in"), done.out());
    assertTrue(done.out().contains("Changes         4 files changed, 3 deleted, 1 added"));
    assertTrue(done.out().contains("44 files are the same, with links, permissions and times"));
    assertEquals(Set.of("password", "repository"), names(work()));
    assertEquals(45 + 1, files(directory), "nothing of the directory itself was touched");
  }

  @Test
  void keepsThePasswordToTheOwner() throws Exception {
    Invocation done = run().ending(ExitCode.SUCCESS);
    Path file = work().resolve("password");
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    assertFalse((done.out() + done.err()).contains(Files.readString(file)));
  }

  @Test
  void printsACommandByWhichStockResticRestoresTheSame() throws Exception {
    StockRestic restic = StockRestic.find();
    Map<String, Object> json = run("--json").ending(ExitCode.SUCCESS).json();
    List<?> command = (List<?>) json.get("restic");
    restic.run(command, temporary);
    Path theirs = work().resolve("restored-by-restic");
    Path ours = temporary.toRealPath().resolve("ours");
    Invocation.of(
            RestoreSnapshot.PROGRAM,
            "--repository=" + work().resolve("repository"),
            "--password-file=" + work().resolve("password"),
            "--snapshot=latest",
            "--to=" + ours)
        .ending(ExitCode.SUCCESS);
    Path copy = work().resolve("working-copy");
    TreeComparison comparison = new TreeComparison();
    assertEquals(
        Optional.empty(),
        comparison.firstDifference(Place.below(ours, copy), Place.below(theirs, copy)));
    assertEquals(44, comparison.files());
  }

  @Test
  void quotesTheCommandForTheShell() throws Exception {
    Invocation done = run().ending(ExitCode.SUCCESS);
    String quoted = "'" + work().resolve("repository").toString().replace("'", "'\\''") + "'";
    assertTrue(done.out().contains("restic -r " + quoted + " --password-file "), done.out());
  }

  @Test
  void refusesWhatIsNoDirectory() {
    Invocation.of(FilesQuickStart.PROGRAM, temporary.resolve("absent").toString())
        .ending(ExitCode.USAGE);
    Invocation.of(FilesQuickStart.PROGRAM, "/", "/").ending(ExitCode.USAGE);
  }

  private Invocation run(String... more) {
    String[] arguments = {"--work", parent.toString(), directory.toString()};
    String[] all = new String[arguments.length + more.length];
    System.arraycopy(more, 0, all, 0, more.length);
    System.arraycopy(arguments, 0, all, more.length, arguments.length);
    return Invocation.of(FilesQuickStart.PROGRAM, all);
  }

  private Path work() throws IOException {
    return parent.resolve(new TreeSet<>(names(parent)).first());
  }

  private static Set<String> names(Path directory) throws IOException {
    Set<String> names = new TreeSet<>();
    try (var all = Files.list(directory)) {
      all.forEach(each -> names.add(each.getFileName().toString()));
    }
    return names;
  }

  private static long files(Path directory) throws IOException {
    try (var all = Files.walk(directory)) {
      return all.filter(each -> Files.isRegularFile(each)).count();
    }
  }
}
