package dev.copperplate.backup.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.copperplate.backup.restic.Restic;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Large things in small heaps: memory does not grow with what was captured. Those that take minutes
 * are tagged {@code slow}.
 */
@Timeout(900)
class SmallHeapTest {

  @TempDir Path parent;

  private Path directory;

  @BeforeEach
  void create() throws Exception {
    directory = parent.resolve("repository");
    TestRepositories.create(directory).close();
  }

  @Test
  void fiftyThousandFilesAreListedReadAndRestored() throws Exception {
    manyFiles(50_000, "160m", "32m");
  }

  @Test
  @Tag("slow")
  void halfAMillionFilesAreListedReadAndRestored() throws Exception {
    manyFiles(500_000, "256m", "128m");
  }

  @Test
  void aStreamThatIsLargerThanTheHeapIsBackedUp() throws Exception {
    child("160m", "stream", 300_000_000L);
    Restic.Result check =
        Restic.stock().at(directory, TestRepositories.PASSWORD).run("check", "--read-data");
    assertEquals(0, check.exitCode(), check::toString);
    assertEquals("", check.err(), check::toString);
  }

  @Test
  @Tag("slow")
  void twoGigabytesAreBackedUp() throws Exception {
    child("256m", "stream", 2_000_000_000L);
    child("64m", "read");
  }

  private void manyFiles(int files, String writing, String reading) throws Exception {
    child(writing, "many", files);
    child(reading, "read");
    child(reading, "restore", parent.resolve("restored"));
  }

  private void child(String heap, String what, Object... more) throws Exception {
    Object[] arguments = new Object[2 + more.length];
    arguments[0] = directory;
    arguments[1] = what;
    System.arraycopy(more, 0, arguments, 2, more.length);
    try (ChildJvm child = ChildJvm.start(heap, MemoryUse.class, arguments)) {
      String done = child.await("done");
      assertEquals(0, child.end(), child.said());
      assertNotNull(done, child.said());
      System.out.println(what + " with -Xmx" + heap + ": " + done);
    }
  }
}
