package dev.copperplate.backup.postgres.restore;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.EntryType;
import dev.copperplate.backup.RawName;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.postgres.basebackup.BlockSource;
import dev.copperplate.backup.postgres.basebackup.ChecksumAlgorithm;
import dev.copperplate.backup.postgres.basebackup.CombinedFile;
import dev.copperplate.backup.postgres.basebackup.IncrementalFile;
import dev.copperplate.backup.postgres.basebackup.ManifestFile;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The data directory that a chain gives: the newest snapshot's files, and those of which it has a
 * part, combined. Thread-safe. Memory: some hundred bytes for each combined file, for the manifest.
 */
public final class CombinedCluster {

  /** Where bases have the data directory. */
  public static final EntryPath ROOT = EntryPath.of("/cluster");

  private final BaseChain chain;
  private final ChecksumAlgorithm algorithm;
  private final Map<EntryPath, Long> sizes = new ConcurrentHashMap<>();
  private final Map<EntryPath, ManifestFile> combined = new ConcurrentHashMap<>();

  CombinedCluster(BaseChain chain, ChecksumAlgorithm algorithm) {
    this.chain = chain;
    this.algorithm = algorithm;
  }

  SnapshotReader newest() {
    return chain.newest();
  }

  /**
   * What is to be restored for an entry of the newest snapshot.
   *
   * @param below the directory of the snapshot from which its path counts
   */
  ClusterEntry entry(Entry stored, EntryPath below) throws IOException {
    EntryPath path = relative(stored.path(), below);
    if (stored.type() == EntryType.DIRECTORY) {
      return new ClusterEntry(path, stored, false, 0);
    }
    if (stored.type() != EntryType.FILE) {
      throw new BackupException(
          Kind.DAMAGED,
          stored.path() + " is a " + stored.type() + ", which no base holds. Restore another base");
    }
    Optional<RawName> plain = IncrementalFile.plainName(stored.path().name());
    return plain.isEmpty()
        ? new ClusterEntry(path, stored, false, stored.size())
        : new ClusterEntry(path.parent().child(plain.get()), stored, true, size(stored));
  }

  private static EntryPath relative(EntryPath path, EntryPath below) {
    return new EntryPath(path.names().subList(below.names().size(), path.names().size()));
  }

  private long size(Entry stored) throws IOException {
    Long known = sizes.get(stored.path());
    if (known == null) {
      known = CombinedFile.size(new StoredBlocks(newest(), stored));
      sizes.put(stored.path(), known);
    }
    return known;
  }

  /** The content of a combined file; summed up while it is read to its end. */
  InputStream open(ClusterEntry file) throws IOException {
    List<BlockSource> incrementals = new ArrayList<>();
    incrementals.add(new StoredBlocks(newest(), file.stored()));
    EntryPath directory = file.stored().path().parent();
    RawName name = file.path().name();
    for (SnapshotReader each : chain.older()) {
      Optional<Entry> whole = each.entry(directory.child(name));
      if (whole.isPresent()) {
        CombinedFile content =
            CombinedFile.of(incrementals, new StoredBlocks(each, file(whole.get())));
        return new SummedFile(content.open(), algorithm, file.size(), sum -> add(file, sum));
      }
      EntryPath part = directory.child(IncrementalFile.nameOf(name));
      incrementals.add(
          new StoredBlocks(each, file(each.entry(part).orElseThrow(() -> incomplete(file)))));
    }
    throw incomplete(file);
  }

  private static Entry file(Entry entry) throws BackupException {
    if (entry.type() != EntryType.FILE) {
      throw new BackupException(
          Kind.DAMAGED, entry.path() + " is a " + entry.type() + ". Restore another base");
    }
    return entry;
  }

  private BackupException incomplete(ClusterEntry file) {
    return new BackupException(
        Kind.DAMAGED,
        "Cannot combine "
            + file.stored().path()
            + " of run "
            + newest().snapshot().run()
            + ": no earlier base of its chain has the file. Restore another base");
  }

  private void add(ClusterEntry file, String sum) {
    EntryPath path = relative(file.stored().path(), ROOT).parent().child(file.path().name());
    combined.put(
        relative(file.stored().path(), ROOT),
        new ManifestFile(path, file.size(), file.stored().attributes().modified(), algorithm, sum));
  }

  /** What was combined and read to its end, by the path of the incremental file. */
  Map<EntryPath, ManifestFile> combined() {
    return combined;
  }
}
