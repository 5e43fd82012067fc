package dev.copperplate.backup.testkit.filesystem;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A file system in memory that knows what is durable, can lose power before any of its operations,
 * and then shows what a machine finds when it comes back.
 *
 * <pre>{@code
 * for (int cut = 0; ; cut++) {
 *   ModelFileSystem disk = new ModelFileSystem();
 *   disk.cutAfter(cut);
 *   boolean failed = fails(() -> write(LocalTarget.at(disk.getPath("/backups"))));
 *   check(LocalTarget.at(disk.afterPowerFailure(seed).getPath("/backups")));
 *   ...
 * }
 * }</pre>
 *
 * <p>Durable are the bytes and the permissions of a file when its channel was {@linkplain
 * java.nio.channels.FileChannel#force forced}, and the names in a directory when a channel that was
 * opened on the directory was forced. Of the rest a power failure keeps what the seed says:
 *
 * <ul>
 *   <li>of each file that was not forced since it was written: the bytes of the last force,
 *       everything, nothing but the length (zeros), a part from the start, or everything with
 *       blocks of zeros in it;
 *   <li>of the creations, links, renames and deletions in each directory that was not forced since:
 *       <em>any</em> subset, each in itself whole. Journalling file systems keep a prefix; no
 *       standard promises that, so the model does not. A rename counts as one operation: that the
 *       old name goes as the new one comes is what every such file system gives and every careful
 *       writer relies on.
 * </ul>
 *
 * <p>{@linkplain #operations Operations} are the calls that change something or make it durable,
 * one for one system call. After {@link #cutAfter} everything fails, reading too, as {@code EROFS}:
 * what Linux answers below a device that went away, and what nobody tries again. A process that was
 * merely killed is {@link #restart}: nothing is lost.
 *
 * <p>Holds what a writer of files needs: paths with {@code /}, regular files, directories, hard
 * links, renames within a directory, POSIX permissions (kept, not enforced), times, a capacity.
 * Symbolic links, watching, matching and everything else throw {@link
 * UnsupportedOperationException}. Thread-safe: one operation at a time. Not a provider that the JDK
 * finds by a scheme: begin at {@link #getPath}.
 */
public final class ModelFileSystem extends FileSystem {

  /** What a machine has that nobody limited. */
  private static final long ROOMY = 1L << 40;

  final Node root;
  private final InstantSource clock;
  private final ModelProvider provider = new ModelProvider(this);
  private final List<String> log = new ArrayList<>();
  private long left = Long.MAX_VALUE;
  private boolean cut;
  private long capacity = ROOMY;

  /** An empty one, with the clock of the system. */
  public ModelFileSystem() {
    this(InstantSource.system());
  }

  /**
   * An empty one.
   *
   * @param clock tells the times of files
   */
  public ModelFileSystem(InstantSource clock) {
    this(Node.directory(clock.instant(), Node.EVERYTHING), clock);
  }

  private ModelFileSystem(Node root, InstantSource clock) {
    this.root = root;
    this.clock = clock;
  }

  // What tests do with it

  /** Takes the power away before the operation after so many from now. */
  public synchronized void cutAfter(long operations) {
    left = operations;
    cut = false;
  }

  /** Whether the power is gone, so that every call fails. */
  public synchronized boolean isCut() {
    return cut;
  }

  /** How many operations were made. */
  public synchronized long operations() {
    return log.size();
  }

  /**
   * What was done, in order, one line for each operation: {@code create /a}, {@code write /a},
   * {@code force /a}, {@code rename /a to /b}.
   */
  public synchronized List<String> log() {
    return List.copyOf(log);
  }

  /** Ends a cut as if the process alone had died: all that was done is there. */
  public synchronized void restart() {
    left = Long.MAX_VALUE;
    cut = false;
  }

  /**
   * What the machine finds when the power is back, which is all durable. This file system stays as
   * it is, so that many seeds can be tried.
   *
   * @param seed chooses what survives of that which was not synced; the same seed on the same
   *     history chooses the same
   */
  public synchronized ModelFileSystem afterPowerFailure(long seed) {
    ModelFileSystem found =
        new ModelFileSystem(new PowerFailure(new SplittableRandom(seed)).survivor(root), clock);
    found.capacity = capacity;
    return found;
  }

  /** Limits the bytes of all files; writing beyond fails with "No space left on device". */
  public synchronized void capacity(long bytes) {
    capacity = bytes;
  }

  // What the rest of the model needs of it; all under this lock

  InstantSource clock() {
    return clock;
  }

  /** Counts an operation, or fails because there is no power for it. */
  void operate(String what) throws IOException {
    if (!cut && left <= 0) {
      cut = true;
    }
    requirePower();
    left--;
    log.add(what);
  }

  void requirePower() throws IOException {
    if (cut) {
      throw new IOException("Read-only file system: power lost");
    }
  }

  /** What has the path; null if nothing does. */
  @Nullable Node find(ModelPath path) {
    Node node = root;
    for (String name : path.toAbsolutePath().normalize().names()) {
      node = node == null ? null : node.child(name);
    }
    return node;
  }

  /** What has the path. */
  Node node(ModelPath path) throws IOException {
    requirePower();
    Node node = find(path);
    if (node == null) {
      throw new NoSuchFileException(path.toString());
    }
    return node;
  }

  long usable() {
    return Math.max(0, capacity - root.bytesBelow());
  }

  long capacity() {
    return capacity;
  }

  // What the JDK asks of a file system

  @Override
  public FileSystemProvider provider() {
    return provider;
  }

  /** Does nothing: a test opens the same files again. */
  @Override
  public void close() {}

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public boolean isReadOnly() {
    return false;
  }

  @Override
  public String getSeparator() {
    return "/";
  }

  @Override
  public Iterable<Path> getRootDirectories() {
    return List.of(getPath("/"));
  }

  @Override
  public Iterable<FileStore> getFileStores() {
    return List.of(new ModelStore(this));
  }

  @Override
  public Set<String> supportedFileAttributeViews() {
    return Set.of("basic", "posix");
  }

  @Override
  public Path getPath(String first, String... more) {
    return ModelPath.parse(this, more.length == 0 ? first : first + "/" + String.join("/", more));
  }

  @Override
  public PathMatcher getPathMatcher(String syntaxAndPattern) {
    throw new UnsupportedOperationException("The model matches no patterns");
  }

  @Override
  public UserPrincipalLookupService getUserPrincipalLookupService() {
    throw new UnsupportedOperationException("The model has no users");
  }

  @Override
  public WatchService newWatchService() {
    throw new UnsupportedOperationException("The model watches nothing");
  }

  @Override
  public String toString() {
    return "model file system";
  }
}
