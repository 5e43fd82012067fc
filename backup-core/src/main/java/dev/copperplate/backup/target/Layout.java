package dev.copperplate.backup.target;

import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.ObjectKey;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where the objects of a directory are: an object is the regular file whose path below the
 * directory is its key. The directory itself may be reached through symbolic links; below it a link
 * is never followed, only named in a refusal.
 */
final class Layout {

  /** The names of unfinished files, ours and those of stock restic. */
  private static final SecureRandom RANDOM = new SecureRandom();

  private static final Pattern TEMPORARY = Pattern.compile(".+-tmp-[0-9]+");

  /** Leaves room for the mark of a temporary file in names of 255 bytes. */
  private static final int LONGEST_BASE = 200;

  private final Path root;
  private final Disk disk;
  private final Object makingRoot = new Object();
  private boolean rootSynced;

  Layout(Path root, Disk disk) {
    this.root = root;
    this.disk = disk;
  }

  static boolean isTemporary(String name) {
    return TEMPORARY.matcher(name).matches();
  }

  /** A new name for an unfinished file beside the finished one. */
  static Path temporary(Path file) {
    String name = file.getFileName().toString();
    String base = name.substring(0, Math.min(name.length(), LONGEST_BASE));
    long random = RANDOM.nextLong(Long.MAX_VALUE);
    return file.resolveSibling(base + "-tmp-" + random);
  }

  /** The file of a key; null if no file can have that name, so that there is no such object. */
  @Nullable Path file(ObjectKey key) {
    Path file = below(key.value());
    return file == null || isTemporary(file.getFileName().toString()) ? null : file;
  }

  /** The directory of a prefix that ends with a slash; null if no key can start so. */
  @Nullable Path directory(String prefix) {
    try {
      return below(new ObjectKey(prefix.substring(0, prefix.length() - 1)).value());
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** Some file systems know more separators than the slash, and more names that lead upwards. */
  private @Nullable Path below(String relative) {
    Path file = root;
    try {
      for (String segment : relative.split("/", -1)) {
        Path child = file.resolve(segment);
        if (!file.equals(child.getParent()) || !segment.equals(child.getFileName().toString())) {
          return null;
        }
        file = child;
      }
      return file;
    } catch (InvalidPathException e) {
      return null;
    }
  }

  /**
   * What is at a path below the directory; null if nothing is.
   *
   * @throws Refusal {@code DENIED} if the way there leads through a symbolic link
   */
  Disk.@Nullable Stat find(Path path) throws IOException {
    Disk.Stat found = null;
    for (Path step : way(path)) {
      if (found != null && found.type() != Disk.Type.DIRECTORY) {
        return null; // Something below a file.
      }
      found = refuseLink(step, disk.stat(step));
      if (found == null) {
        return null;
      }
    }
    return found;
  }

  /** Makes the directory of a file, with those above it. */
  void makeDirectoryOf(Path file) throws IOException {
    makeRoot();
    boolean groupReadable = groupReadable();
    for (Path step : way(file)) {
      if (!step.equals(file)) {
        makeOne(step, groupReadable);
      }
    }
  }

  private void makeOne(Path directory, boolean groupReadable) throws IOException {
    Disk.Stat found = refuseLink(directory, disk.stat(directory));
    if (found == null) {
      try {
        disk.makeDirectory(directory, groupReadable);
        return;
      } catch (FileAlreadyExistsException e) {
        found = refuseLink(directory, disk.stat(directory)); // Somebody was faster.
      }
    }
    if (found != null && found.type() != Disk.Type.DIRECTORY) {
      throw new Refusal(
          Kind.UNSUPPORTED,
          directory + " is a file, and a file system keeps no objects below another object");
    }
  }

  /**
   * Makes the directory with those above it, and makes their names durable: the first time also of
   * those that exist, since a writer may have been killed between making and syncing them. One
   * thread at a time, so that no put returns while the directory itself could be lost.
   */
  private void makeRoot() throws IOException {
    synchronized (makingRoot) {
      Set<Path> missing = missingDirectories();
      if (!missing.isEmpty() || !rootSynced) {
        for (Path directory : missing) {
          makeAbove(directory);
        }
        for (Path made = root; made.getParent() != null; made = made.getParent()) {
          syncAbove(made.getParent(), missing.contains(made));
        }
        rootSynced = true;
      }
    }
  }

  /** The root and those above it that do not exist, outermost first. */
  private Set<Path> missingDirectories() {
    Deque<Path> missing = new ArrayDeque<>();
    for (Path p = root; p != null && !disk.isDirectory(p); p = p.getParent()) {
      missing.push(p);
    }
    return new LinkedHashSet<>(missing);
  }

  private void makeAbove(Path directory) throws IOException {
    try {
      disk.makeDirectory(directory, false);
    } catch (FileAlreadyExistsException e) {
      if (!disk.isDirectory(directory)) {
        throw e;
      }
    }
  }

  private void syncAbove(Path directory, boolean changed) throws IOException {
    try {
      disk.syncDirectory(directory);
    } catch (IOException e) {
      if (changed) {
        throw e;
      }
      // Somebody else's, such as one that we may pass through but not read.
    }
  }

  /**
   * Makes durable that a file has its name: from its directory up to the root, whoever made those.
   * Another process may have made one and not come to syncing its parent; and what is clean already
   * costs next to nothing.
   */
  void syncNames(Path file) throws IOException {
    Path directory = file;
    while (!directory.equals(root)) {
      directory = parent(directory);
      disk.syncDirectory(directory);
    }
  }

  /** restic's rule: who may read {@code config} may read everything. */
  boolean groupReadable() throws IOException {
    Disk.Stat config = disk.stat(root.resolve("config"));
    return config != null && config.groupReadable();
  }

  /** The directory, or the nearest one above it while it does not exist. */
  @Nullable Path nearestDirectory() {
    Path directory = root;
    while (directory != null && !disk.isDirectory(directory)) {
      directory = directory.getParent();
    }
    return directory;
  }

  /** The directories below the root that lead to a path, outermost first, and the path itself. */
  private List<Path> way(Path path) {
    List<Path> way = new ArrayList<>();
    Path step = root;
    for (Path name : root.relativize(path)) {
      step = step.resolve(name);
      way.add(step);
    }
    return way;
  }

  private static Path parent(Path below) {
    Path parent = below.getParent();
    if (parent == null) {
      throw new IllegalStateException(below + " is not below the directory of the target");
    }
    return parent;
  }

  private static Disk.@Nullable Stat refuseLink(Path path, Disk.@Nullable Stat found)
      throws Refusal {
    if (found != null && found.type() == Disk.Type.LINK) {
      throw new Refusal(
          Kind.DENIED,
          path
              + " is a symbolic link, and none is followed below the directory of a target."
              + " Mount the other place there (mount --bind) instead");
    }
    return found;
  }
}
