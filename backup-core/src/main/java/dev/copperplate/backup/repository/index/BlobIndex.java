package dev.copperplate.backup.repository.index;

import dev.copperplate.backup.repository.format.BlobType;
import dev.copperplate.backup.repository.format.PackEntry;
import dev.copperplate.backup.repository.format.Sha256;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The places of all known blobs, in primitive arrays: 48 bytes a blob for the entry and 5 to 11 for
 * its slot in the hash table, and some 40 bytes a pack. A blob may have several places.
 * Thread-safe; grows only.
 *
 * <p>Packs are numbered in the order in which they were added, so that a set of packs is a bit set.
 */
public final class BlobIndex {

  private static final int PAGE_BITS = 12;
  private static final int PAGE = 1 << PAGE_BITS;
  private static final int WORDS = 4;
  private static final int FIELDS = 4;
  private static final int TREE_BIT = 1 << 31;

  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private final PackNumbers packs = new PackNumbers();

  // Pages, not one array: growing copies nothing, and no half-empty array is ever carried along.
  private final List<long[]> ids = new ArrayList<>();
  private final List<int[]> places = new ArrayList<>();

  // Open addressing over entry numbers plus one; 0 is free.
  private int[] slots = new int[PAGE];
  private int size;

  /** How many places are known. */
  public int size() {
    lock.readLock().lock();
    try {
      return size;
    } finally {
      lock.readLock().unlock();
    }
  }

  /** The bytes that the entries, the packs and their hash tables take. */
  public long bytes() {
    lock.readLock().lock();
    try {
      return (long) ids.size() * PAGE * (WORDS * Long.BYTES + FIELDS * Integer.BYTES)
          + (long) slots.length * Integer.BYTES
          + packs.bytes();
    } finally {
      lock.readLock().unlock();
    }
  }

  /** The number of a pack, if it is known. */
  public OptionalInt packNumber(Sha256 pack) {
    lock.readLock().lock();
    try {
      int number = packs.find(pack);
      return number < 0 ? OptionalInt.empty() : OptionalInt.of(number);
    } finally {
      lock.readLock().unlock();
    }
  }

