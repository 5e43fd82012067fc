package dev.copperplate.backup.repository.prune;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.repository.format.PackEntry;
import dev.copperplate.backup.repository.index.BlobIndex;
import dev.copperplate.backup.repository.index.BlobLocation;
import dev.copperplate.backup.repository.pack.BlobReader;
import dev.copperplate.backup.repository.run.Run;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which copies of blobs were read: an index may lie, and a pack be damaged, so that no copy goes
 * because of another that nobody has seen. A bit for each place of an index. Thread-safe.
 */
final class Copies {

  private final BlobIndex index;
  private final BitSet read = new BitSet();
  private final BitSet bad = new BitSet();

  Copies(BlobIndex index) {
    this.index = index;
  }

  /** The same, by the places of another index, which may have been loaded anew. */
  Copies by(BlobIndex next) {
    if (next == index) {
      return this;
    }
    Copies carried = new Copies(next);
    synchronized (this) {
      carry(read, next, carried.read);
      carry(bad, next, carried.bad);
    }
    return carried;
  }

  private void carry(BitSet places, BlobIndex next, BitSet to) {
    for (int at = places.nextSetBit(0); at >= 0; at = places.nextSetBit(at + 1)) {
      PackEntry blob = index.blobAt(at);
      OptionalInt pack = next.packNumber(index.pack(index.packAt(at)));
      if (pack.isPresent()) {
        int number = pack.getAsInt();
        int place =
            next.place(
                blob.type(),
                blob.id(),
                each -> next.packAt(each) == number && next.blobAt(each).equals(blob));
        if (place >= 0) {
          to.set(place);
        }
      }
    }
  }

  /** Takes what this prune has stored and compared itself for read. */
  synchronized void trust(PackStock stock, Set<Integer> packs) {
    for (int place = 0; place < stock.places(); place++) {
      int pack = index.packAt(place);
      if (packs.contains(pack) && !stock.isWrong(pack)) {
        read.set(place);
      }
    }
  }

  /** Whether the copy was read, and is what it should be. */
  synchronized boolean isRead(int place) {
    return read.get(place);
  }

  /** Whether the copy was to be read, and is not what it should be. */
  synchronized boolean isBad(int place) {
    return bad.get(place);
  }

  /** Reads copies, pack by pack, several packs at once. */
  void read(BitSet places, BlobReader from, Run run) throws IOException, InterruptedException {
    List<Integer> ofPack = new ArrayList<>();
    int last = -1;
    for (int place = places.nextSetBit(0); place >= 0; place = places.nextSetBit(place + 1)) {
      int pack = index.packAt(place);
      if (pack != last) {
        submit(ofPack, from, run);
        ofPack = new ArrayList<>();
        last = pack;
      }
      ofPack.add(place);
    }
    submit(ofPack, from, run);
    run.workers().join();
  }

  private void submit(List<Integer> places, BlobReader from, Run run)
      throws IOException, InterruptedException {
    if (!places.isEmpty()) {
      var unused = run.workers().submit(() -> read(places, from, run));
    }
  }

  private @Nullable Void read(List<Integer> places, BlobReader from, Run run) throws IOException {
    BackupException first = null;
    for (int place : places) {
      BackupException failure = failure(place, from);
      first = first == null ? failure : first;
      synchronized (this) {
        (failure == null ? read : bad).set(place);
      }
    }
    if (first != null) {
      run.report(
          Finding.warning(
              "pack " + index.pack(index.packAt(places.get(0))),
              "The index calls it one of several that hold the same, and it does not: "
                  + first.getMessage(),
              "The other copy stays. Check the repository"));
    }
    return null;
  }

  private @Nullable BackupException failure(int place, BlobReader from) throws IOException {
    PackEntry blob = index.blobAt(place);
    int pack = index.packAt(place);
    try {
      from.read(
          blob.type(),
          blob.id(),
          new BlobLocation(
              index.pack(pack), pack, blob.offset(), blob.length(), blob.plainLength()));
      return null;
    } catch (BackupException unreadable) {
      if (unreadable.kind() != Kind.DAMAGED && unreadable.kind() != Kind.MISSING) {
        throw unreadable;
      }
      return unreadable;
    }
  }
}
