package dev.copperplate.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuickStartTest {

  private Path parent;

  @BeforeEach
  void makeParent() throws Exception {
    parent = Files.createTempDirectory("copperplate-quickstart-test-").toRealPath();
    Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwx--x--x"));
  }

  @AfterEach
  void remove() throws Exception {
    TreeRemoval.remove(parent);
  }

  @Test
  void bringsBackATableThatWasDropped(@TempDir Path elsewhere) throws Exception {
    Map<String, Object> said = run("--json").ending(ExitCode.SUCCESS).json();
    assertEquals(true, said.get("drillPassed"));
    Path data = Path.of(said.get("data").toString());
    assertTrue(Files.exists(data.resolve("recovery.signal")));
    Path work = Path.of(said.get("work").toString());
    assertFalse(Files.exists(work.resolve("server")));
    assertFalse(Files.exists(work.resolve("scratch")));

    StockRestic.find().run((List<?>) said.get("restic"), elsewhere);
  }

  @Test
  void saysHowStockToolsGoOn() throws Exception {
    Invocation done = run().ending(ExitCode.SUCCESS);
    assertTrue(done.out().contains("Drill           all orders are there"), done.out());
    assertTrue(done.out().contains("/.backup/RESTORE.md"), done.out());
    assertTrue(done.out().contains(" -w start"), done.out());
  }

  @Test
  void takesNoDirectory() {
    Invocation.of(QuickStart.PROGRAM, "/").ending(ExitCode.USAGE);
  }

  private Invocation run(String... more) throws Exception {
    String programs = "--programs=" + TestServer.programs().directory();
    String[] all = new String[more.length + 2];
    all[0] = "--work=" + parent;
    all[1] = programs;
    System.arraycopy(more, 0, all, 2, more.length);
    return Invocation.of(QuickStart.PROGRAM, all);
  }
}
