package dev.copperplate.backup.repository.check;

import dev.copperplate.backup.repository.format.BlobType;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.index.BlobIndex;
import java.util.BitSet;

/**
 * Which blobs can be had: those of which a place is in a pack that is there, and not known to be
 * damaged. A bit for each pack and each place. Thread-safe.
 */
public final class BlobHealth {

  private final BlobIndex blobs;
  private final BitSet present;
  private final BitSet bad = new BitSet();

  /**
   * @param present the packs that are there, by number
   */
  public BlobHealth(BlobIndex blobs, BitSet present) {
    this.blobs = blobs;
    this.present = present;
  }

  public BlobIndex blobs() {
    return blobs;
  }

  public boolean isPresent(int pack) {
    return present.get(pack);
  }

  /** Notes that what lies at a place is damaged. */
  public synchronized void markBad(int entry) {
    bad.set(entry);
  }

  /** Notes that a pack is there and whole again. */
  public synchronized void restored(int pack, int[] entries) {
    present.set(pack);
    for (int each : entries) {
      bad.clear(each);
    }
  }

  /** The places that are damaged. */
  public synchronized BitSet bad() {
    return (BitSet) bad.clone();
  }

  /** Whether a blob can be had. */
  public boolean has(BlobType type, Sha256 id) {
    return blobs.place(type, id, this::isGood) >= 0;
  }

  /** The number that stands for a blob, wherever it lies; -1 if no index lists it. */
  public int number(BlobType type, Sha256 id) {
    return blobs.place(type, id, any -> true);
  }

  /** Whether what lies at a place can be had. */
  public boolean isGood(int entry) {
    if (!present.get(blobs.packAt(entry))) {
      return false;
    }
    synchronized (this) {
      return !bad.get(entry);
    }
  }
}
