package dev.copperplate.backup.repository.copy;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.EntryType;
import dev.copperplate.backup.Workers;
import dev.copperplate.backup.repository.copy.PendingCopy.Directory;
import dev.copperplate.backup.repository.format.BlobIds;
import dev.copperplate.backup.repository.format.BlobType;
import dev.copperplate.backup.repository.format.DamagedNode;
import dev.copperplate.backup.repository.format.FormatException;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.format.TreeItem;
import dev.copperplate.backup.repository.format.TreeNode;
import dev.copperplate.backup.repository.format.TreeReader;
import dev.copperplate.backup.repository.index.BlobIndex;
import dev.copperplate.backup.repository.index.BlobLocation;
import dev.copperplate.backup.repository.index.StoredIndex;
import dev.copperplate.backup.repository.pack.BlobReader;
import dev.copperplate.backup.repository.pack.BlobWriter;
import dev.copperplate.backup.repository.pack.StoredBlob;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Stores what snapshots hold in another repository, as far as it is not there. Directories are
 * walked by the workers, each once however many snapshots share it; pieces of files are fetched in
 * the order in which they lie in their packs. Everything is authenticated and hashed before it is
 * stored.
 *
 * <p>Memory: one directory and one piece for each worker, what the writer allows in flight, some
 * ten thousand names of pieces that are to be fetched, and a bit for each blob of the source.
 */
public final class TreeTransfer {

  /** So many pieces are put in order before they are fetched. */
  private static final int ORDERED = 20_000;

  /** So many pieces that lie together are fetched by one worker. */
  private static final int TOGETHER = 16;

  private final BlobReader source;
  private final StoredIndex index;
  private final BlobWriter replica;
  private final Workers workers;
  private final LongConsumer progress;
  // As it was when the transfer began: a directory keeps its place in it, whoever repacks.
  private final BlobIndex places;
  private final BitSet walked = new BitSet();

  /**
   * @param source reads from where is copied
   * @param index of where is copied from
   * @param replica stores
   * @param progress told how many bytes were read
   */
  public TreeTransfer(
      BlobReader source,
      StoredIndex index,
      BlobWriter replica,
      Workers workers,
      LongConsumer progress) {
    this.source = source;
    this.index = index;
    this.replica = replica;
    this.workers = workers;
    this.progress = progress;
    this.places = index.current();
  }

  /**
   * Hands everything below a directory to the writer, which stores it in the background.
   *
   * @return what cannot be read, by path; empty if nothing is missing. After ten it is not looked
   *     for more
   */
  public List<String> transfer(Sha256 root) throws IOException, InterruptedException {
    PendingCopy pending = new PendingCopy();
    if (isNew(root)) {
      pending.add(List.of(new Directory(root, Place.ROOT)), Map.of());
    }
    for (Directory next = pending.take(); next != null; next = pending.take()) {
      Directory directory = next;
      workers.submit(() -> walk(directory, pending));
      fetch(pending.takeWanted(ORDERED), pending);
    }
    fetch(pending.takeWanted(0), pending);
    workers.join();
    List<String> problems = pending.problems();
    if (!problems.isEmpty()) {
      // Some of what was walked was not stored: the next snapshot must find that out for itself.
      synchronized (walked) {
        walked.clear();
      }
    }
    return problems;
  }

  private Void walk(Directory directory, PendingCopy pending) throws IOException {
    try {
      Optional<byte[]> tree =
          readable(directory.place(), pending, () -> source.read(BlobType.TREE, directory.tree()));
      if (tree.isPresent()) {
        progress.accept(tree.get().length);
        enter(tree.get(), directory.place(), pending);
        if (!replica.rely(BlobType.TREE, directory.tree())) {
          replica.storeTree(tree.get());
        }
      }
    } finally {
      pending.done();
    }
    return null;
  }

