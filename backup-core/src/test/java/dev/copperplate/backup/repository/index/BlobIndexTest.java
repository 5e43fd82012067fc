package dev.copperplate.backup.repository.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.repository.format.BlobType;
import dev.copperplate.backup.repository.format.PackEntry;
import dev.copperplate.backup.repository.format.Sha256;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlobIndexTest {

  private static final long MAX = 0xffff_ffffL;

  @ParameterizedTest
  @ValueSource(ints = {50_000, 98_305, 196_609, 786_433, 1_000_000})
  void takesAtMost64BytesABlobOnceThereAreMany(int blobs) {
    BlobIndex index = filled(blobs);
    double each = (double) index.bytes() / index.size();
    assertTrue(each <= 64, each + " bytes for each of " + blobs);
  }

  @Test
  void keepsNumbersUpToFourGigabytes() {
    BlobIndex index = new BlobIndex();
    Sha256 id = id(1, 1);
    PackEntry entry = new PackEntry(BlobType.DATA, id, MAX, MAX, MAX);
    index.add(id(2, 2), List.of(entry));
    BlobLocation found = index.find(BlobType.DATA, id, any -> true);
    assertEquals(new BlobLocation(id(2, 2), 0, MAX, MAX, MAX), found);
    assertNull(index.find(BlobType.TREE, id, any -> true));
    assertNull(index.find(BlobType.DATA, id, pack -> pack != 0));
  }

  /** Against a map; ids are few and their hashes worse, so that they collide all the time. */
  @Property(tries = 200)
  void findsWhatAMapFinds(@ForAll long seed, @ForAll @IntRange(max = 20_000) int additions) {
    Random random = new Random(seed);
    BlobIndex index = new BlobIndex();
    Map<String, List<BlobLocation>> model = new HashMap<>();
    List<Sha256> packs = new ArrayList<>();
    for (int i = 0; i < additions; i++) {
      if (packs.isEmpty() || random.nextInt(50) == 0) {
        packs.add(id(random.nextLong(), 0));
      }
      int number = random.nextInt(packs.size());
      BlobType type = random.nextInt(4) == 0 ? BlobType.TREE : BlobType.DATA;
      Sha256 id = blob(random, additions);
      long offset = random.nextLong() & MAX;
      long length = random.nextLong() & MAX;
      long plain = random.nextLong() & MAX;
      index.add(packs.get(number), List.of(new PackEntry(type, id, offset, length, plain)));
      int known = index.packNumber(packs.get(number)).orElseThrow();
      model
          .computeIfAbsent(type + " " + id, any -> new ArrayList<>())
          .add(new BlobLocation(packs.get(number), known, offset, length, plain));
    }
    assertEquals(additions, index.size());
    for (int i = 0; i < 500; i++) {
      BlobType type = random.nextBoolean() ? BlobType.TREE : BlobType.DATA;
      Sha256 id = blob(random, additions);
      List<BlobLocation> expected = model.getOrDefault(type + " " + id, List.of());
      assertEquals(expected, index.locations(type, id));
      Set<Integer> some = new HashSet<>();
      expected.stream().skip(expected.size() / 2).forEach(each -> some.add(each.packNumber()));
      BlobLocation first =
          expected.stream()
              .filter(each -> some.contains(each.packNumber()))
              .findFirst()
              .orElse(null);
      assertEquals(first, index.find(type, id, some::contains));
    }
  }

  private static Sha256 blob(Random random, int additions) {
    return id(random.nextInt(16), random.nextInt(1 + additions / 16));
  }

  private static BlobIndex filled(int blobs) {
    Random random = new Random(1);
    BlobIndex index = new BlobIndex();
    for (int left = blobs; left > 0; left -= 500) {
      List<PackEntry> entries = new ArrayList<>();
      for (int i = 0; i < Math.min(500, left); i++) {
        Sha256 id = id(random.nextLong(), random.nextLong());
        entries.add(new PackEntry(BlobType.DATA, id, i, 1000, 0));
      }
      index.add(id(random.nextLong(), 1), entries);
    }
    return index;
  }

  private static Sha256 id(long first, long last) {
    byte[] bytes = ByteBuffer.allocate(Sha256.SIZE).putLong(0, first).putLong(24, last).array();
    return Sha256.of(bytes);
  }

  @Test
  void numbersThePlacesOfABlobInTheOrderInWhichTheyWereAdded() {
    BlobIndex places = new BlobIndex();
    Sha256 blob = Sha256.hash(new byte[] {1});
    for (int pack = 0; pack < 3; pack++) {
      Sha256 name = Sha256.hash(new byte[] {9, (byte) pack});
      Sha256 other = Sha256.hash(new byte[] {2, (byte) pack});
      places.add(
          name,
          List.of(
              new PackEntry(BlobType.DATA, other, 0, 50, 0),
              new PackEntry(BlobType.DATA, blob, 50, 60 + pack, 0),
              new PackEntry(BlobType.TREE, blob, 110 + pack, 70, 0)));
    }
    int first = places.place(BlobType.DATA, blob.word(0), blob.word(1), blob.word(2), blob.word(3));
    assertEquals(1, first);
    assertEquals(4, places.nextPlace(1));
    assertEquals(7, places.nextPlace(4));
    assertEquals(-1, places.nextPlace(7));
    assertEquals(1, places.firstPlace(7));
    assertEquals(2, places.firstPlace(8), "A directory of the same id is another blob");
    assertEquals(2, places.packAt(7));
    assertEquals(new PackEntry(BlobType.DATA, blob, 50, 62, 0), places.blobAt(7));
    assertEquals(-1, places.place(BlobType.DATA, 1, 2, 3, 4));
  }
}
