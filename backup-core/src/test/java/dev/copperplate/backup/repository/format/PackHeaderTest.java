package dev.copperplate.backup.repository.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class PackHeaderTest {

  private static final String ID = "00112233445566778899aabbccddeeff".repeat(2);
  private static final String ID2 = "ff".repeat(32);

  @Test
  void isLaidOutAsTheDesignSays() throws Exception {
    List<PackEntry> entries =
        List.of(
            new PackEntry(BlobType.DATA, Sha256.parse(ID), 0, 0x0102, 0),
            new PackEntry(BlobType.TREE, Sha256.parse(ID2), 0x0102, 0x20, 0),
            new PackEntry(BlobType.DATA, Sha256.parse(ID), 0x0122, 0xfffffe00L, 0xffffffffL),
            new PackEntry(BlobType.TREE, Sha256.parse(ID2), 0xffffff22L, 0x21, 1));
    String hex =
        ("00" + "02010000" + ID)
            + ("01" + "20000000" + ID2)
            + ("02" + "00feffff" + "ffffffff" + ID)
            + ("03" + "21000000" + "01000000" + ID2);
    assertEquals(hex, HexFormat.of().formatHex(PackHeader.encode(entries)));
    assertEquals(entries, PackHeader.decode(HexFormat.of().parseHex(hex)));
    assertEquals(32 + 37 + 37 + 41 + 41, PackHeader.sealedSize(entries));
    assertEquals(
        0x102 + 0x20 + 0xfffffe00L + 0x21 + 32 + 37 + 37 + 41 + 41 + 4,
        PackHeader.packSize(entries));
  }

  @Property(tries = 200)
  void isReadAsItWasWritten(@ForAll("packs") List<PackEntry> entries) throws Exception {
    byte[] header = PackHeader.encode(entries);
    assertEquals(entries, PackHeader.decode(header));
    assertEquals(header.length + 32, PackHeader.sealedSize(entries));
  }

  @Provide
  static Arbitrary<List<PackEntry>> packs() {
    Arbitrary<Integer> sizes = Arbitraries.integers().between(32, 10_000_000);
    Arbitrary<Integer> plains = Arbitraries.integers().greaterOrEqual(0);
    Arbitrary<PackEntry> entries =
        Combinators.combine(Arbitraries.of(BlobType.class), sizes, plains)
            .as((type, size, plain) -> new PackEntry(type, Sha256.parse(ID), 0, size, plain));
    return entries.list().ofMinSize(1).ofMaxSize(50).map(PackHeaderTest::endToEnd);
  }

  private static List<PackEntry> endToEnd(List<PackEntry> entries) {
    List<PackEntry> placed = new ArrayList<>();
    long end = 0;
    for (PackEntry entry : entries) {
      PackEntry at =
          new PackEntry(entry.type(), entry.id(), end, entry.length(), entry.plainLength());
      placed.add(at);
      end = at.end();
    }
    return placed;
  }

  @Test
  void refusesBlobsThatDoNotLieEndToEnd() {
    PackEntry first = new PackEntry(BlobType.DATA, Sha256.parse(ID), 0, 100, 0);
    PackEntry gap = new PackEntry(BlobType.DATA, Sha256.parse(ID), 101, 100, 0);
    assertThrows(IllegalArgumentException.class, () -> PackHeader.encode(List.of(first, gap)));
    assertThrows(IllegalArgumentException.class, () -> PackHeader.encode(List.of(gap)));
    assertThrows(IllegalArgumentException.class, () -> PackHeader.encode(List.of()));
  }

  @Test
  void refusesNumbersThatTheFormatCannotSay() {
    Sha256 id = Sha256.parse(ID);
    for (long wrong : new long[] {-1, 1L << 32, Long.MAX_VALUE}) {
      assertThrows(
          IllegalArgumentException.class, () -> new PackEntry(BlobType.DATA, id, wrong, 32, 0));
      assertThrows(
          IllegalArgumentException.class, () -> new PackEntry(BlobType.DATA, id, 0, wrong, 0));
      assertThrows(
          IllegalArgumentException.class, () -> new PackEntry(BlobType.DATA, id, 0, 32, wrong));
    }
  }

  @Test
  void saysWhatIsWrong() {
    assertRefused("no blob", "");
    assertRefused("unknown type 4", "04" + "20000000" + ID);
    assertRefused("unknown type 255", "ff" + "20000000" + ID);
    assertRefused("cut off", "02" + "20000000" + ID);
    assertRefused("31 stored bytes", "00" + "1f000000" + ID);
    assertRefused("no plain bytes", "02" + "20000000" + "00000000" + ID);
    assertRefused("more than 4 GiB", ("00" + "ffffffff" + ID) + ("00" + "20000000" + ID).repeat(2));
  }

  @Test
  void survivesDamage() {
    byte[] header =
        HexFormat.of().parseHex("00" + "20000000" + ID + "03" + "20000000" + "01000000" + ID);
    for (int size = 0; size < header.length; size++) {
      byte[] cut = Arrays.copyOf(header, size);
      if (size != 37) { // that much is a header
        assertThrows(FormatException.class, () -> PackHeader.decode(cut), "cut to " + size);
      }
    }
    Expect.noFlippedBitSurprises(header, PackHeader::decode);
  }

  @Test
  void boundsTheHeader() throws Exception {
    assertRefusedLength(0);
    assertRefusedLength(32 + 36);
    assertRefusedLength((16 << 20) + 1);
    assertRefusedLength(-1);
    assertRefusedLength(Integer.MIN_VALUE);
    for (int good : new int[] {32 + 37, 16 << 20}) {
      byte[] bytes = new byte[5];
      PackHeader.encodeLength(good, bytes, 1);
      assertEquals(good, PackHeader.decodeLength(bytes, 1));
    }
    byte[] bytes = new byte[4];
    PackHeader.encodeLength(0x01020304, bytes, 0);
    assertArrayEquals(new byte[] {4, 3, 2, 1}, bytes);
  }

  @Test
  void listsNoMoreBlobsThanResticReads() throws Exception {
    int most = ((16 << 20) - 32) / 37;
    List<PackEntry> entries = new ArrayList<>();
    for (int i = 0; i < most; i++) {
      entries.add(new PackEntry(BlobType.DATA, Sha256.parse(ID), i * 32L, 32, 0));
    }
    byte[] largest = PackHeader.encode(entries);
    assertEquals(most, PackHeader.decode(largest).size());
    entries.add(new PackEntry(BlobType.DATA, Sha256.parse(ID), most * 32L, 32, 0));
    assertThrows(IllegalArgumentException.class, () -> PackHeader.encode(entries));
    byte[] larger = Arrays.copyOf(largest, largest.length + 37);
    assertThrows(FormatException.class, () -> PackHeader.decode(larger));
  }

  @Test
  void fillsTheLargestHeaderToTheByte() throws Exception {
    List<PackEntry> entries = new ArrayList<>();
    int compressed = 0;
    while (((16 << 20) - 32 - 41 * compressed) % 37 != 0) {
      compressed++;
    }
    int plain = ((16 << 20) - 32 - 41 * compressed) / 37;
    for (int i = 0; i < compressed + plain; i++) {
      int plainLength = i < compressed ? 1 : 0;
      entries.add(new PackEntry(BlobType.DATA, Sha256.parse(ID), i * 32L, 32, plainLength));
    }
    assertEquals(16 << 20, PackHeader.sealedSize(entries));
    assertEquals(entries, PackHeader.decode(PackHeader.encode(entries)));
  }

  @Test
  void takesBlobsToTheEndOfFourGigabytes() throws Exception {
    String hex = ("00" + "ffffffff" + ID) + ("00" + "20000000" + ID);
    List<PackEntry> entries = PackHeader.decode(HexFormat.of().parseHex(hex));
    assertEquals(PackEntry.MAX, entries.get(1).offset());
  }

  private static void assertRefused(String message, String hex) {
    byte[] header = HexFormat.of().parseHex(hex);
    String said = assertThrows(FormatException.class, () -> PackHeader.decode(header)).getMessage();
    assertTrue(String.valueOf(said).contains(message), said);
  }

  private static void assertRefusedLength(int length) {
    byte[] bytes = new byte[4];
    PackHeader.encodeLength(length, bytes, 0);
    assertThrows(FormatException.class, () -> PackHeader.decodeLength(bytes, 0));
  }
}
