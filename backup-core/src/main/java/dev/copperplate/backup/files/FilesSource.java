package dev.copperplate.backup.files;

import dev.copperplate.backup.BackupSource;
import dev.copperplate.backup.CaptureContext;
import dev.copperplate.backup.SnapshotWriter;
import dev.copperplate.backup.SourceId;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

/**
 * Captures plain files and directories as they are.
 *
 * <p>Stored are regular files, directories, symbolic links, hard links, pipes, sockets and devices,
 * with permissions (setuid, setgid and sticky included), owners by number and name, times to the
 * nanosecond, inode and device numbers, and {@code user.*} extended attributes. Names may be any
 * bytes, under any locale. Holes of sparse files are read as zeros. What the JDK cannot reach
 * (other extended attributes, such as ACLs and labels) is named in one {@code INFO} finding.
 *
 * <p>A path {@code /pg/main} lies in the snapshot as {@code /pg/main}; the directories on the way
 * keep their metadata. Symbolic links are stored and never followed, also where a given path is
 * one; links <em>on the way</em> to a given path are followed.
 *
 * <p><b>Unchanged files</b> are not read: a file of the previous snapshot with the same path, size,
 * time of modification, time of change and inode is taken over. A file that is written to within
 * the clock tick of the file system (some milliseconds) in which it was read before keeps its times
 * and is not noticed; restic has the same limit.
 *
 * <p><b>Patterns</b> of {@link #exclude} and {@link #include} compare bytes:
 *
 * <ul>
 *   <li>without a slash, such as {@code *.tmp}: a name at any depth;
 *   <li>with a slash, such as {@code base/1} or {@code /cache}: the whole way from the backed-up
 *       path;
 *   <li>{@code *} is any part of a name, {@code ?} one character, {@code [a-z]} and {@code [!a-z]}
 *       one ASCII character, {@code **} as a whole name any number of directories, a backslash
 *       takes the meaning of the next character away;
 *   <li>with a slash at the end: directories only.
 * </ul>
 *
 * <p>The given paths themselves are always captured. What is excluded is left out with all below
 * it, whatever is included. If anything is included, other files are left out, while directories
 * stay so that the tree keeps its shape; an included directory means all below it.
 *
 * <p><b>Findings.</b> A warning names each file that vanished, changed while it was read (what was
 * read is kept) or could not be read, each directory that could not be listed (kept, empty), and a
 * given path that does not exist. A path that is longer than the system takes (4,096 bytes on
 * Linux) cannot be read. If no given path exists, the capture fails with {@code NOT_FOUND}. A
 * directory that somebody swaps for a link between two calls may be listed before that is noticed:
 * do not capture trees of a hostile user with more rights than that user has.
 *
 * <p><b>Memory</b>: the names of the directories on the current path, some sixty bytes each; one
 * buffer of up to 256 KiB for each worker; and the files with several hard links whose other names
 * were not met yet. At most one open file for each worker, two more for the walk, and a directory
 * level each one cursor of the previous snapshot.
 *
 * <p>Immutable and thread-safe.
 */
public final class FilesSource implements BackupSource {

  private final List<Path> paths;
  private final CaptureOptions options;

  private FilesSource(List<Path> paths, CaptureOptions options) {
    this.paths = paths;
    this.options = options;
  }

  /** Captures these files and directories. */
  public static FilesSource of(Path... paths) {
    return of(List.of(paths));
  }

  /**
   * Captures these files and directories. They become absolute and lose {@code .} and {@code ..} by
   * name, now; one that lies below another is captured once.
   *
   * @throws IllegalArgumentException if there is none, or one is not of the default file system
   */
  public static FilesSource of(Collection<Path> paths) {
    if (paths.isEmpty()) {
      throw new IllegalArgumentException("A source of files needs at least one path");
    }
    for (Path path : paths) {
      if (path.getFileSystem() != FileSystems.getDefault()) {
        throw new IllegalArgumentException("Not a path of the default file system: " + path);
      }
    }
    List<Path> absolute = paths.stream().map(each -> each.toAbsolutePath().normalize()).toList();
    return new FilesSource(absolute, CaptureOptions.DEFAULT);
  }

  /** Leaves out what matches one of the patterns, with all below it; adds to earlier patterns. */
  public FilesSource exclude(String... patterns) {
    return new FilesSource(paths, options.scope(options.scope().exclude(patterns)));
  }

  /** Keeps only files that match one of the patterns; adds to earlier patterns. */
  public FilesSource include(String... patterns) {
    return new FilesSource(paths, options.scope(options.scope().include(patterns)));
  }

  /** Does not enter directories of another file system than their path's; they are kept, empty. */
  public FilesSource oneFileSystem() {
    return new FilesSource(paths, options.oneFileSystem(true));
  }

  /**
   * Takes a file as unchanged though its inode differs: for network file systems that invent it.
   */
  public FilesSource ignoreInode() {
    return new FilesSource(paths, options.ignoreInode(true));
  }

  /**
   * Takes a file as unchanged though its time of change differs, as it does after a change of owner
   * or permissions, or on file systems that keep none.
   */
  public FilesSource ignoreCtime() {
    return new FilesSource(paths, options.ignoreCtime(true));
  }

  /**
   * Keeps the times of the last access. Without it they are stored as those of the last
   * modification, as restic does: reading a file changes its time of access, so otherwise no
   * directory would be stored only once.
   */
  public FilesSource accessTimes() {
    return new FilesSource(paths, options.accessTimes(true));
  }

  /** The type {@code files} and all paths, as {@link FilePaths} joins them. */
  @Override
  public SourceId id() {
    return FilePaths.id(paths);
  }

  @Override
  public void capture(SnapshotWriter writer, CaptureContext context)
      throws IOException, InterruptedException {
    new FilesCapture(paths, options, writer, context).run();
  }

  @Override
  public String toString() {
    return id().toString();
  }
}
