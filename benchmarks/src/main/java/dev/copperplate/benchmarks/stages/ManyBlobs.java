package dev.copperplate.benchmarks.stages;

import dev.copperplate.backup.repository.crypto.MasterKey;
import dev.copperplate.backup.repository.format.BlobType;
import dev.copperplate.backup.repository.format.PackEntry;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.index.StoredIndex;
import dev.copperplate.backup.repository.storage.ObjectStore;
import dev.copperplate.backup.target.LocalTarget;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** The index of a repository with many blobs, without the packs. */
final class ManyBlobs {

  /** In a pack: as many as there are pieces of average size of data that halves. */
  static final int PER_PACK = 20;

  private static final int STORED = 800_000;
  private static final int PLAIN = 1_600_000;
  private static final long SEED = 1;

  private final int blobs;
  private final int perPack;

  /**
   * @param blobs how many there are
   * @param perPack how many of them in each pack
   */
  ManyBlobs(int blobs, int perPack) {
    this.blobs = blobs;
    this.perPack = perPack;
  }

  /** Stores the index files below a directory, as many as the engine would, and opens them. */
  ObjectStore store(Path directory) throws IOException {
    ObjectStore store =
        new ObjectStore(LocalTarget.at(directory), MasterKey.random(new SecureRandom()));
    StoredIndex index = new StoredIndex(store);
    SplittableRandom random = random();
    int left = blobs;
    while (left > 0) {
      int count = Math.min(left, StoredIndex.BLOBS_PER_FILE);
      index.add(packs(count, perPack, random));
      left -= count;
    }
    return store;
  }

  /** What one index file lists. */
  static Map<Sha256, List<PackEntry>> packs(int blobs, int perPack, SplittableRandom random) {
    Map<Sha256, List<PackEntry>> packs = new LinkedHashMap<>();
    int left = blobs;
    while (left > 0) {
      int count = Math.min(left, perPack);
      packs.put(id(random), pack(count, random));
      left -= count;
    }
    return packs;
  }

  /** The ids of some of the blobs, in no order. */
  static List<Sha256> some(int count, Map<Sha256, List<PackEntry>> packs, SplittableRandom random) {
    List<Sha256> all = new ArrayList<>();
    packs.values().forEach(pack -> pack.forEach(each -> all.add(each.id())));
    List<Sha256> some = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      some.add(all.get(random.nextInt(all.size())));
    }
    return some;
  }

  /** An id that no other blob has. */
  static Sha256 id(SplittableRandom random) {
    return Sha256.ofWords(
        random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
  }

  static SplittableRandom random() {
    return new SplittableRandom(SEED);
  }

  private static List<PackEntry> pack(int blobs, SplittableRandom random) {
    List<PackEntry> entries = new ArrayList<>(blobs);
    for (int i = 0; i < blobs; i++) {
      long offset = (long) i * STORED;
      entries.add(new PackEntry(BlobType.DATA, id(random), offset, STORED, PLAIN));
    }
    return entries;
  }
}
