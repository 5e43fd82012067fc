package dev.copperplate.backup.postgres.archive;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The directory of a spool: of mode 0700, and of one archiver at a time. What an earlier one left
 * is removed; other files are not touched.
 */
final class SpoolDirectory implements Closeable {

  private static final String LOCK = "lock";
  private static final Pattern SEGMENT = Pattern.compile("[0-9A-F]{24}");
  private static final Set<PosixFilePermission> PRIVATE =
      PosixFilePermissions.fromString("rwx------");

  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Path directory;
  private final FileChannel lock;
  private final boolean temporary;

  private SpoolDirectory(Path directory, FileChannel lock, boolean temporary) {
    this.directory = directory;
    this.lock = lock;
    this.temporary = temporary;
  }

  /**
   * Opens it.
   *
   * @param place empty for a fresh one, which is removed when it is closed
   * @throws BackupException {@code LOCKED} if another archiver uses it; {@code DENIED} if it is a
   *     link, or its mode cannot be set
   */
  static SpoolDirectory open(Optional<Path> place) throws IOException {
    Path directory = place.isPresent() ? prepared(place.get()) : fresh();
    FileChannel lock =
        FileChannel.open(
            directory.resolve(LOCK),
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
            PRIVATE_FILE);
    try {
      takeLock(lock, directory);
      SpoolDirectory spool = new SpoolDirectory(directory, lock, place.isEmpty());
      spool.removeSegments();
      return spool;
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private static Path fresh() throws IOException {
    return Files.createTempDirectory("copperplate-wal-");
  }

  private static Path prepared(Path directory) throws IOException {
    if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(PRIVATE));
    }
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      throw new BackupException(Kind.DENIED, "The spool " + directory + " is no directory");
    }
    Files.setPosixFilePermissions(directory, PRIVATE);
    return directory;
  }

  private static void takeLock(FileChannel lock, Path directory) throws IOException {
    boolean taken;
    try {
      taken = lock.tryLock() != null;
    } catch (OverlappingFileLockException sameProcess) {
      taken = false;
    }
    if (!taken) {
      throw new BackupException(
          Kind.LOCKED, "Another archiver uses the spool " + directory + "; give each its own");
    }
  }

  /** A new file; one of the same name is replaced. */
  Path create(String name) throws IOException {
    Path file = directory.resolve(name);
    Files.deleteIfExists(file);
    return Files.createFile(file, PRIVATE_FILE);
  }

  /** Removes what spools left in here. */
  void removeSegments() throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path each : files) {
        if (SEGMENT.matcher(each.getFileName().toString()).matches()) {
          Files.delete(each);
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    try {
      removeSegments();
      if (temporary) {
        Files.deleteIfExists(directory.resolve(LOCK));
        Files.deleteIfExists(directory);
      }
    } finally {
      lock.close();
    }
  }
}
