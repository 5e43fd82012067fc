package dev.copperplate.backup.target;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.copperplate.backup.Cursor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Iterator;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The file system, through {@code java.nio.file}. */
final class NioDisk implements Disk {

  @Override
  public @Nullable Stat stat(Path path) throws IOException {
    try {
      if (!posix(path)) {
        return stat(Files.readAttributes(path, BasicFileAttributes.class, NOFOLLOW_LINKS), false);
      }
      PosixFileAttributes found =
          Files.readAttributes(path, PosixFileAttributes.class, NOFOLLOW_LINKS);
      return stat(found, found.permissions().contains(PosixFilePermission.GROUP_READ));
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private static Stat stat(BasicFileAttributes found, boolean groupReadable) {
    Type type =
        found.isRegularFile()
            ? Type.FILE
            : found.isDirectory()
                ? Type.DIRECTORY
                : found.isSymbolicLink() ? Type.LINK : Type.OTHER;
    return new Stat(type, found.size(), found.lastModifiedTime().toInstant(), groupReadable);
  }

  @Override
  public boolean isDirectory(Path path) {
    return Files.isDirectory(path);
  }

  @Override
  @SuppressWarnings("StreamResourceLeak") // The cursor closes it.
  public Cursor<String> names(Path directory) throws IOException {
    DirectoryStream<Path> stream = Files.newDirectoryStream(directory);
    Iterator<Path> entries = stream.iterator();
    return new Cursor<>() {
      @Override
      public @Nullable String next() throws IOException {
        try {
          return entries.hasNext() ? entries.next().getFileName().toString() : null;
        } catch (DirectoryIteratorException e) {
          throw e.getCause();
        }
      }

      @Override
      public void close() throws IOException {
        stream.close();
      }
    };
  }

  @Override
  public SeekableByteChannel read(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.READ, NOFOLLOW_LINKS);
  }

  @Override
  public NewFile create(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            mode(file, "rw-------"));
    return new NewFile() {
      @Override
      public void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
      }

      @Override
      public void sync() throws IOException {
        channel.force(true);
      }

      @Override
      public void close() throws IOException {
        channel.close();
      }
    };
  }

  /**
   * Asks for the mode only at creation: a later chmod would take the setgid bit of shared trees.
   */
  @Override
  public void makeDirectory(Path directory, boolean groupReadable) throws IOException {
    Files.createDirectory(directory, mode(directory, groupReadable ? "rwxr-x---" : "rwx------"));
  }

  /**
   * A guard against accidents, not a promise: file systems that refuse it (FAT, some network
   * shares) store the object all the same.
   */
  @Override
  public void protect(Path file, boolean groupReadable) {
    try {
      Files.setPosixFilePermissions(
          file, PosixFilePermissions.fromString(groupReadable ? "r--r-----" : "r--------"));
    } catch (IOException | UnsupportedOperationException e) {
      // See above.
    }
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void link(Path existing, Path name) throws IOException {
    Files.createLink(name, existing);
  }

  @Override
  public void delete(Path file) throws IOException {
    Files.delete(file);
  }

  /** Windows has no such call; some network file systems write names themselves and refuse it. */
  @Override
  public void syncDirectory(Path directory) throws IOException {
    if (!posix(directory)) {
      return;
    }
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      if (!DiskFailures.meansNoSuchCall(e)) {
        throw e;
      }
    }
  }

  @Override
  public @Nullable Room room(Path path) {
    try {
      FileStore store = Files.getFileStore(path);
      return new Room(store.name(), store.isReadOnly(), store.getUsableSpace());
    } catch (IOException e) {
      return null;
    }
  }

  private static FileAttribute<?>[] mode(Path path, String permissions) {
    return posix(path)
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  private static boolean posix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }
}
