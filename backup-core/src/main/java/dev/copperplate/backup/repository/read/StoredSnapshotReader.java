package dev.copperplate.backup.repository.read;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.EntryType;
import dev.copperplate.backup.Manifest;
import dev.copperplate.backup.RawName;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.repository.format.FormatException;
import dev.copperplate.backup.repository.format.ManifestFile;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.pack.BlobReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Reads a snapshot of a repository. */
public final class StoredSnapshotReader implements SnapshotReader {

  /** Where the engine keeps the facts of a source. */
  public static final EntryPath MANIFEST = EntryPath.of(".backup/manifest.json");

  private final String repository;
  private final Snapshot snapshot;
  private final BlobReader blobs;
  private final ReadAhead readAhead;
  private final Trees trees;
  private final LongConsumer progress;
  private final RecentDirectories recent = new RecentDirectories();

  /**
   * @param repository its id
   * @param progress told how many bytes of files were read
   */
  public StoredSnapshotReader(
      String repository, Snapshot snapshot, BlobReader blobs, Trees trees, LongConsumer progress) {
    this.repository = repository;
    this.snapshot = snapshot;
    this.blobs = blobs.another();
    this.readAhead = new ReadAhead(this.blobs);
    this.trees = trees;
    this.progress = progress;
  }

  @Override
  public Snapshot snapshot() {
    return snapshot;
  }

  @Override
  public Manifest manifest() throws IOException {
    Optional<Entry> file = entry(MANIFEST);
    if (file.isEmpty()) {
      return Manifest.EMPTY;
    }
    try (InputStream in = open(file.get(), ByteRange.ALL)) {
      return new Manifest(ManifestFile.decode(in.readNBytes(ManifestFile.MAX_SIZE)));
    } catch (FormatException broken) {
      throw new BackupException(
          Kind.DAMAGED,
          MANIFEST
              + " of snapshot "
              + snapshot.id().shortHex()
              + " is damaged: "
              + broken.getMessage(),
          broken);
    }
  }

  @Override
  public Optional<Entry> entry(EntryPath path) throws IOException {
    StoredEntry known = recent.get(path);
    if (known != null) {
      return Optional.of(known);
    }
    StoredEntry at = StoredEntry.root(repository, Sha256.parse(snapshot.content().hex()));
    for (RawName name : path.names()) {
      at = at.type() == EntryType.DIRECTORY ? child(at, name) : null;
      if (at == null) {
        return Optional.empty();
      }
    }
    return Optional.of(at);
  }

  private @Nullable StoredEntry child(StoredEntry directory, RawName name) throws IOException {
    BackupException damage = null;
    try (TreeWalk children = new TreeWalk(repository, trees, directory, 1, recent)) {
      while (true) {
        try {
          Entry each = children.next();
          if (each == null) {
            break;
          }
          if (each.path().name().equals(name)) {
            return (StoredEntry) each;
          }
        } catch (BackupException unreadable) {
          if (unreadable.kind() != Kind.DAMAGED && unreadable.kind() != Kind.MISSING) {
            throw unreadable;
          }
          damage = unreadable;
        }
      }
    }
    if (damage != null) {
      // The entry may have been what is damaged: saying that it is absent would be a guess.
      throw damage;
    }
    return null;
  }

  @Override
  public Cursor<Entry> walk(EntryPath from, int depth) throws IOException {
    Entry start =
        entry(from)
            .orElseThrow(
                () ->
                    new BackupException(
                        Kind.NOT_FOUND,
                        "Snapshot " + snapshot.id().shortHex() + " has no " + from));
    if (start.type() != EntryType.DIRECTORY || depth <= 0) {
      return () -> null;
    }
    return new TreeWalk(repository, trees, (StoredEntry) start, depth, recent);
  }

  @Override
  public InputStream open(Entry file, ByteRange range) throws IOException {
    if (!(file instanceof StoredEntry stored) || !stored.repository().equals(repository)) {
      throw new IllegalArgumentException("Not an entry of this repository: " + file);
    }
    if (stored.type() != EntryType.FILE) {
      throw new IllegalArgumentException("Only files have content: " + file);
    }
    return new FileStream(blobs, readAhead, stored, range, progress);
  }

  /** Ends the threads that read ahead. */
  @Override
  public void close() {
    readAhead.close();
    blobs.close();
  }
}
