package dev.copperplate.backup.repository.index;

import dev.copperplate.backup.repository.format.Sha256;
import java.util.ArrayList;
import java.util.List;

/**
 * Packs, numbered in the order in which they were added, in primitive arrays: 32 bytes a pack for
 * its name and 5 to 11 for its slot in the hash table. A pack may hold ten blobs alone, so that
 * what it costs counts. Not thread-safe.
 */
final class PackNumbers {

  private static final int PAGE_BITS = 10;
  private static final int PAGE = 1 << PAGE_BITS;
  private static final int WORDS = 4;

  private final List<long[]> names = new ArrayList<>();

  // Open addressing over numbers plus one; 0 is free.
  private int[] slots = new int[PAGE];
  private int size;

  int size() {
    return size;
  }

  long bytes() {
    return (long) names.size() * PAGE * WORDS * Long.BYTES + (long) slots.length * Integer.BYTES;
  }

  /** The pack with a number. */
  Sha256 name(int number) {
    long[] page = names.get(number >>> PAGE_BITS);
    int at = (number & PAGE - 1) * WORDS;
    return new Sha256(page[at], page[at + 1], page[at + 2], page[at + 3]);
  }

  /** The number of a pack, or -1 if it is not known. */
  int find(Sha256 pack) {
    return slots[slot(pack)] - 1;
  }

  /** Adds a pack, or finds it again. */
  int add(Sha256 pack) {
    int known = find(pack);
    if (known >= 0) {
      return known;
    }
    if ((size + 1) * 4L > slots.length * 3L) {
      grow();
    }
    if (size == names.size() << PAGE_BITS) {
      names.add(new long[PAGE * WORDS]);
    }
    long[] page = names.get(size >>> PAGE_BITS);
    for (int i = 0; i < WORDS; i++) {
      page[(size & PAGE - 1) * WORDS + i] = pack.word(i);
    }
    slots[slot(pack)] = size + 1;
    return size++;
  }

  /** The slot of a pack, or the free one where it would be. */
  private int slot(Sha256 pack) {
    int slot = (int) pack.word(0) & slots.length - 1;
    while (slots[slot] != 0 && !isAt(slots[slot] - 1, pack)) {
      slot = slot + 1 & slots.length - 1;
    }
    return slot;
  }

  private boolean isAt(int number, Sha256 pack) {
    long[] page = names.get(number >>> PAGE_BITS);
    int at = (number & PAGE - 1) * WORDS;
    for (int i = 0; i < WORDS; i++) {
      if (page[at + i] != pack.word(i)) {
        return false;
      }
    }
    return true;
  }

  private void grow() {
    slots = new int[Math.multiplyExact(slots.length, 2)];
    for (int number = 0; number < size; number++) {
      slots[slot(name(number))] = number + 1;
    }
  }
}
