package dev.copperplate.backup.repository.check;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.repository.crypto.Sealer;
import dev.copperplate.backup.repository.format.BlobType;
import dev.copperplate.backup.repository.format.FormatException;
import dev.copperplate.backup.repository.format.IndexReader;
import dev.copperplate.backup.repository.format.IndexVisitor;
import dev.copperplate.backup.repository.format.ListedBlob;
import dev.copperplate.backup.repository.format.PackHeader;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.index.BlobIndex;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.repository.storage.ObjectStore;
import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the index files say of whole packs, each file read anew: a few numbers for each pack, found
 * by its number in a {@link BlobIndex}. Immutable once read.
 */
public final class IndexFacts {

  private static final int ENTRY = 37;
  private static final int COMPRESSED_ENTRY = 41;

  private final BlobIndex blobs;
  private final Map<Sha256, String> unreadable = new LinkedHashMap<>();
  private final Set<Sha256> files = new TreeSet<>();
  private final BitSet several = new BitSet();
  private final BitSet contradictory = new BitSet();
  private final BitSet mixed = new BitSet();
  private long[] sizes = new long[0];
  private long[] digests = new long[0];
  private boolean whole = true;

  private IndexFacts(BlobIndex blobs) {
    this.blobs = blobs;
  }

  /** Reads all index files. Packs that the index does not know are passed over. */
  static IndexFacts read(ObjectStore store, BlobIndex blobs) throws IOException {
    IndexFacts facts = new IndexFacts(blobs);
    for (Sha256 each : new TreeSet<>(store.ids(ObjectKind.INDEX))) {
      facts.read(store, each);
    }
    return facts;
  }

  /** The index files that were read. */
  public Set<Sha256> files() {
    return files;
  }

  /** Index files that cannot be read, and why. */
  public Map<Sha256, String> unreadable() {
    return unreadable;
  }

  /** Whether no index file went while they were read. */
  boolean whole() {
    return whole;
  }

  /** What a pack must have in bytes, by its first listing; 0 if it was in no file. */
  public long size(int pack) {
    return pack < sizes.length ? sizes[pack] : 0;
  }

  /** The packs that are listed more than once. */
  public BitSet several() {
    return several;
  }

  /** Those of them of which the listings differ. */
  public BitSet contradictory() {
    return contradictory;
  }

  /** The packs that hold both directories and pieces of files. */
  BitSet mixed() {
    return mixed;
  }

  private void read(ObjectStore store, Sha256 file) throws IOException {
    try {
      Listing listing = new Listing();
      IndexReader.read(store.read(ObjectKind.INDEX, file), listing);
      listing.finish();
      files.add(file);
    } catch (FormatException broken) {
      unreadable.put(file, String.valueOf(broken.getMessage()));
    } catch (BackupException failure) {
      if (failure.kind() == Kind.NOT_FOUND) {
        whole = false;
      } else if (failure.kind() == Kind.DAMAGED) {
        unreadable.put(file, String.valueOf(failure.getMessage()));
      } else {
        throw failure;
      }
    }
  }

  private void note(Sha256 pack, long size, long digest, boolean both) {
    OptionalInt known = blobs.packNumber(pack);
    if (known.isEmpty()) {
      return;
    }
    int number = known.getAsInt();
    if (number >= sizes.length) {
      int capacity = Math.max(number + 1, Math.max(blobs.packs(), sizes.length * 2));
      sizes = Arrays.copyOf(sizes, capacity);
      digests = Arrays.copyOf(digests, capacity);
    }
    if (both) {
      mixed.set(number);
    }
    if (sizes[number] == 0) {
      sizes[number] = size;
      digests[number] = digest;
      return;
    }
    several.set(number);
    if (sizes[number] != size || digests[number] != digest) {
      contradictory.set(number);
    }
  }

  /** Adds up one pack after the other. The digest does not depend on the order of blobs. */
  private final class Listing implements IndexVisitor {

    private Sha256 pack = Sha256.ofWords(0, 0, 0, 0);
    private boolean begun;
    private long size;
    private long digest;
    private boolean data;
    private boolean trees;

    @Override
    public void pack(Sha256 id) {
      finish();
      pack = id;
      begun = true;
      size = Sealer.OVERHEAD + PackHeader.LENGTH_SIZE;
      digest = 0;
      data = false;
      trees = false;
    }

    @Override
    public void doomedPack(Sha256 id) {}

    @Override
    public void blob(ListedBlob blob) {
      boolean tree = blob.type() == BlobType.TREE;
      size += blob.length() + (blob.plainLength() > 0 ? COMPRESSED_ENTRY : ENTRY);
      data |= !tree;
      trees |= tree;
      long id = mix(mix(blob.word(0) ^ blob.word(2)) + blob.word(1) + blob.word(3));
      long mixed = mix(id + (blob.offset() << 32 | blob.length()));
      digest += mix(mixed + blob.plainLength() + (tree ? 1 : 0));
    }

    void finish() {
      if (begun) {
        note(pack, size, digest, data && trees);
        begun = false;
      }
    }
  }

  /** Spreads the bits of a number over all of it. */
  private static long mix(long value) {
    long mixed = (value ^ value >>> 32) * 0x9e3779b97f4a7c15L;
    return (mixed ^ mixed >>> 29) * 0xbf58476d1ce4e5b9L;
  }
}