  /** The pack with a number. */
  public Sha256 pack(int number) {
    lock.readLock().lock();
    try {
      return packs.name(number);
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Adds a pack, or finds it again. */
  public int addPack(Sha256 pack) {
    lock.writeLock().lock();
    try {
      return packs.add(pack);
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** Adds a place of a blob. Numbers are those of the index file: unsigned, 32 bits. */
  void add(
      int pack,
      BlobType type,
      long word0,
      long word1,
      long word2,
      long word3,
      long offset,
      long length,
      long compressedFrom) {
    lock.writeLock().lock();
    try {
      if (size == ids.size() << PAGE_BITS) {
        addPage();
      }
      long[] id = ids.get(size >>> PAGE_BITS);
      int word = (size & PAGE - 1) * WORDS;
      id[word] = word0;
      id[word + 1] = word1;
      id[word + 2] = word2;
      id[word + 3] = word3;
      int[] fields = places.get(size >>> PAGE_BITS);
      int field = (size & PAGE - 1) * FIELDS;
      fields[field] = type == BlobType.TREE ? pack | TREE_BIT : pack;
      fields[field + 1] = (int) offset;
      fields[field + 2] = (int) length;
      fields[field + 3] = (int) compressedFrom;
      added(word0);
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** Adds the blobs of a pack. */
  public void add(Sha256 pack, List<PackEntry> entries) {
    int number = addPack(pack);
    for (PackEntry each : entries) {
      Sha256 id = each.id();
      add(
          number,
          each.type(),
          id.word(0),
          id.word(1),
          id.word(2),
          id.word(3),
          each.offset(),
          each.length(),
          each.plainLength());
    }
  }

  /**
   * Adds places of another index.
   *
   * @param from the number there of the first
   * @param to the number there of the one after the last
   * @param packs the numbers here of the packs there
   */
  void addAll(BlobIndex other, int from, int to, int[] packs) {
    other.lock.readLock().lock();
    lock.writeLock().lock();
    try {
      for (int place = from; place < to; place++) {
        if (size == ids.size() << PAGE_BITS) {
          addPage();
        }
        long[] id = other.ids.get(place >>> PAGE_BITS);
        int word = (place & PAGE - 1) * WORDS;
        System.arraycopy(id, word, ids.get(size >>> PAGE_BITS), (size & PAGE - 1) * WORDS, WORDS);
        int[] fields = places.get(size >>> PAGE_BITS);
        int field = (size & PAGE - 1) * FIELDS;
        System.arraycopy(
            other.places.get(place >>> PAGE_BITS),
            (place & PAGE - 1) * FIELDS,
            fields,
            field,
            FIELDS);
        fields[field] = packs[fields[field] & ~TREE_BIT] | fields[field] & TREE_BIT;
        added(id[word]);
      }
    } finally {
      lock.writeLock().unlock();
      other.lock.readLock().unlock();
    }
  }

  /** The first place of a blob in a pack that the predicate accepts by number; null if none. */
  public @Nullable BlobLocation find(BlobType type, Sha256 id, IntPredicate packs) {
    lock.readLock().lock();
    try {
      for (int slot = slot(id.word(0)); slots[slot] != 0; slot = slot + 1 & slots.length - 1) {
        int entry = slots[slot] - 1;
        if (matches(entry, type, id) && packs.test(packOf(entry))) {
          return location(entry);
        }
      }
      return null;
    } finally {
      lock.readLock().unlock();
    }
  }

  /**
   * The number of the first place of a blob that the predicate accepts by number, or -1 if there is
   * none. A set of places is a bit set, and the first place of a blob stands for the blob.
   */
  public int place(BlobType type, Sha256 id, IntPredicate wanted) {
    lock.readLock().lock();
    try {
      for (int slot = slot(id.word(0)); slots[slot] != 0; slot = slot + 1 & slots.length - 1) {
        int place = slots[slot] - 1;
        if (matches(place, type, id) && wanted.test(place)) {
          return place;
        }
      }
      return -1;
    } finally {
      lock.readLock().unlock();
    }
  }

  /** All places of a blob. */
  public List<BlobLocation> locations(BlobType type, Sha256 id) {
    List<BlobLocation> found = new ArrayList<>(1);
    lock.readLock().lock();
    try {
      for (int slot = slot(id.word(0)); slots[slot] != 0; slot = slot + 1 & slots.length - 1) {
        int entry = slots[slot] - 1;
        if (matches(entry, type, id)) {
          found.add(location(entry));
        }
      }
      return found;
    } finally {
      lock.readLock().unlock();
    }
  }

  /** How many packs are known. */
  public int packs() {
    lock.readLock().lock();
    try {
      return packs.size();
    } finally {
      lock.readLock().unlock();
    }
  }

  /**
   * The number of the first place of a blob, or -1 if it is not known. Places are numbered from 0
   * in the order in which they were added, and keep their numbers.
   */
  public int place(BlobType type, long word0, long word1, long word2, long word3) {
    lock.readLock().lock();
    try {
      int slot = slot(word0);
      while (slots[slot] != 0 && !matches(slots[slot] - 1, type, word0, word1, word2, word3)) {
        slot = slot + 1 & slots.length - 1;
      }
      return slots[slot] - 1;
    } finally {
      lock.readLock().unlock();
    }
  }

  /**
   * The number of the first place of the blob that lies at a place: its own, if it is the first.
   */
  public int firstPlace(int place) {
    lock.readLock().lock();
    try {
      long[] page = ids.get(place >>> PAGE_BITS);
      int at = (place & PAGE - 1) * WORDS;
      return place(typeAt(place), page[at], page[at + 1], page[at + 2], page[at + 3]);
    } finally {
      lock.readLock().unlock();
    }
  }

  /** The number of the next place of the blob that lies at a place, or -1 if that was the last. */
  public int nextPlace(int place) {
    lock.readLock().lock();
    try {
      long[] page = ids.get(place >>> PAGE_BITS);
      int at = (place & PAGE - 1) * WORDS;
      int slot = slot(page[at]);
      while (slots[slot] != place + 1) {
        slot = slot + 1 & slots.length - 1;
      }
      do {
        slot = slot + 1 & slots.length - 1;
      } while (slots[slot] != 0
          && !matches(
              slots[slot] - 1, typeAt(place), page[at], page[at + 1], page[at + 2], page[at + 3]));
      return slots[slot] - 1;
    } finally {
      lock.readLock().unlock();
    }
  }

  /** The number of the pack in which a place is. */
  public int packAt(int place) {
    lock.readLock().lock();
    try {
      return packOf(place);
    } finally {
      lock.readLock().unlock();
    }
  }

  /** The blob that lies at a place. An object each: for few, or one after the other. */
  public PackEntry blobAt(int place) {
    lock.readLock().lock();
    try {
      long[] page = ids.get(place >>> PAGE_BITS);
      int at = (place & PAGE - 1) * WORDS;
      int[] fields = places.get(place >>> PAGE_BITS);
      int from = (place & PAGE - 1) * FIELDS;
      return new PackEntry(
          typeAt(place),
          new Sha256(page[at], page[at + 1], page[at + 2], page[at + 3]),
          Integer.toUnsignedLong(fields[from + 1]),
          Integer.toUnsignedLong(fields[from + 2]),
          Integer.toUnsignedLong(fields[from + 3]));
    } finally {
      lock.readLock().unlock();
    }
  }

  private BlobType typeAt(int place) {
    return places.get(place >>> PAGE_BITS)[(place & PAGE - 1) * FIELDS] < 0
        ? BlobType.TREE
        : BlobType.DATA;
  }

  private int packOf(int entry) {
    return places.get(entry >>> PAGE_BITS)[(entry & PAGE - 1) * FIELDS] & ~TREE_BIT;
  }

  private boolean matches(int entry, BlobType type, Sha256 id) {
    return matches(entry, type, id.word(0), id.word(1), id.word(2), id.word(3));
  }

  private boolean matches(
      int entry, BlobType type, long word0, long word1, long word2, long word3) {
    long[] page = ids.get(entry >>> PAGE_BITS);
    int at = (entry & PAGE - 1) * WORDS;
    return page[at] == word0
        && page[at + 1] == word1
        && page[at + 2] == word2
        && page[at + 3] == word3
        && typeAt(entry) == type;
  }

  private BlobLocation location(int entry) {
    int[] page = places.get(entry >>> PAGE_BITS);
    int at = (entry & PAGE - 1) * FIELDS;
    int pack = page[at] & ~TREE_BIT;
    return new BlobLocation(
        packs.name(pack),
        pack,
        Integer.toUnsignedLong(page[at + 1]),
        Integer.toUnsignedLong(page[at + 2]),
        Integer.toUnsignedLong(page[at + 3]));
  }

  private int slot(long firstWord) {
    return (int) firstWord & slots.length - 1;
  }

  private void occupy(int entryPlusOne, long firstWord) {
    int slot = slot(firstWord);
    while (slots[slot] != 0) {
      slot = slot + 1 & slots.length - 1;
    }
    slots[slot] = entryPlusOne;
  }

  private void addPage() {
    ids.add(new long[PAGE * WORDS]);
    places.add(new int[PAGE * FIELDS]);
  }

  /** Counts in what was put behind the others. */
  private void added(long firstWord) {
    if ((size + 1) * 4L > slots.length * 3L) {
      grow();
    }
    size++;
    occupy(size, firstWord);
  }

  private void grow() {
    slots = new int[Math.multiplyExact(slots.length, 2)];
    for (int entry = 0; entry < size; entry++) {
      occupy(entry + 1, ids.get(entry >>> PAGE_BITS)[(entry & PAGE - 1) * WORDS]);
    }
  }
}
