package dev.copperplate.backup.files;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.RawName;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A directory that stays the same one, whatever happens to its path: names are looked up, made and
 * removed in it without following links. Thread-safe; must not be closed while it is in use.
 *
 * <p>The JDK offers that for content, renames and deletions ({@link SecureDirectoryStream}), not
 * for making directories and links, nanoseconds and extended attributes. These go through {@link
 * Descriptor the path of the open descriptor}.
 */
final class OpenDirectory implements Closeable {

  private static final Set<OpenOption> CREATE =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
  private static final int OTHERS_WRITE = 0022;
  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_DIRECTORY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private final SecureDirectoryStream<Path> stream;
  private final Path base;
  private final Optional<Descriptor> descriptor;
  private final StatusReader statuses;
  private final boolean ours;
  private @Nullable Owners owners;

  private OpenDirectory(
      SecureDirectoryStream<Path> stream,
      Path path,
      Optional<Descriptor> descriptor,
      StatusReader statuses,
      boolean ours) {
    this.stream = stream;
    this.base = descriptor.map(Descriptor::path).orElse(path);
    this.descriptor = descriptor;
    this.statuses = statuses;
    this.ours = ours;
  }

  /** Opens where a restore begins; links in the path are followed. */
  @SuppressWarnings("StreamResourceLeak") // The directory keeps the stream and closes it.
  static OpenDirectory at(Path path, StatusReader statuses) throws IOException {
    return of(Files.newDirectoryStream(path), path, false, false, statuses);
  }

  /**
   * Opens a directory in this one; fails if the name is a link or no directory.
   *
   * @param made whether this run has just made it
   */
  OpenDirectory open(RawName name, boolean made) throws IOException {
    Path relative = PathBytes.path(name);
    DirectoryStream<Path> child = stream.newDirectoryStream(relative, LinkOption.NOFOLLOW_LINKS);
    return of(child, base.resolve(relative), made, ours, statuses);
  }

  private static OpenDirectory of(
      DirectoryStream<Path> stream, Path path, boolean made, boolean inOurs, StatusReader statuses)
      throws IOException {
    if (!(stream instanceof SecureDirectoryStream<Path> secure)) {
      stream.close();
      throw new BackupException(
          BackupException.Kind.UNSUPPORTED,
          "Cannot restore to " + path + ": the file system has no safe directory handles");
    }
    try {
      Object key =
          secure.getFileAttributeView(BasicFileAttributeView.class).readAttributes().fileKey();
      Optional<Descriptor> descriptor = Descriptor.of(key, made);
      boolean ours = made && descriptor.isPresent();
      if (ours && !inOurs) {
        ours = isPrivate(secure, descriptor.get().path(), statuses);
      }
      return new OpenDirectory(secure, path, descriptor, statuses, ours);
    } catch (IOException | RuntimeException failed) {
      stream.close();
      throw failed;
    }
  }

  /** Whether what has just been opened is an empty directory into which nobody else can write. */
  private static boolean isPrivate(
      SecureDirectoryStream<Path> stream, Path path, StatusReader statuses) throws IOException {
    Attributes attributes = statuses.read(path.resolve(".")).attributes();
    if (attributes.uid() != ProcessOwner.UID || (attributes.permissions() & OTHERS_WRITE) != 0) {
      return false;
    }
    try (DirectoryStream<Path> again =
        stream.newDirectoryStream(Path.of("."), LinkOption.NOFOLLOW_LINKS)) {
      return !again.iterator().hasNext();
    }
  }

  /**
   * Whether this run made it, in a directory of its own or with nobody else able to write there.
   * Names that the run has not given are free in it, and nothing has to be watched for links that
   * somebody put in the place of something else.
   */
  boolean isOurs() {
    return ours;
  }

  /**
   * Who owns what is made in a directory of ours.
   *
   * @param made a file that was made in it and belongs to whom it was made for
   */
  synchronized Owners owners(RawName made) throws IOException {
    if (owners == null) {
      Attributes attributes = statuses.read(path(made)).attributes();
      owners = new Owners(attributes.uid(), attributes.gid());
    }
    return owners;
  }

