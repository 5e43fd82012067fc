package dev.copperplate.backup.target;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Whether the file system has hard links and refuses to make one over a name that exists: the one
 * primitive that lets one of several writers win. Found out by trying, once, when somebody asks.
 */
final class HardLinks {

  private final Layout layout;
  private final Disk disk;
  private volatile @Nullable Boolean known;

  HardLinks(Layout layout, Disk disk) {
    this.layout = layout;
    this.disk = disk;
  }

  /** False also where nothing can be written, so that it could not be tried; asks again then. */
  boolean enforced() {
    return Boolean.TRUE.equals(answer());
  }

  /** False also where it could not be tried: then something else is wrong. */
  boolean lacking() {
    return Boolean.FALSE.equals(answer());
  }

  private @Nullable Boolean answer() {
    Boolean answer = known;
    if (answer == null) {
      Path directory = layout.nearestDirectory();
      answer = directory == null ? null : tried(directory.resolve("links"));
      known = answer;
    }
    return answer;
  }

  /** Tries with two names that listings ignore; leaves neither. Null if it cannot be tried. */
  private @Nullable Boolean tried(Path beside) {
    Path file = Layout.temporary(beside);
    Path link = Layout.temporary(beside);
    try {
      disk.create(file).close();
    } catch (IOException e) {
      return null;
    }
    try {
      return linksOnce(file, link);
    } finally {
      forget(link);
      forget(file);
    }
  }

  private boolean linksOnce(Path file, Path link) {
    try {
      disk.link(file, link);
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
    try {
      disk.link(file, link);
      return false;
    } catch (FileAlreadyExistsException e) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private void forget(Path file) {
    try {
      disk.delete(file);
    } catch (IOException e) {
      // Absent, or left over and cleared with the others.
    }
  }
}
