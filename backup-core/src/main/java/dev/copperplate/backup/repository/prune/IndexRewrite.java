package dev.copperplate.backup.repository.prune;

import dev.copperplate.backup.repository.format.IndexWriter;
import dev.copperplate.backup.repository.format.PackEntry;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.index.BlobIndex;
import dev.copperplate.backup.repository.index.StoredIndex;
import dev.copperplate.backup.repository.index.StoredIndex.IndexFile;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.repository.storage.ObjectStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which index files make room for new ones: those that list packs that go or are gone, those that
 * list a pack that another one lists, and small ones if there are many. A new one lists each pack
 * with all its blobs, and none that an index file lists that stays.
 */
final class IndexRewrite {

  /** A file with fewer blobs is small: half of what a file holds that is full. */
  private static final int SMALL = StoredIndex.BLOBS_PER_FILE / 2;

  /** So many small files are made into few. */
  private static final int MANY = 8;

  private final PackStock stock;
  private final BlobIndex index;
  private final Map<Sha256, IndexFile> files;
  private final Set<Sha256> fixed;
  private final Set<Sha256> replaced = new HashSet<>();
  private final BitSet relisted = new BitSet();

  private IndexRewrite(PackStock stock, Map<Sha256, IndexFile> files, Set<Sha256> fixed) {
    this.stock = stock;
    this.index = stock.index();
    this.files = files;
    this.fixed = fixed;
  }

  /** The packs that are listed by index files that cannot be replaced. */
  static BitSet listedBy(Set<Sha256> fixed, Map<Sha256, IndexFile> files) {
    BitSet packs = new BitSet();
    files.forEach(
        (id, file) -> {
          for (int pack : file.packs()) {
            if (fixed.contains(id)) {
              packs.set(pack);
            }
          }
        });
    return packs;
  }

  /**
   * Plans.
   *
   * @param fixed files that cannot be replaced
   * @param dropped packs that shall be listed no more
   */
  static IndexRewrite of(
      PackStock stock, Map<Sha256, IndexFile> files, Set<Sha256> fixed, BitSet dropped) {
    IndexRewrite rewrite = new IndexRewrite(stock, files, fixed);
    rewrite.replaceThoseWith(dropped, rewrite.listedTwice());
    rewrite.replaceSmall();
    rewrite.relist(dropped);
    return rewrite;
  }

  private BitSet listedTwice() {
    BitSet once = new BitSet();
    BitSet twice = new BitSet();
    for (IndexFile file : files.values()) {
      for (int pack : file.packs()) {
        twice.set(pack, once.get(pack) || twice.get(pack));
        once.set(pack);
      }
    }
    return twice;
  }

  private void replaceThoseWith(BitSet dropped, BitSet twice) {
    files.forEach(
        (id, file) -> {
          for (int pack : file.packs()) {
            if (!fixed.contains(id) && (dropped.get(pack) || twice.get(pack))) {
              replaced.add(id);
            }
          }
        });
  }

  private void replaceSmall() {
    List<Sha256> small = new ArrayList<>();
    files.forEach(
        (id, file) -> {
          if (!fixed.contains(id) && file.blobs() < SMALL) {
            small.add(id);
          }
        });
    if (small.size() >= MANY) {
      replaced.addAll(small);
    }
  }

  private void relist(BitSet dropped) {
    BitSet stay = new BitSet();
    files.forEach(
        (id, file) -> {
          for (int pack : file.packs()) {
            (replaced.contains(id) ? relisted : stay).set(pack);
          }
        });
    relisted.andNot(stay);
    relisted.andNot(dropped);
  }

  /** The files that go. */
  Set<Sha256> replaced() {
    return replaced;
  }

  /** Stores the new files; durable on return. */
  List<Sha256> write(ObjectStore store) throws IOException {
    List<Sha256> written = new ArrayList<>();
    int[] places = placesByPack();
    IndexWriter writer = new IndexWriter();
    for (int from = 0; from < places.length; ) {
      int pack = index.packAt(places[from]);
      List<PackEntry> blobs = new ArrayList<>();
      for (; from < places.length && index.packAt(places[from]) == pack; from++) {
        blobs.add(index.blobAt(places[from]));
      }
      blobs.sort(Comparator.comparingLong(PackEntry::offset));
      writer.add(index.pack(pack), blobs);
      if (writer.blobs() >= StoredIndex.BLOBS_PER_FILE || from == places.length) {
        written.add(store.write(ObjectKind.INDEX, writer.finish()));
        writer = new IndexWriter();
      }
    }
    return written;
  }

  /** The places in the packs that are listed anew, sorted by pack; four bytes a blob. */
  private int[] placesByPack() {
    int[] ends = new int[stock.packs() + 1];
    for (int place = 0; place < stock.places(); place++) {
      if (isRelisted(place)) {
        ends[index.packAt(place) + 1]++;
      }
    }
    for (int pack = 0; pack < stock.packs(); pack++) {
      ends[pack + 1] += ends[pack];
    }
    int[] places = new int[ends[stock.packs()]];
    for (int place = 0; place < stock.places(); place++) {
      if (isRelisted(place)) {
        places[ends[index.packAt(place)]++] = place;
      }
    }
    return places;
  }

  private boolean isRelisted(int place) {
    return relisted.get(index.packAt(place)) && !stock.repeats(place);
  }
}
