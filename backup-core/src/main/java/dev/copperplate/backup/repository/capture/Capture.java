package dev.copperplate.backup.repository.capture;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryOutput;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.EntryType;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.RawName;
import dev.copperplate.backup.RunId;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotWriter;
import dev.copperplate.backup.SourceId;
import dev.copperplate.backup.repository.chunk.Chunker;
import dev.copperplate.backup.repository.chunk.Polynomial;
import dev.copperplate.backup.repository.expiry.DependencyLeases;
import dev.copperplate.backup.repository.format.BlobIds;
import dev.copperplate.backup.repository.format.BlobType;
import dev.copperplate.backup.repository.format.ManifestFile;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.format.TreeNode;
import dev.copperplate.backup.repository.pack.BlobWriter;
import dev.copperplate.backup.repository.read.StoredEntry;
import dev.copperplate.backup.repository.read.StoredEntry.Origin;
import dev.copperplate.backup.repository.read.StoredSnapshotReader;
import dev.copperplate.backup.repository.read.Trees;
import dev.copperplate.backup.repository.run.Buffers;
import dev.copperplate.backup.repository.run.Run;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Takes in one snapshot. */
public final class Capture implements SnapshotWriter {

  private final Run run;
  private final SourceId source;
  private final String repository;
  private final Polynomial polynomial;
  private final BlobWriter blobs;
  private final Trees trees;
  private final DependencyLeases dependencies;
  private final int openFiles;
  private final CaptureTree tree;
  private final AtomicInteger open = new AtomicInteger();
  private final Map<String, String> facts = new TreeMap<>();
  private final Set<EntryPath> abandoned = new LinkedHashSet<>();
  private @Nullable RunId replaces;

  /**
   * @param repository the id of the repository
   * @param trees of the repository
   * @param dependencies takes in, and guards, what the snapshot depends on
   * @param previous the root of the previous snapshot, null if there is none
   * @param openFiles how many files may be open at once
   */
  public Capture(
      Run run,
      SourceId source,
      String repository,
      Polynomial polynomial,
      BlobWriter blobs,
      Trees trees,
      DependencyLeases dependencies,
      @Nullable Sha256 previous,
      int openFiles) {
    this.run = run;
    this.source = source;
    this.repository = repository;
    this.polynomial = polynomial;
    this.blobs = blobs;
    this.trees = trees;
    this.dependencies = dependencies;
    this.openFiles = openFiles;
    this.tree = new CaptureTree(blobs, new PreviousDirectory(trees, previous));
  }

  @Override
  public EntryOutput file(EntryPath path, Attributes attributes) throws IOException {
    requireNotRoot(path);
    requireNotManifest(path);
    if (open.incrementAndGet() > openFiles) {
      open.decrementAndGet();
      throw new IllegalStateException(
          "More than " + openFiles + " files of the snapshot are open at once, with " + path);
    }
    try {
      return begin(path, attributes);
    } catch (RuntimeException refused) {
      open.decrementAndGet();
      throw refused;
    }
  }

  private FileOutput begin(EntryPath path, Attributes attributes) {
    Directory directory = tree.reserve(path);
    writtenAfterAll(path);
    return new FileOutput(this, directory, path, attributes, new Chunker(polynomial));
  }

  private void add(EntryPath path, TreeNode node, @Nullable Origin origin) {
    tree.add(path, node, origin);
    writtenAfterAll(path);
  }

  private void writtenAfterAll(EntryPath path) {
    synchronized (abandoned) {
      abandoned.remove(path);
    }
  }

  @Override
  public void directory(EntryPath path, Attributes attributes) throws IOException {
    tree.describe(path, attributes);
  }

  @Override
  public void symlink(EntryPath path, RawName target, Attributes attributes) throws IOException {
    requireNotRoot(path);
    add(path, TreeNode.symlink(path.name(), attributes, target), null);
  }

  @Override
  public void special(EntryPath path, EntryType type, long deviceNumber, Attributes attributes)
      throws IOException {
    requireNotRoot(path);
    if (type == EntryType.FILE || type == EntryType.DIRECTORY || type == EntryType.SYMLINK) {
      throw new IllegalArgumentException("Not a pipe, socket or device: " + type + " " + path);
    }
    add(path, TreeNode.special(path.name(), type, attributes, deviceNumber), null);
  }

  @Override
  public boolean reuse(EntryPath path, Attributes attributes, Entry content) throws IOException {
    requireNotRoot(path);
    if (content instanceof CapturedFile file) {
      BlobIds ids = file.content().await(blobs::hasFailed);
      return reuseFile(path, attributes, file.size(), ids, null);
    }
    if (!(content instanceof StoredEntry stored) || !stored.repository().equals(repository)) {
      return false;
    }
    if (stored.type() == EntryType.FILE) {
      boolean same =
          path.name().equals(stored.path().name()) && attributes.equals(stored.attributes());
      Origin origin = same ? stored.origin() : null;
      return reuseFile(path, attributes, stored.size(), stored.content(), origin);
    }
    if (stored.subtree() == null) {
      throw new IllegalArgumentException("Only files and directories can be reused: " + content);
    }
    return reuseDirectory(path, attributes, stored.subtree());
  }

