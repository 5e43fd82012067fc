package dev.copperplate.backup.testkit.filesystem;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.spi.FileSystemProvider;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The calls of {@code java.nio.file.Files}, one for one system call. */
final class ModelProvider extends FileSystemProvider {

  private static final Set<OpenOption> OPEN_OPTIONS =
      Set.of(
          StandardOpenOption.READ,
          StandardOpenOption.WRITE,
          StandardOpenOption.APPEND,
          StandardOpenOption.CREATE,
          StandardOpenOption.CREATE_NEW,
          StandardOpenOption.TRUNCATE_EXISTING,
          LinkOption.NOFOLLOW_LINKS);

  private final ModelFileSystem fileSystem;

  ModelProvider(ModelFileSystem fileSystem) {
    this.fileSystem = fileSystem;
  }

  @Override
  public String getScheme() {
    return "model";
  }

  @Override
  public FileSystem newFileSystem(URI uri, Map<String, ?> environment) {
    throw new UnsupportedOperationException("A model is made by its constructor");
  }

  @Override
  public FileSystem getFileSystem(URI uri) {
    throw new UnsupportedOperationException("A model is made by its constructor");
  }

  @Override
  public Path getPath(URI uri) {
    throw new UnsupportedOperationException("A path of the model comes from its file system");
  }

