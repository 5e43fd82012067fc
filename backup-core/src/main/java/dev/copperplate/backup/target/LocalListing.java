package dev.copperplate.backup.target;

import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.ObjectInfo;
import dev.copperplate.backup.ObjectKey;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Walks down the directories that can hold keys with a prefix, opening each when it is due. At most
 * as many are open as the tree is deep. Directories and files that vanish meanwhile are passed
 * over, and so is whatever is no object: links, unfinished files, names that no key can have.
 */
final class LocalListing implements Cursor<ObjectInfo> {

  private final Path root;
  private final Disk disk;
  private final DiskFailures failures;
  private final String prefix;
  private final String doing;
  private final Deque<Level> open = new ArrayDeque<>();

  LocalListing(Path root, Disk disk, DiskFailures failures, String prefix, String doing) {
    this.root = root;
    this.disk = disk;
    this.failures = failures;
    this.prefix = prefix;
    this.doing = doing;
  }

  /** Goes into a directory: at first that of the prefix, up to its last slash. */
  void enter(String directory) throws IOException {
    try {
      open.push(new Level(directory, disk.names(root.resolve(directory))));
    } catch (NoSuchFileException | NotDirectoryException e) {
      // Nothing is in a directory that does not exist, or that was exchanged meanwhile.
    }
  }

  @Override
  public @Nullable ObjectInfo next() throws IOException {
    try {
      return advance();
    } catch (IOException e) {
      throw failures.explained(doing, e);
    }
  }

  private @Nullable ObjectInfo advance() throws IOException {
    while (!open.isEmpty()) {
      DiskFailures.stopIfInterrupted(doing);
      Level level = open.element();
      String name = level.names().next();
      if (name == null) {
        open.pop().names().close();
        continue;
      }
      ObjectInfo found = look(level.directory() + name);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  /** The object at a path; null if there is none, after entering it if it is a directory. */
  private @Nullable ObjectInfo look(String path) throws IOException {
    if (!path.startsWith(prefix)) {
      return null;
    }
    ObjectKey key = key(path);
    Disk.Stat found = key == null ? null : disk.stat(root.resolve(path));
    if (key == null || found == null) {
      return null;
    }
    if (found.type() == Disk.Type.DIRECTORY) {
      enter(path + "/");
      return null;
    }
    return found.type() == Disk.Type.FILE
        ? new ObjectInfo(key, found.size(), found.modified(), Optional.empty())
        : null;
  }

  private static @Nullable ObjectKey key(String path) {
    if (Layout.isTemporary(path.substring(path.lastIndexOf('/') + 1))) {
      return null;
    }
    try {
      return new ObjectKey(path);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  @Override
  public void close() throws IOException {
    while (!open.isEmpty()) {
      open.pop().names().close();
    }
  }

  /** An open directory; its name is empty or ends with a slash. */
  private record Level(String directory, Cursor<String> names) {}
}
