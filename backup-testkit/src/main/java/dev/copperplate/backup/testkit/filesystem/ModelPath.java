package dev.copperplate.backup.testkit.filesystem;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Names between slashes, from the root or from wherever. The working directory is the root.
 *
 * @param names none is empty; the path without names that does not begin at the root is empty
 */
record ModelPath(ModelFileSystem fileSystem, boolean isAbsolute, List<String> names)
    implements Path {

  private static final int LONGEST_NAME = 255;

  ModelPath {
    names = List.copyOf(names);
  }

  static ModelPath parse(ModelFileSystem fileSystem, String text) {
    if (text.indexOf(0) >= 0) {
      throw new InvalidPathException(text.replace('\0', '?'), "Nul character not allowed");
    }
    List<String> names = new ArrayList<>();
    for (String name : text.split("/", -1)) {
      if (!name.isEmpty()) {
        names.add(name);
      }
    }
    return new ModelPath(fileSystem, text.startsWith("/"), names);
  }

  static ModelPath of(Path path) {
    if (path instanceof ModelPath model) {
      return model;
    }
    throw new ProviderMismatchException("Not a path of the model: " + path);
  }

  private ModelPath with(boolean absolute, List<String> other) {
    return new ModelPath(fileSystem, absolute, other);
  }

  /** Whether a file system takes its last name. */
  boolean isTooLong() {
    return !names.isEmpty()
        && names.get(names.size() - 1).getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME;
  }

  @Override
  public ModelFileSystem getFileSystem() {
    return fileSystem;
  }

  @Override
  public @Nullable Path getRoot() {
    return isAbsolute ? with(true, List.of()) : null;
  }

  @Override
  public @Nullable Path getFileName() {
    if (names.isEmpty()) {
      return isAbsolute ? null : this;
    }
    return with(false, names.subList(names.size() - 1, names.size()));
  }

  @Override
  public @Nullable ModelPath getParent() {
    int count = names.size();
    return count == 0 || (count == 1 && !isAbsolute)
        ? null
        : with(isAbsolute, names.subList(0, count - 1));
  }

  @Override
  public int getNameCount() {
    return names.size();
  }

  @Override
  public Path getName(int index) {
    return subpath(index, index + 1);
  }

  @Override
  public Path subpath(int from, int to) {
    if (from < 0 || to > names.size() || from >= to) {
      throw new IllegalArgumentException("No names " + from + " to " + to + " in " + this);
    }
    return with(false, names.subList(from, to));
  }

  @Override
  public boolean startsWith(Path other) {
    return other instanceof ModelPath path
        && path.fileSystem == fileSystem
        && path.isAbsolute == isAbsolute
        && path.names.size() <= names.size()
        && names.subList(0, path.names.size()).equals(path.names);
  }

  @Override
  public boolean endsWith(Path other) {
    if (!(other instanceof ModelPath path) || path.fileSystem != fileSystem || path.isAbsolute) {
      return equals(other);
    }
    int from = names.size() - path.names.size();
    return from >= 0 && names.subList(from, names.size()).equals(path.names);
  }

  @Override
  public ModelPath normalize() {
    List<String> kept = new ArrayList<>();
    for (String name : names) {
      if (name.equals("..") && !kept.isEmpty() && !kept.get(kept.size() - 1).equals("..")) {
        kept.remove(kept.size() - 1);
      } else if (!name.equals(".") && !(name.equals("..") && isAbsolute && kept.isEmpty())) {
        kept.add(name);
      }
    }
    return with(isAbsolute, kept);
  }

  @Override
  public Path resolve(Path other) {
    ModelPath path = of(other);
    if (path.isAbsolute) {
      return path;
    }
    List<String> longer = new ArrayList<>(names);
    longer.addAll(path.names);
    return with(isAbsolute, longer);
  }

  @Override
  public Path relativize(Path other) {
    ModelPath path = of(other);
    if (path.isAbsolute != isAbsolute) {
      throw new IllegalArgumentException("One of " + this + " and " + path + " is absolute");
    }
    int shared = 0;
    while (shared < Math.min(names.size(), path.names.size())
        && names.get(shared).equals(path.names.get(shared))) {
      shared++;
    }
    List<String> way = new ArrayList<>();
    for (int up = shared; up < names.size(); up++) {
      way.add("..");
    }
    way.addAll(path.names.subList(shared, path.names.size()));
    return with(false, way);
  }

  @Override
  public URI toUri() {
    return URI.create("model://" + toAbsolutePath().toString().replace(" ", "%20"));
  }

  @Override
  public ModelPath toAbsolutePath() {
    return with(true, names);
  }

  @Override
  public Path toRealPath(LinkOption... options) throws IOException {
    ModelPath real = toAbsolutePath().normalize();
    fileSystem.provider().checkAccess(real);
    return real;
  }

  @Override
  public WatchKey register(
      WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
    throw new UnsupportedOperationException("The model watches nothing");
  }

  @Override
  public int compareTo(Path other) {
    return toString().compareTo(of(other).toString());
  }

  @Override
  public String toString() {
    return (isAbsolute ? "/" : "") + String.join("/", names);
  }
}
