package dev.copperplate.backup.target;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Capability;
import dev.copperplate.backup.Content;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.ObjectInfo;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.PutOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * A directory that keeps each object as a file, under the object's key. Stock restic reads and
 * writes the same directory.
 *
 * <p>An object is written to a temporary file beside it ({@code <name>-tmp-<number>}), synced,
 * given its name in one step, and the directories are synced; so after a crash or a power failure
 * each object is there whole or not at all, and all are there whose put had returned. Objects are
 * read-only, for the owner alone, or for the group too if the group can read {@code config}.
 * Directories are made when they are needed, and never removed.
 *
 * <p>A key that is stored with the same length is not written again; with another length the put
 * fails with {@code CONFLICT}. Asking for absence needs hard links: a file system without them does
 * not have {@link Capability#CONDITIONAL_PUT}, which is found out by making and removing a
 * temporary file when it is first asked for.
 *
 * <p>The directory may be a symbolic link. Below it none is followed: listings pass links over, and
 * an operation on a key whose way leads through one fails with {@code DENIED}. That protects from
 * links that are there, not from somebody who exchanges directories for links meanwhile: whoever
 * else can write to the directory has to be trusted.
 *
 * <p>What a file system cannot keep fails with {@code UNSUPPORTED}: an object {@code a} beside
 * {@code a/b}, a segment longer than 255 bytes, a last segment that looks like a temporary file's.
 * Temporary files of killed writers are removed by later puts into the same directory, when nobody
 * has written to them for a day.
 *
 * <p>Thread-safe, also between processes. Holds nothing open but the streams and cursors it gave
 * out; closing it does nothing.
 */
public final class LocalTarget implements BackupTarget {

  private final Path root;
  private final Disk disk;
  private final Layout layout;
  private final DiskFailures failures;
  private final HardLinks links;
  private final Leftovers leftovers;

  /**
   * Keeps objects below a directory, which the first put makes if it does not exist. Touches
   * nothing yet.
   */
  public static LocalTarget at(Path directory) {
    return new LocalTarget(directory, new NioDisk());
  }

  LocalTarget(Path directory, Disk disk) {
    this.root = directory.toAbsolutePath().normalize();
    this.disk = disk;
    this.layout = new Layout(root, disk);
    this.failures = new DiskFailures(root, disk);
    this.links = new HardLinks(layout, disk);
    this.leftovers = new Leftovers(disk);
  }

  /** The absolute path of the directory. */
  @Override
  public String description() {
    return root.toString();
  }

  /** Whether the file system has hard links; nothing if nothing can be written there. */
  @Override
  public Set<Capability> capabilities() {
    return links.enforced() ? Set.of(Capability.CONDITIONAL_PUT) : Set.of();
  }

  @Override
  public void put(ObjectKey key, Content content, PutOptions options) throws IOException {
    String doing = "Put of " + key + " to " + root;
    DiskFailures.stopIfInterrupted(doing);
    try {
      if (options.retainUntil().isPresent()) {
        throw noRetention();
      }
      new Upload(disk, layout, links, leftovers, fileToWrite(key), doing)
          .put(content, options.ifAbsent());
    } catch (IOException e) {
      throw failures.explained(doing, e);
    }
  }

  private Path fileToWrite(ObjectKey key) throws Refusal {
    Path file = layout.file(key);
    if (file == null) {
      throw new Refusal(Kind.UNSUPPORTED, "no object can have that name in a directory");
    }
    return file;
  }

  @Override
  public InputStream read(ObjectKey key, ByteRange range) throws IOException {
    String doing = "Read of " + key + " from " + root;
    try {
      return open(key, range, doing);
    } catch (IOException e) {
      throw failures.explained(doing, e);
    }
  }

  private InputStream open(ObjectKey key, ByteRange range, String doing) throws IOException {
    Path file = layout.file(key);
    Disk.Stat found = file == null ? null : layout.find(file);
    if (file == null || found == null || found.type() != Disk.Type.FILE) {
      throw notFound();
    }
    SeekableByteChannel channel = open(file);
    try {
      return new ObjectStream(channel, range, failures, doing);
    } catch (Throwable e) {
      channel.close();
      throw e;
    }
  }

  private SeekableByteChannel open(Path file) throws IOException {
    try {
      return disk.read(file);
    } catch (NoSuchFileException e) {
      throw notFound(); // Deleted since we looked.
    }
  }

  private Refusal notFound() {
    return new Refusal(
        Kind.NOT_FOUND,
        disk.isDirectory(root)
            ? "there is no such object"
            : "there is no directory " + root + "; see whether it is mounted");
  }

  @Override
  public Cursor<ObjectInfo> list(String prefix) throws IOException {
    String doing = "List of " + prefix + "* in " + root;
    LocalListing listing = new LocalListing(root, disk, failures, prefix, doing);
    // Whole segments of the prefix are gone down at once, however many are beside them.
    String directory = prefix.substring(0, prefix.lastIndexOf('/') + 1);
    try {
      if (holdsObjects(directory)) {
        listing.enter(directory);
      }
    } catch (IOException e) {
      throw failures.explained(doing, e);
    }
    return listing;
  }

  private boolean holdsObjects(String directory) throws IOException {
    if (directory.isEmpty()) {
      return true;
    }
    Path path = layout.directory(directory);
    Disk.Stat found = path == null ? null : layout.find(path);
    return found != null && found.type() == Disk.Type.DIRECTORY;
  }

  @Override
  public Map<ObjectKey, BackupException> delete(Collection<ObjectKey> keys) throws IOException {
    Map<ObjectKey, BackupException> remaining = new LinkedHashMap<>();
    Set<Path> changed = new LinkedHashSet<>();
    for (ObjectKey key : keys) {
      String doing = "Delete of " + key + " from " + root;
      DiskFailures.stopIfInterrupted(doing);
      try {
        changed.addAll(delete(key));
      } catch (IOException e) {
        remaining.put(key, reason(failures.explained(doing, e)));
      }
    }
    sync(changed);
    return remaining;
  }

  /** The reason why an object remains; what is no reason ends the whole call. */
  private static BackupException reason(IOException failure) throws IOException {
    if (failure instanceof BackupException reason) {
      return reason;
    }
    throw failure;
  }

  /** Deletes a file and says in which directory. */
  private Set<Path> delete(ObjectKey key) throws IOException {
    Path file = layout.file(key);
    Disk.Stat found = file == null ? null : layout.find(file);
    if (file == null || found == null || found.type() != Disk.Type.FILE) {
      return Set.of();
    }
    try {
      disk.delete(file);
    } catch (NoSuchFileException e) {
      return Set.of();
    }
    Path directory = file.getParent();
    return directory == null ? Set.of() : Set.of(directory);
  }

  private void sync(Set<Path> directories) throws IOException {
    try {
      for (Path directory : directories) {
        disk.syncDirectory(directory);
      }
    } catch (IOException e) {
      throw failures.explained("Delete of objects from " + root, e);
    }
  }

  @Override
  public void retain(Collection<ObjectKey> keys, Instant until) throws IOException {
    throw failures.explained("Retaining " + keys.size() + " objects in " + root, noRetention());
  }

  private static Refusal noRetention() {
    return new Refusal(
        Kind.UNSUPPORTED,
        "a directory cannot lock objects. Choose a bucket that can (Object Lock)");
  }

  @Override
  public void close() {}
}
