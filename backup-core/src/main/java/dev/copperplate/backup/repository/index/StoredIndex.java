package dev.copperplate.backup.repository.index;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.repository.format.FormatException;
import dev.copperplate.backup.repository.format.IndexReader;
import dev.copperplate.backup.repository.format.IndexVisitor;
import dev.copperplate.backup.repository.format.IndexWriter;
import dev.copperplate.backup.repository.format.ListedBlob;
import dev.copperplate.backup.repository.format.PackEntry;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.repository.storage.ObjectStore;
import dev.copperplate.backup.repository.storage.Retention;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the stored index files say, in memory, brought up to date when asked. Thread-safe.
 *
 * <p>An index file that cannot be read costs what only it lists and nothing else; it is named by
 * {@link #damaged}.
 */
public final class StoredIndex {

  /** A new index file is begun at this many blobs; restic's own figure. */
  public static final int BLOBS_PER_FILE = 50_000;

  /** How often to list again when index files are replaced while they are loaded. */
  private static final int ATTEMPTS = 3;

  private static final Logger LOG = LoggerFactory.getLogger(StoredIndex.class);

  private final ObjectStore store;
  private final Map<Sha256, BackupException> damaged = new LinkedHashMap<>();
  // Names are hashes: what is malformed under one stays so.
  private final Set<Sha256> malformed = new HashSet<>();
  private volatile Content content = new Content();

  public StoredIndex(ObjectStore store) {
    this.store = store;
  }

  /**
   * The index as of the last {@link #refresh}. Another object after index files were removed; the
   * former one keeps what it knew, for those who still work with it.
   */
  public BlobIndex current() {
    return content.blobs;
  }

  /**
   * Reads the index files that have come, and forgets what only those said that have gone. What
   * stays is not read again, and whatever is listed all the time is known all the time.
   */
  public synchronized void refresh() throws IOException {
    boolean whole = false;
    for (int attempt = 1; !whole && attempt <= ATTEMPTS; attempt++) {
      Set<Sha256> listed = store.ids(ObjectKind.INDEX);
      damaged.keySet().retainAll(listed);
      malformed.retainAll(listed);
      whole = load(listed, content);
      // Before all that is listed was read, what has gone may not be known by its new name.
      if (whole || attempt == ATTEMPTS) {
        content = content.only(listed);
      }
    }
  }

  /** The index files that could not be read at the last {@link #refresh}, each with the reason. */
  public synchronized List<BackupException> damaged() {
    return List.copyOf(damaged.values());
  }

  /** {@link #current} together with the files that it was made of. */
  public synchronized View view() {
    return new View(
        content.blobs, content.blobs.size(), content.blobs.packs(), content.indexFiles());
  }

  /**
   * What is known at a moment.
   *
   * @param blobs what all files say together; writers of this process and later refreshes may add
   *     to it, and nothing is ever taken from it
   * @param places how many places it knew
   * @param packs how many packs it knew
   * @param files what each file lists
   */
  public record View(BlobIndex blobs, int places, int packs, Map<Sha256, IndexFile> files) {}

  /**
   * What an index file lists.
   *
   * @param packs their numbers in the {@link BlobIndex}, in the order of the file
   * @param blobs how many blobs
   * @param doomed whether it also marks packs for deletion, as rustic does
   */
  public record IndexFile(int[] packs, int blobs, boolean doomed) {}

  /** The packs that another tool has marked for deletion: nothing may rely on them. */
  public synchronized Set<Sha256> doomedPacks() {
    return content.doomedPacks();
  }

  /** {@link #add(Map, Retention)} without retention. */
  public void add(Map<Sha256, List<PackEntry>> packs) throws IOException {
    add(packs, Retention.NONE);
  }

  /** Stores an index file that lists these packs; durable and in {@link #current} on return. */
  public void add(Map<Sha256, List<PackEntry>> packs, Retention retention) throws IOException {
    IndexWriter writer = new IndexWriter();
    packs.forEach(writer::add);
    // Not under the lock: a store that hangs must not hold up those who only read.
    Sha256 file = store.write(ObjectKind.INDEX, writer.finish(), retention);
    synchronized (this) {
      // Somebody may have found it in the listing already.
      if (!content.files.containsKey(file)) {
        content.add(file, packs);
      }
    }
  }

  /** False if one went between the listing and the reading: its successor may not be listed. */
  private boolean load(Set<Sha256> listed, Content to) throws IOException {
    List<Sha256> missing = new ArrayList<>(listed);
    missing.removeIf(each -> to.files.containsKey(each) || malformed.contains(each));
    boolean whole = true;
    for (Sha256 id : missing) {
      try {
        // Apart first, because half of a malformed file must not count, as for other tools.
        Reading reading = new Reading();
        IndexReader.read(store.read(ObjectKind.INDEX, id), reading);
        to.add(id, reading);
        damaged.remove(id);
      } catch (FormatException broken) {
        malformed.add(id);
        note(id, store.damaged(ObjectKind.INDEX, id, broken.getMessage(), broken));
      } catch (BackupException failure) {
        if (failure.kind() == Kind.DAMAGED) {
          note(id, failure);
        } else if (failure.kind() == Kind.NOT_FOUND) {
          whole = false;
        } else {
          throw failure;
        }
      }
    }
    return whole;
  }

  private void note(Sha256 id, BackupException failure) {
    if (damaged.put(id, failure) == null) {
      LOG.warn("An index file is passed over: {}", failure.getMessage());
    }
  }

  /**
   * An index file in memory.
   *
   * @param from its first place in the {@link BlobIndex}; the others follow, because only one file
   *     is added at a time
   */
  private record Loaded(IndexFile file, int from, Set<Sha256> doomedPacks) {}

  /** What the index files say that were loaded. It only grows; without some it is another. */
  private static final class Content {

    final Map<Sha256, Loaded> files = new LinkedHashMap<>();
    final BlobIndex blobs = new BlobIndex();

    void add(Sha256 file, Map<Sha256, List<PackEntry>> packs) {
      int from = blobs.size();
      packs.forEach(blobs::add);
      int[] numbers = packs.keySet().stream().mapToInt(blobs::addPack).toArray();
      files.put(
          file, new Loaded(new IndexFile(numbers, blobs.size() - from, false), from, Set.of()));
    }

    void add(Sha256 file, Reading reading) {
      IndexFile alone =
          new IndexFile(
              reading.packs.build().toArray(),
              reading.blobs.size(),
              !reading.doomedPacks.isEmpty());
      take(
          file,
          new Loaded(alone, 0, Set.copyOf(reading.doomedPacks)),
          reading.blobs,
          new int[reading.blobs.packs()]);
    }

    /** This, if it has no other files; else what these say, from memory. */
    Content only(Set<Sha256> listed) {
      if (listed.containsAll(files.keySet())) {
        return this;
      }
      Content rest = new Content();
      int[] numbers = new int[blobs.packs()];
      files.forEach(
          (id, loaded) -> {
            if (listed.contains(id)) {
              rest.take(id, loaded, blobs, numbers);
            }
          });
      return rest;
    }

    private void take(Sha256 id, Loaded loaded, BlobIndex of, int[] numbers) {
      IndexFile file = loaded.file();
      for (int pack : file.packs()) {
        numbers[pack] = blobs.addPack(of.pack(pack));
      }
      int[] packs = Arrays.stream(file.packs()).map(pack -> numbers[pack]).toArray();
      int from = blobs.size();
      blobs.addAll(of, loaded.from(), loaded.from() + file.blobs(), numbers);
      IndexFile same = new IndexFile(packs, file.blobs(), file.doomed());
      files.put(id, new Loaded(same, from, loaded.doomedPacks()));
    }

    Map<Sha256, IndexFile> indexFiles() {
      Map<Sha256, IndexFile> described = new HashMap<>();
      files.forEach((id, loaded) -> described.put(id, loaded.file()));
      return described;
    }

    Set<Sha256> doomedPacks() {
      Set<Sha256> doomed = new HashSet<>();
      files.values().forEach(each -> doomed.addAll(each.doomedPacks()));
      return doomed;
    }
  }

  /** One index file, by itself. */
  private static final class Reading implements IndexVisitor {

    private final BlobIndex blobs = new BlobIndex();
    private final IntStream.Builder packs = IntStream.builder();
    private final Set<Sha256> doomedPacks = new HashSet<>();
    private int pack;

    @Override
    public void pack(Sha256 id) {
      pack = blobs.addPack(id);
      packs.add(pack);
    }

    @Override
    public void doomedPack(Sha256 id) {
      doomedPacks.add(id);
    }

    @Override
    public void blob(ListedBlob blob) {
      blobs.add(
          pack,
          blob.type(),
          blob.word(0),
          blob.word(1),
          blob.word(2),
          blob.word(3),
          blob.offset(),
          blob.length(),
          blob.plainLength());
    }
  }
}