  /** A user and a group. */
  record Owners(long uid, long gid) {}

  /** The path of a name in this directory, to be used while it is open, never following a link. */
  Path path(RawName name) {
    return PathBytes.child(base, name);
  }

  /** The path of the directory itself. */
  Path path() {
    return base.resolve(".");
  }

  Optional<Status> status(RawName name) throws IOException {
    try {
      return Optional.of(statuses.read(path(name)));
    } catch (NoSuchFileException absent) {
      return Optional.empty();
    }
  }

  List<RawName> names() throws IOException {
    // A stream can be read once, and this one is kept for its descriptor.
    try (DirectoryStream<Path> again =
        stream.newDirectoryStream(Path.of("."), LinkOption.NOFOLLOW_LINKS)) {
      return Listing.of(again);
    }
  }

  /** Makes an empty file that only its owner can open. */
  FileChannel create(RawName name) throws IOException {
    return (FileChannel) stream.newByteChannel(PathBytes.path(name), CREATE, PRIVATE_FILE);
  }

  /** Makes a directory that only its owner can enter. */
  void makeDirectory(RawName name) throws IOException {
    Files.createDirectory(path(name), PRIVATE_DIRECTORY);
  }

  void makeSymlink(RawName name, Path target) throws IOException {
    Files.createSymbolicLink(path(name), target);
  }

  /** Gives a file another name here; fails if that is taken. */
  void link(RawName name, OpenDirectory from, RawName existing) throws IOException {
    Files.createLink(path(name), from.path(existing));
  }

  /** Renames within the directory; what has the name is replaced. */
  void rename(RawName from, RawName to) throws IOException {
    stream.move(PathBytes.path(from), stream, PathBytes.path(to));
  }

  /** Gives a finished file its name. */
  void publish(RawName temporary, RawName name, Naming naming) throws IOException {
    if (naming == Naming.FREE) {
      rename(temporary, name);
      return;
    }
    if (naming == Naming.REPLACING || !linked(temporary, name)) {
      rename(temporary, name);
    }
    // After a link, and after a rename onto another name of the same file, it is still there.
    deleteFile(temporary);
  }

  /** What may have the name that a finished file is to get. */
  enum Naming {
    /** Something that goes. */
    REPLACING,
    /** Nothing, as far as is known: what appeared just now stays. */
    KEEPING,
    /** Nothing, because the directory is ours. */
    FREE
  }

  /** The one way of the JDK to take a name only if it is free, on file systems with hard links. */
  private boolean linked(RawName temporary, RawName name) throws IOException {
    try {
      link(name, this, temporary);
      return true;
    } catch (FileAlreadyExistsException taken) {
      throw taken;
    } catch (IOException | UnsupportedOperationException noHardLinks) {
      if (status(name).isPresent()) {
        throw new FileAlreadyExistsException(name.toString());
      }
      return false;
    }
  }

  void deleteFile(RawName name) throws IOException {
    try {
      stream.deleteFile(PathBytes.path(name));
    } catch (NoSuchFileException gone) {
      // That is what was wanted.
    }
  }

  /** Removes an empty directory. */
  void removeDirectory(RawName name) throws IOException {
    stream.deleteDirectory(PathBytes.path(name));
  }

  /** Deletes whatever has the name; of a directory everything in it first. */
  void deleteTree(RawName name) throws IOException {
    Optional<Status> status = status(name);
    if (status.isEmpty()) {
      return;
    }
    if (!status.get().isDirectory()) {
      deleteFile(name);
      return;
    }
    try (OpenDirectory below = open(name, false)) {
      for (RawName each : below.names()) {
        below.deleteTree(each);
      }
    }
    removeDirectory(name);
  }

  /** Never fails: the directory was only looked at, nothing waits to be written. */
  @Override
  public void close() {
    descriptor.ifPresent(Descriptor::forget);
    try {
      stream.close();
    } catch (IOException descriptorIsGoneAllTheSame) {
      // There is nothing to do about it.
    }
  }
}