  private void enter(byte[] tree, Place place, PendingCopy pending) {
    List<Directory> directories = new ArrayList<>();
    Map<Sha256, Place> blobs = new LinkedHashMap<>();
    try (TreeReader reader = new TreeReader(tree)) {
      for (TreeItem item = reader.next(); item != null; item = reader.next()) {
        if (item instanceof DamagedNode damaged) {
          pending.problem(place, "its entry '" + damaged.name() + "': " + damaged.problem());
        } else {
          note((TreeNode) item, place, directories, blobs);
        }
      }
    } catch (FormatException broken) {
      pending.problem(place, "it is no directory: " + broken.getMessage());
    }
    if (!pending.isGivenUp()) {
      pending.add(directories, blobs);
    }
  }

  /** Whether a directory was not walked before; one that no index lists never was. */
  private boolean isNew(Sha256 tree) {
    int place = places.place(BlobType.TREE, tree.word(0), tree.word(1), tree.word(2), tree.word(3));
    if (place < 0) {
      return true;
    }
    synchronized (walked) {
      boolean known = walked.get(place);
      walked.set(place);
      return !known;
    }
  }

  private void note(
      TreeNode node, Place place, List<Directory> directories, Map<Sha256, Place> blobs) {
    if (node.type() == EntryType.DIRECTORY) {
      Sha256 tree = Objects.requireNonNull(node.subtree());
      if (isNew(tree)) {
        directories.add(new Directory(tree, place.child(node.name())));
      }
      return;
    }
    BlobIds content = node.content();
    Place file = place.child(node.name());
    for (int i = 0; i < content.size(); i++) {
      Sha256 id = content.get(i);
      if (!replica.rely(BlobType.DATA, id)) {
        blobs.putIfAbsent(id, file);
      }
    }
  }

  /** A piece of a file, and where it lies. */
  private record Wanted(Sha256 id, Place place, long pack, long offset) {}

  private void fetch(Map<Sha256, Place> wanted, PendingCopy pending)
      throws IOException, InterruptedException {
    List<Wanted> ordered = ordered(wanted);
    for (int from = 0; from < ordered.size(); from += TOGETHER) {
      List<Wanted> some = ordered.subList(from, Math.min(from + TOGETHER, ordered.size()));
      workers.submit(() -> fetch(some, pending));
    }
  }

  private List<Wanted> ordered(Map<Sha256, Place> wanted) {
    BlobIndex known = index.current();
    List<Wanted> ordered = new ArrayList<>(wanted.size());
    wanted.forEach(
        (id, place) -> {
          BlobLocation location = known.find(BlobType.DATA, id, any -> true);
          ordered.add(
              location == null
                  ? new Wanted(id, place, Long.MAX_VALUE, 0)
                  : new Wanted(id, place, location.packNumber(), location.offset()));
        });
    ordered.sort(Comparator.comparingLong(Wanted::pack).thenComparingLong(Wanted::offset));
    return ordered;
  }

  private Void fetch(List<Wanted> some, PendingCopy pending) throws IOException {
    for (Wanted each : some) {
      if (pending.isGivenUp()) {
        return null;
      }
      if (!replica.rely(BlobType.DATA, each.id())) {
        Optional<StoredBlob> blob =
            readable(each.place(), pending, () -> source.readStored(BlobType.DATA, each.id()));
        if (blob.isPresent()) {
          store(each.id(), blob.get());
        }
      }
    }
    return null;
  }

  /** What its tool did not compress, such as all of version 1, is compressed if that helps. */
  private void store(Sha256 id, StoredBlob blob) throws IOException {
    progress.accept(blob.payload().length);
    if (blob.compressedFrom() == 0 && blob.length() > 0) {
      replica.storeData(blob.payload(), blob.length(), same -> {});
    } else {
      replica.transfer(BlobType.DATA, id, blob, false);
    }
  }

  /** How something is read from where is copied. */
  @FunctionalInterface
  private interface Reading<T> {
    T read() throws IOException;
  }

  /** Empty, and noted, if it is the snapshot that lacks it; other failures end the copy. */
  private static <T> Optional<T> readable(Place place, PendingCopy pending, Reading<T> reading)
      throws IOException {
    try {
      return Optional.of(reading.read());
    } catch (BackupException failure) {
      if (failure.kind() != Kind.MISSING
          && failure.kind() != Kind.DAMAGED
          && failure.kind() != Kind.UNSUPPORTED) {
        throw failure;
      }
      pending.problem(place, failure.getMessage());
      return Optional.empty();
    }
  }
}
