package dev.copperplate.backup.repository.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.repository.DeletedTree;
import dev.copperplate.backup.repository.crypto.MasterKey;
import dev.copperplate.backup.repository.format.BlobType;
import dev.copperplate.backup.repository.format.IndexWriter;
import dev.copperplate.backup.repository.format.PackEntry;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.repository.storage.ObjectStore;
import dev.copperplate.backup.target.LocalTarget;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * An index that follows the files as they come and go says what one says that reads them all. Packs
 * and blobs are few, so that packs are listed twice, alike and contradictorily, and come back.
 */
class StoredIndexProperties {

  private static final int PACKS = 6;
  private static final int BLOBS = 12;

  @Property(tries = 40)
  void anIndexThatFollowsTheFilesSaysWhatOneSaysThatReadsThemAll(@ForAll long seed)
      throws IOException {
    Random random = new Random(seed);
    Path directory = Files.createTempDirectory("index");
    try {
      ObjectStore store =
          new ObjectStore(LocalTarget.at(directory), MasterKey.random(new SecureRandom()));
      StoredIndex followed = new StoredIndex(store);
      for (int step = 0; step < 25; step++) {
        change(store, followed, random);
        if (random.nextInt(3) > 0) {
          followed.refresh();
          StoredIndex afresh = new StoredIndex(store);
          afresh.refresh();
          assertSame(afresh, followed);
        }
      }
    } finally {
      DeletedTree.delete(directory);
    }
  }

  private static void change(ObjectStore store, StoredIndex index, Random random)
      throws IOException {
    List<Sha256> files = new ArrayList<>(store.ids(ObjectKind.INDEX));
    switch (random.nextInt(5)) {
      case 0 -> store.write(ObjectKind.INDEX, file(random));
      case 1 -> index.add(packs(random));
      case 2 -> remove(store, some(files, random));
      case 3 -> {
        store.write(ObjectKind.INDEX, file(random));
        remove(store, some(files, random));
      }
      default -> merge(store, some(files, random));
    }
  }

  private static List<Sha256> some(List<Sha256> files, Random random) {
    return files.stream().filter(any -> random.nextInt(3) == 0).toList();
  }

  private static void remove(ObjectStore store, List<Sha256> files) throws IOException {
    store.delete(ObjectKind.INDEX, files);
  }

  /** As prune does: the new file first. */
  private static void merge(ObjectStore store, List<Sha256> files) throws IOException {
    StoredIndex afresh = new StoredIndex(store);
    afresh.refresh();
    Map<Sha256, List<PackEntry>> packs = new HashMap<>();
    StoredIndex.View view = afresh.view();
    for (Sha256 each : files) {
      for (int pack : view.files().get(each).packs()) {
        packs.put(view.blobs().pack(pack), entries(view.blobs(), pack));
      }
    }
    if (!packs.isEmpty()) {
      IndexWriter writer = new IndexWriter();
      packs.forEach(writer::add);
      store.write(ObjectKind.INDEX, writer.finish());
      remove(store, files);
    }
  }

  private static List<PackEntry> entries(BlobIndex blobs, int pack) {
    List<PackEntry> entries = new ArrayList<>();
    for (int place = 0; place < blobs.size(); place++) {
      if (blobs.packAt(place) == pack) {
        entries.add(blobs.blobAt(place));
      }
    }
    return entries;
  }

  private static byte[] file(Random random) {
    if (random.nextInt(4) == 0) {
      return ("{\"packs\":[],\"packs_to_delete\":[{\"id\":\""
              + hash("pack " + random.nextInt(PACKS))
              + "\",\"blobs\":[]}]}")
          .getBytes(StandardCharsets.UTF_8);
    }
    IndexWriter writer = new IndexWriter();
    packs(random).forEach(writer::add);
    return writer.finish();
  }

  private static Map<Sha256, List<PackEntry>> packs(Random random) {
    Map<Sha256, List<PackEntry>> packs = new HashMap<>();
    for (int left = 1 + random.nextInt(3); left > 0; left--) {
      List<PackEntry> entries = new ArrayList<>();
      for (int i = random.nextInt(4); i >= 0; i--) {
        int blob = random.nextInt(BLOBS);
        BlobType type = blob % 3 == 0 ? BlobType.TREE : BlobType.DATA;
        entries.add(new PackEntry(type, hash("blob " + blob), 40L * random.nextInt(3), 40, 0));
      }
      packs.put(hash("pack " + random.nextInt(PACKS)), entries);
    }
    return packs;
  }

  private static void assertSame(StoredIndex expected, StoredIndex actual) {
    assertEquals(places(expected.current()), places(actual.current()));
    assertEquals(files(expected), files(actual));
    assertEquals(expected.doomedPacks(), actual.doomedPacks());
    Set<Sha256> known = new HashSet<>();
    for (int pack = 0; pack < actual.current().packs(); pack++) {
      assertEquals(pack, actual.current().packNumber(actual.current().pack(pack)).orElse(-1));
      assertTrue(known.add(actual.current().pack(pack)));
    }
    for (int pack = 0; pack < PACKS; pack++) {
      Sha256 id = hash("pack " + pack);
      assertEquals(expected.current().packNumber(id).isPresent(), known.contains(id));
    }
  }

  /** How often each place of each blob is listed. */
  private static Map<String, Map<String, Integer>> places(BlobIndex index) {
    Map<String, Map<String, Integer>> places = new TreeMap<>();
    for (int blob = 0; blob < BLOBS; blob++) {
      for (BlobType type : BlobType.values()) {
        Map<String, Integer> listed = new TreeMap<>();
        for (BlobLocation each : index.locations(type, hash("blob " + blob))) {
          listed.merge(each.pack() + " " + each.offset() + " " + each.length(), 1, Integer::sum);
        }
        places.put(type + " " + blob, listed);
      }
    }
    return places;
  }

  private static Map<Sha256, String> files(StoredIndex index) {
    StoredIndex.View view = index.view();
    Map<Sha256, String> files = new HashMap<>();
    view.files()
        .forEach(
            (id, file) -> {
              List<Sha256> packs = new ArrayList<>();
              for (int pack : file.packs()) {
                packs.add(view.blobs().pack(pack));
              }
              packs.sort(null);
              files.put(id, packs + " " + file.blobs() + " " + file.doomed());
            });
    return files;
  }

  private static Sha256 hash(String text) {
    return Sha256.hash(text.getBytes(StandardCharsets.UTF_8));
  }
}
