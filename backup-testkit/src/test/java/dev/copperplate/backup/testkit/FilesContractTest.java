package dev.copperplate.backup.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.copperplate.backup.BackupSource;
import dev.copperplate.backup.Restorer;
import dev.copperplate.backup.files.FilesRestorer;
import dev.copperplate.backup.files.FilesSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class FilesContractTest extends BackupSourceContract {

  @TempDir Path directory;
  private Path system;
  private Path scratch;

  @BeforeEach
  void makeSystem() throws IOException {
    system = Files.createDirectories(directory.resolve("system"));
    scratch = directory.resolve("scratch");
    Files.createDirectories(system.resolve("a/b"));
    Files.writeString(system.resolve("a/small"), "small");
    Files.write(system.resolve("a/empty"), new byte[0]);
    byte[] large = new byte[3_000_000];
    new Random(7).nextBytes(large);
    Files.write(system.resolve("a/b/large"), large);
    Files.createSymbolicLink(system.resolve("link"), Path.of("a/small"));
  }

  @Override
  protected BackupSource source() {
    return FilesSource.of(system);
  }

  @Override
  protected void changeSystem() throws IOException {
    Files.writeString(system.resolve("a/new"), "new");
    Files.delete(system.resolve("a/small"));
    Files.write(
        system.resolve("a/b/large"),
        "more".getBytes(StandardCharsets.UTF_8),
        StandardOpenOption.APPEND);
  }

  @Override
  protected Restorer restorer() {
    return FilesRestorer.to(scratch);
  }

  @Override
  protected boolean isScratchUntouched() {
    return !Files.exists(scratch, LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  protected void assertScratchEqualsSystem() throws IOException {
    Path restored = scratch.resolve(Path.of("/").relativize(system));
    assertEquals(names(system), names(restored));
    for (String name : names(system)) {
      Path live = system.resolve(name);
      Path back = restored.resolve(name);
      assertEquals(modified(live), modified(back), name);
      if (Files.isSymbolicLink(live)) {
        assertEquals(Files.readSymbolicLink(live), Files.readSymbolicLink(back));
      } else if (Files.isRegularFile(live)) {
        assertArrayEquals(Files.readAllBytes(live), Files.readAllBytes(back), name);
      }
    }
  }

  /** JDK 17 sets the time of a symbolic link to the microsecond; the restorer says so. */
  private static Instant modified(Path path) throws IOException {
    Instant time = Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS).toInstant();
    return Files.isSymbolicLink(path) ? time.truncatedTo(ChronoUnit.MICROS) : time;
  }

  private static List<String> names(Path top) throws IOException {
    try (Stream<Path> all = Files.walk(top)) {
      return all.map(each -> top.relativize(each).toString()).sorted().toList();
    }
  }
}
