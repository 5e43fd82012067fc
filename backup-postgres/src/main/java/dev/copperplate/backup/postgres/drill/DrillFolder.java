package dev.copperplate.backup.postgres.drill;

import dev.copperplate.backup.postgres.scratch.ScratchServer;
import dev.copperplate.backup.postgres.scratch.ServerUser;
import dev.copperplate.backup.postgres.scratch.Trees;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of one drill, in the scratch directory of its run: it holds the data directory, the
 * WAL and the configuration, and belongs to the server's user. Beside it lies a file that names the
 * process of the drill, by which a later drill tells what a killed one left.
 */
public record DrillFolder(Path run, Path path) implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(DrillFolder.class);

  private static final String OWNER = "postgres-drill-of";
  private static final String FOLDER = "postgres-drill";

  /**
   * Makes it, of mode 0700. The run's scratch directory can be passed through by other users from
   * now on, where the server's user is another one.
   */
  public static DrillFolder make(Path run, ServerUser user) throws IOException {
    Files.writeString(run.resolve(OWNER), owner(ProcessHandle.current()));
    Path folder = run.resolve(FOLDER);
    try {
      Files.createDirectory(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (FileAlreadyExistsException e) {
      throw new IllegalStateException(
          "One drill in a verification, because a run restores once", e);
    }
    if (user.isAnother()) {
      Files.setPosixFilePermissions(run, PosixFilePermissions.fromString("rwx--x--x"));
      user.requireReach(run);
      user.own(folder);
    }
    return new DrillFolder(run, folder);
  }

  /** A number may be given again; with the time of its start it names one process. */
  private static String owner(ProcessHandle process) {
    return process.pid() + " " + process.info().startInstant().map(Instant::toString).orElse("");
  }

  /** Where the data directory goes. */
  public Path data() {
    return path.resolve("data");
  }

  /**
   * Ends and removes what killed drills left in the place where runs have their scratch
   * directories. Only directories of this process's own user count.
   *
   * @return how many there were
   */
  public static int removeAbandoned(Path place) throws IOException {
    int removed = 0;
    try (DirectoryStream<Path> runs = Files.newDirectoryStream(place, DrillFolder::isOurs)) {
      for (Path run : runs) {
        if (isAbandoned(run)) {
          LOG.info("Removing {}: a drill that was killed left it", run);
          endServer(run.resolve(FOLDER).resolve("data"));
          Trees.delete(run);
          removed++;
        }
      }
    }
    return removed;
  }

  private static boolean isOurs(Path run) throws IOException {
    return Files.isDirectory(run, LinkOption.NOFOLLOW_LINKS)
        && Files.getOwner(run, LinkOption.NOFOLLOW_LINKS)
            .equals(Files.getOwner(Path.of("/proc/self")));
  }

  private static boolean isAbandoned(Path run) throws IOException {
    try {
      String owner = Files.readString(run.resolve(OWNER));
      Optional<ProcessHandle> process =
          ProcessHandle.of(Long.parseLong(owner.substring(0, owner.indexOf(' '))));
      return process.filter(each -> owner(each).equals(owner)).isEmpty();
    } catch (NoSuchFileException e) {
      return false; // no drill's
    }
  }

  /** Mostly it has ended by itself. The number in its file is the server's word only. */
  private static void endServer(Path data) throws IOException {
    Path file = data.resolve("postmaster.pid");
    if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      String first = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
      first = first.lines().findFirst().orElse("");
      Optional<ProcessHandle> process =
          first.matches("[1-9][0-9]{0,9}")
              ? ProcessHandle.of(Long.parseLong(first))
              : Optional.empty();
      process.filter(each -> serves(each, data)).ifPresent(ScratchServer::kill);
    }
  }

  private static boolean serves(ProcessHandle process, Path data) {
    return process.info().arguments().stream()
        .flatMap(Arrays::stream)
        .anyMatch(data.toString()::equals);
  }

  /** Removes it, and the file that names this process. */
  @Override
  public void close() throws IOException {
    Trees.delete(path);
    Files.deleteIfExists(run.resolve(OWNER));
  }
}
