package dev.copperplate.backup.target;

import dev.copperplate.backup.Cursor;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * All that a {@link LocalTarget} asks of a file system, one call for one system call, so that a
 * model can stand in its place: one that records the order of calls.
 *
 * <p>Fails as the JDK does: {@link java.nio.file.NoSuchFileException}, {@link
 * java.nio.file.FileAlreadyExistsException} and so on. No call but {@link #isDirectory} follows a
 * symbolic link in the last name of a path.
 */
interface Disk {

  /** What is at the path; null if nothing is. */
  @Nullable Stat stat(Path path) throws IOException;

  /** Whether the path leads to a directory, through symbolic links too. */
  boolean isDirectory(Path path);

  /** The names in a directory, in no order, without {@code .} and {@code ..}. */
  Cursor<String> names(Path directory) throws IOException;

  SeekableByteChannel read(Path file) throws IOException;

  /** Makes a file that only its owner can read; fails if anything is at the path. */
  NewFile create(Path file) throws IOException;

  void makeDirectory(Path directory, boolean groupReadable) throws IOException;

  /** Takes everybody's permission to write, where the file system has permissions. */
  void protect(Path file, boolean groupReadable);

  /** Gives a file another name at once, in place of a file that has it. */
  void rename(Path from, Path to) throws IOException;

  /** Gives a file a second name at once; fails if anything has it. */
  void link(Path existing, Path name) throws IOException;

  void delete(Path file) throws IOException;

  /** Makes durable which names are in a directory. */
  void syncDirectory(Path directory) throws IOException;

  /** What can still be written around a path; null if the file system does not tell. */
  @Nullable Room room(Path path);

  /** A file that is being written. Closing it does not make it durable. */
  interface NewFile extends Closeable {

    /** Writes all that remains in the buffer. */
    void write(ByteBuffer bytes) throws IOException;

    /** Makes what was written durable. */
    void sync() throws IOException;
  }

  enum Type {
    FILE,
    DIRECTORY,
    LINK,
    OTHER
  }

  /**
   * What is at a path.
   *
   * @param size in bytes, of a file
   * @param modified by the file system's clock
   */
  record Stat(Type type, long size, Instant modified, boolean groupReadable) {}

  /**
   * What can still be written.
   *
   * @param usable bytes left to us
   */
  record Room(String volume, boolean readOnly, long usable) {}
}