  /**
   * @param origin where an entry stands that is the same in all; null if there is none
   */
  private boolean reuseFile(
      EntryPath path, Attributes attributes, long size, BlobIds ids, @Nullable Origin origin) {
    for (int i = 0; i < ids.size(); i++) {
      if (!blobs.rely(BlobType.DATA, ids.get(i))) {
        return false;
      }
    }
    add(path, TreeNode.file(path.name(), attributes, size, ids), origin);
    run.advance(1, size);
    return true;
  }

  private boolean reuseDirectory(EntryPath path, Attributes attributes, Sha256 subtree)
      throws IOException {
    Counts below = new StoredSubtree(blobs, trees).rely(subtree);
    if (below == null) {
      return false;
    }
    add(path, TreeNode.directory(path.name(), attributes, subtree), null);
    tree.count(below);
    run.advance(below.files(), below.bytes());
    return true;
  }

  @Override
  public void complete(EntryPath directory) throws IOException {
    if (!isFiles() && StoredSnapshotReader.MANIFEST.startsWith(directory)) {
      // The engine itself has something to write there, at the end.
      return;
    }
    tree.complete(directory);
  }

  @Override
  public void fact(String key, String value) {
    if (isFiles()) {
      throw new IllegalStateException("Snapshots of plain files carry no facts");
    }
    synchronized (facts) {
      facts.put(key, value);
    }
  }

  @Override
  public void dependsOn(Snapshot earlier) throws IOException {
    dependencies.add(earlier);
  }

  @Override
  public synchronized void replaces(Snapshot earlier) {
    if (replaces != null) {
      throw new IllegalStateException("A snapshot replaces one other at most");
    }
    replaces = earlier.run();
  }

  /** Stores what is left and returns the id of the root. */
  public Sha256 finish() throws IOException, InterruptedException {
    if (open.get() > 0) {
      throw new IllegalStateException(
          "The source returned while " + open.get() + " files of the snapshot were open");
    }
    if (!isFiles()) {
      writeManifest();
    }
    reportAbandoned();
    blobs.awaitStored();
    Sha256 root = tree.finish();
    blobs.flush();
    return root;
  }

  private void writeManifest() throws IOException {
    byte[] manifest;
    synchronized (facts) {
      manifest = ManifestFile.encode(facts);
    }
    if (manifest.length > ManifestFile.MAX_SIZE) {
      throw new BackupException(
          Kind.INVALID,
          "The facts of the snapshot have "
              + manifest.length
              + " bytes, and "
              + ManifestFile.MAX_SIZE
              + " are allowed: tables of facts are files of their own");
    }
    try (FileOutput out = writeOwn(StoredSnapshotReader.MANIFEST)) {
      out.write(manifest);
      out.commit();
    }
  }

  private FileOutput writeOwn(EntryPath path) {
    open.incrementAndGet();
    return begin(path, Attributes.PLAIN.modified(run.clock().instant()));
  }

  private void reportAbandoned() {
    synchronized (abandoned) {
      for (EntryPath path : abandoned) {
        run.report(
            Finding.warning(
                path.toString(),
                "was begun and not finished, so it is not in the snapshot",
                "See what else the source reported of it, and run the backup again"));
      }
    }
  }

  /** The run whose snapshot this one replaces. */
  public synchronized Optional<RunId> replaced() {
    return Optional.ofNullable(replaces);
  }

  public Counts counts() {
    return tree.counts();
  }

  void written(long bytes) {
    run.advance(0, bytes);
  }

  Buffers buffers() {
    return blobs.buffers();
  }

  void store(byte[] buffer, int length, BlobWriter.Stored stored) throws IOException {
    blobs.storeData(buffer, length, stored);
  }

  void committed() {
    open.decrementAndGet();
    run.advance(1, 0);
  }

  void finish(Directory directory, TreeNode node) throws IOException {
    tree.finish(directory, node);
  }

  void abandon(Directory directory, EntryPath path) throws IOException {
    open.decrementAndGet();
    synchronized (abandoned) {
      abandoned.add(path);
    }
    tree.abandon(directory, path.name());
  }

  private boolean isFiles() {
    return source.type().equals(SourceId.FILES);
  }

  private static void requireNotRoot(EntryPath path) {
    if (path.isRoot()) {
      throw new IllegalArgumentException("The root of a snapshot is a directory");
    }
  }

  private void requireNotManifest(EntryPath path) {
    if (!isFiles() && path.equals(StoredSnapshotReader.MANIFEST)) {
      throw new IllegalArgumentException("The engine writes " + path + " from the facts");
    }
  }
}