  // Opening

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    return newFileChannel(path, options, attributes);
  }

  @Override
  public FileChannel newFileChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    if (!OPEN_OPTIONS.containsAll(options)) {
      throw new UnsupportedOperationException("The model opens no file with " + options);
    }
    boolean append = options.contains(StandardOpenOption.APPEND);
    boolean write = append || options.contains(StandardOpenOption.WRITE);
    boolean read = !write || options.contains(StandardOpenOption.READ);
    ModelPath file = ModelPath.of(path);
    synchronized (fileSystem) {
      fileSystem.requirePower();
      Node node = write ? toWrite(file, options, attributes) : fileSystem.node(file);
      return new ModelChannel(fileSystem, file, node, read, write, append);
    }
  }

  private Node toWrite(
      ModelPath file, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    Node found = fileSystem.find(file);
    boolean createNew = options.contains(StandardOpenOption.CREATE_NEW);
    if (found == null && (createNew || options.contains(StandardOpenOption.CREATE))) {
      Node node = Node.file(fileSystem.clock().instant(), permissions(attributes));
      name("create " + file, file, node);
      return node;
    }
    if (found == null) {
      throw new NoSuchFileException(file.toString());
    }
    if (createNew) {
      throw new FileAlreadyExistsException(file.toString());
    }
    if (found.directory) {
      throw new FileSystemException(file.toString(), null, "Is a directory");
    }
    if (options.contains(StandardOpenOption.TRUNCATE_EXISTING) && found.size > 0) {
      fileSystem.operate("truncate " + file);
      found.truncate(0, fileSystem.clock().instant());
    }
    return found;
  }

  private static Set<PosixFilePermission> permissions(FileAttribute<?>... attributes) {
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    for (FileAttribute<?> attribute : attributes) {
      if (!attribute.name().equals("posix:permissions")
          || !(attribute.value() instanceof Set<?> asked)) {
        throw new UnsupportedOperationException("The model sets no " + attribute.name());
      }
      asked.forEach(each -> permissions.add((PosixFilePermission) each));
    }
    return attributes.length == 0 ? Node.EVERYTHING : permissions;
  }

  // Names

  @Override
  public void createDirectory(Path directory, FileAttribute<?>... attributes) throws IOException {
    ModelPath path = ModelPath.of(directory);
    synchronized (fileSystem) {
      Node node = Node.directory(fileSystem.clock().instant(), permissions(attributes));
      name("makeDirectory " + path, path, node);
    }
  }

  @Override
  public void createLink(Path link, Path existing) throws IOException {
    ModelPath path = ModelPath.of(link);
    synchronized (fileSystem) {
      Node node = fileSystem.node(ModelPath.of(existing));
      if (node.directory) {
        throw new FileSystemException(link.toString(), null, "Operation not permitted");
      }
      name("link " + existing + " as " + link, path, node);
    }
  }

  /** Gives a node a name that nothing has. */
  private void name(String what, ModelPath path, Node node) throws IOException {
    fileSystem.requirePower();
    Node directory = parent(path);
    if (fileSystem.find(path) != null) {
      throw new FileAlreadyExistsException(path.toString());
    }
    if (path.isTooLong()) {
      throw new FileSystemException(path.toString(), null, "File name too long");
    }
    fileSystem.operate(what);
    directory.change(new Node.Change(null, last(path), node), fileSystem.clock().instant());
  }

  @Override
  public void delete(Path path) throws IOException {
    ModelPath gone = ModelPath.of(path);
    synchronized (fileSystem) {
      Node node = fileSystem.node(gone);
      if (!node.names.isEmpty()) {
        throw new DirectoryNotEmptyException(path.toString());
      }
      Node directory = parent(gone);
      fileSystem.operate("delete " + path);
      directory.change(new Node.Change(last(gone), null, node), fileSystem.clock().instant());
    }
  }

  @Override
  public void move(Path from, Path to, CopyOption... options) throws IOException {
    ModelPath source = ModelPath.of(from);
    ModelPath target = ModelPath.of(to);
    if (!List.of(options).contains(StandardCopyOption.ATOMIC_MOVE)) {
      throw new UnsupportedOperationException("The model only renames, with ATOMIC_MOVE");
    }
    synchronized (fileSystem) {
      Node node = fileSystem.node(source);
      Node directory = parent(target);
      if (parent(source) != directory) {
        throw new UnsupportedOperationException("The model renames within a directory");
      }
      Node there = fileSystem.find(target);
      if (there != null && (there.directory || node.directory)) {
        throw new FileAlreadyExistsException(to.toString());
      }
      fileSystem.operate("rename " + from + " to " + to);
      directory.change(
          new Node.Change(last(source), last(target), node), fileSystem.clock().instant());
    }
  }

  private Node parent(ModelPath path) throws IOException {
    ModelPath parent = path.toAbsolutePath().normalize().getParent();
    if (parent == null) {
      throw new FileAlreadyExistsException("/");
    }
    Node directory = fileSystem.node(parent);
    if (!directory.directory) {
      throw new FileSystemException(path.toString(), null, "Not a directory");
    }
    return directory;
  }

  private static String last(ModelPath path) {
    List<String> names = path.toAbsolutePath().normalize().names();
    return names.get(names.size() - 1);
  }

  @Override
  public DirectoryStream<Path> newDirectoryStream(
      Path directory, DirectoryStream.Filter<? super Path> filter) throws IOException {
    synchronized (fileSystem) {
      return ModelDirectoryStream.of(fileSystem, ModelPath.of(directory), filter);
    }
  }

  // Attributes

  @Override
  public void checkAccess(Path path, AccessMode... modes) throws IOException {
    synchronized (fileSystem) {
      Node unused = fileSystem.node(ModelPath.of(path));
    }
  }

  @Override
  public <V extends FileAttributeView> @Nullable V getFileAttributeView(
      Path path, Class<V> type, LinkOption... options) {
    ModelAttributeView view = new ModelAttributeView(fileSystem, ModelPath.of(path));
    return type.isInstance(view) ? type.cast(view) : null;
  }

  @Override
  public <A extends BasicFileAttributes> A readAttributes(
      Path path, Class<A> type, LinkOption... options) throws IOException {
    BasicFileAttributes found =
        new ModelAttributeView(fileSystem, ModelPath.of(path)).readAttributes();
    if (!type.isInstance(found)) {
      throw new UnsupportedOperationException("The model knows no " + type.getSimpleName());
    }
    return type.cast(found);
  }

  @Override
  public Map<String, Object> readAttributes(Path path, String names, LinkOption... options) {
    throw new UnsupportedOperationException("The model knows no attributes by name: " + names);
  }

  @Override
  public void setAttribute(Path path, String name, Object value, LinkOption... options) {
    throw new UnsupportedOperationException("The model knows no attributes by name: " + name);
  }

  @Override
  public FileStore getFileStore(Path path) throws IOException {
    checkAccess(path);
    return new ModelStore(fileSystem);
  }

  @Override
  public boolean isSameFile(Path one, Path other) throws IOException {
    synchronized (fileSystem) {
      return fileSystem.node(ModelPath.of(one)) == fileSystem.node(ModelPath.of(other));
    }
  }

  @Override
  public boolean isHidden(Path path) {
    return false;
  }

  @Override
  public void copy(Path from, Path to, CopyOption... options) {
    throw new UnsupportedOperationException("The model copies nothing: read and write");
  }
}
