package dev.copperplate.backup.files;

import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.RestoreContext;
import dev.copperplate.backup.RestoreReport;
import dev.copperplate.backup.Restorer;
import dev.copperplate.backup.SnapshotReader;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/**
 * Writes a snapshot, or a part of it, into a directory, and never outside it.
 *
 * <p>The entry {@code /pg/main/base} comes to {@code <destination>/pg/main/base}. The destination
 * is made if it is not there; it keeps its own metadata.
 *
 * <p><b>Before the first change</b> the snapshot is walked once and compared with the destination;
 * {@link RestoreContext#begin} then hears every existing thing that would be lost, by its path.
 * Above 1,000 names the deepest ones are replaced by their directory and {@code /*}, until they
 * fit: the same tree always gives the same names. A directory that goes with all it holds is one
 * name that ends in a slash. What appears at a place that was not announced, while the restore
 * runs, is kept, with an {@code ERROR} finding.
 *
 * <p><b>Content is hostile.</b> Every change is made relative to an open directory, which was
 * opened without following links: on Linux through {@code /proc/self/fd}, so that neither a link in
 * the snapshot or the destination, nor somebody who swaps a directory for a link meanwhile, leads
 * out. Where there is no {@code /proc} (or where another part of this process keeps the very
 * directory open, so that its descriptor cannot be told apart), making directories and links and
 * setting times and extended attributes go by path: there a hostile user who may rename directories
 * <em>inside the destination</em> can win a race of microseconds. Content, renames and deletions
 * are always relative to the open directory. Trees deeper than 1,000 directories are cut there,
 * with a finding.
 *
 * <p>A file is written under a temporary name that begins with {@code .copperplate-}, gets its
 * metadata, and takes its place when it is whole; a killed process leaves at most such names
 * behind. A file that the snapshot cannot give whole is an {@code ERROR} finding and is not there,
 * the rest goes on. Runs of 64 KiB zeros become holes. Hard links come back as such.
 *
 * <p><b>Metadata</b>: permissions, times and {@code user.*} extended attributes always; owners (by
 * number) with {@link #owners}, setuid and setgid with {@link #privileged}. Directories get theirs
 * last. What could not be carried is counted and named in one finding a kind: {@code INFO} if it
 * was not asked for or the JDK rounds it, {@code WARNING} if it is missing. The JDK makes no pipes,
 * sockets or devices and writes no other extended attributes; JDK 17 cuts the times of links to
 * microseconds.
 *
 * <p>Memory: the names of the directories on the current path where {@link #deleteExtra} is on; a
 * 64 KiB buffer a worker; some hundred bytes for each file with several names. Two file descriptors
 * for each directory on the current path, and a file for each worker.
 *
 * <p>Throws {@code NOT_FOUND} for a selected path that the snapshot does not have, {@code
 * ALREADY_EXISTS} as {@link Overwrite} says, {@code FULL} when the file system is full, {@code
 * UNSUPPORTED} on file systems without POSIX attributes. Immutable and thread-safe.
 */
public final class FilesRestorer implements Restorer {

  private final Path destination;
  private final RestoreChoices options;

  private FilesRestorer(Path destination, RestoreChoices options) {
    this.destination = destination;
    this.options = options;
  }

  /**
   * Restores everything below a directory; links in this path itself are followed.
   *
   * @throws IllegalArgumentException if it is not of the default file system
   */
  public static FilesRestorer to(Path destination) {
    if (destination.getFileSystem() != FileSystems.getDefault()) {
      throw new IllegalArgumentException("Not a path of the default file system: " + destination);
    }
    return new FilesRestorer(destination.toAbsolutePath().normalize(), RestoreChoices.DEFAULT);
  }

  /**
   * Restores only these files and directories, with all below them, under their full path. The
   * directories above them are made where they are missing, with their metadata; those that exist
   * stay as they are.
   */
  public FilesRestorer only(EntryPath... paths) {
    if (paths.length == 0) {
      throw new IllegalArgumentException("Name at least one path to restore");
    }
    return with(options.only(new TreeSet<>(Set.of(paths))));
  }

  /** What to do with what is there already; {@link Overwrite#FAIL} if not said. */
  public FilesRestorer overwrite(Overwrite policy) {
    return with(options.overwrite(policy));
  }

  /**
   * Deletes what the snapshot does not have from the restored directories, and directories that
   * stand where it has something else. Without it such a directory makes the restore fail with
   * {@code ALREADY_EXISTS}. Nothing is deleted if a part of the snapshot's tree cannot be read.
   */
  public FilesRestorer deleteExtra(boolean delete) {
    return with(options.deleteExtra(delete));
  }

  /** Gives files to the owners that they had, by number; mostly needs root. */
  public FilesRestorer owners(boolean restore) {
    return with(options.owners(restore));
  }

  /** Sets the bits that lend rights: setuid and setgid. */
  public FilesRestorer privileged(boolean restore) {
    return with(options.privileged(restore));
  }

  @Override
  public RestoreReport restore(SnapshotReader snapshot, RestoreContext context)
      throws IOException, InterruptedException {
    return new FilesRestore(destination, options, snapshot, context).run();
  }

  @Override
  public String toString() {
    return "files to " + PathBytes.bytes(destination);
  }

  private FilesRestorer with(RestoreChoices other) {
    return new FilesRestorer(destination, other);
  }
}
