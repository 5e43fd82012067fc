package dev.copperplate.backup.repository.prune;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.repository.format.BlobIds;
import dev.copperplate.backup.repository.format.BlobType;
import dev.copperplate.backup.repository.format.PackEntry;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.index.BlobIndex;
import java.util.BitSet;

/**
 * Which blobs snapshots need: a bit for each place of an index, set for the first place of a blob.
 * Thread-safe.
 */
final class NeededBlobs {

  private final BlobIndex index;
  private final BitSet marks = new BitSet();
  private long missing;
  private String firstMissing = "";

  NeededBlobs(BlobIndex index) {
    this.index = index;
  }

  /** The same, by the places of another index, which may have been loaded anew. */
  NeededBlobs by(BlobIndex next) throws BackupException {
    if (next == index) {
      return this;
    }
    NeededBlobs carried = new NeededBlobs(next);
    synchronized (this) {
      for (int at = marks.nextSetBit(0); at >= 0; at = marks.nextSetBit(at + 1)) {
        PackEntry blob = index.blobAt(at);
        Sha256 id = blob.id();
        int place = next.place(blob.type(), id.word(0), id.word(1), id.word(2), id.word(3));
        if (place >= 0) {
          carried.marks.set(place);
        } else if (blob.type() == BlobType.TREE) {
          throw gone(id);
        } else {
          carried.miss(id);
        }
      }
    }
    return carried;
  }

  private static BackupException gone(Sha256 tree) {
    return new BackupException(
        Kind.CONFLICT,
        "Nothing was removed, because somebody else has changed the index meanwhile: directory blob "
            + tree
            + " is no longer listed. Check the repository, and prune again");
  }

  /** Marks a directory; false if it was marked before, or no index lists it. */
  boolean addTree(Sha256 id) {
    return add(index.place(BlobType.TREE, id.word(0), id.word(1), id.word(2), id.word(3)));
  }

  /** Whether an index lists the directory. */
  boolean isListed(Sha256 tree) {
    return index.place(BlobType.TREE, tree.word(0), tree.word(1), tree.word(2), tree.word(3)) >= 0;
  }

  /** Marks the pieces of a file, and counts those that no index lists. */
  void addData(BlobIds blobs) {
    for (int i = 0; i < blobs.size(); i++) {
      int place =
          index.place(
              BlobType.DATA,
              blobs.word(i, 0),
              blobs.word(i, 1),
              blobs.word(i, 2),
              blobs.word(i, 3));
      if (place >= 0) {
        add(place);
      } else {
        miss(blobs.get(i));
      }
    }
  }

  private synchronized boolean add(int place) {
    if (place < 0 || marks.get(place)) {
      return false;
    }
    marks.set(place);
    return true;
  }

  private synchronized void miss(Sha256 id) {
    if (missing++ == 0) {
      firstMissing = id.hex();
    }
  }

  /** Whether the blob whose first place this is was marked. */
  synchronized boolean contains(int firstPlace) {
    return marks.get(firstPlace);
  }

  /** How often snapshots name a piece of a file that no index lists. */
  synchronized long missing() {
    return missing;
  }

  /** One of them. */
  synchronized String firstMissing() {
    return firstMissing;
  }
}
