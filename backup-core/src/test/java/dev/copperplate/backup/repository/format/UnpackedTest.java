package dev.copperplate.backup.repository.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdOutputStream;
import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class UnpackedTest {

  @Property(tries = 300)
  void givesBackWhatItWrapped(@ForAll @Size(max = 300) byte[] plain) throws Exception {
    byte[] wrapped = Unpacked.encode(plain);
    assertEquals(2, wrapped[0]);
    assertArrayEquals(plain, Unpacked.decode(wrapped));
    assertArrayEquals(plain, Unpacked.decode(wrapped, plain.length));
  }

  @Test
  void givesBackSizesAroundItsSteps() throws Exception {
    for (int size : new int[] {0, 65535, 65536, 65537, 131071, 131072, 131073, 1 << 20}) {
      byte[] plain = new byte[size];
      new Random(size).nextBytes(plain);
      assertArrayEquals(plain, Unpacked.decode(Unpacked.encode(plain)), "size " + size);
    }
  }

  @Test
  void writesOneFrameThatStatesItsSizeAndHasNoChecksum() {
    byte[] plain = new byte[100_000];
    byte[] wrapped = Unpacked.encode(plain);
    byte[] frame = Arrays.copyOfRange(wrapped, 1, wrapped.length);
    assertEquals(plain.length, Zstd.getFrameContentSize(frame));
    assertEquals(frame.length, Zstd.findFrameCompressedSize(frame));
    assertEquals(0, frame[4] & 0x04); // the frame header's checksum flag
  }

  @Test
  void readsBareJsonAndNothing() throws Exception {
    assertEquals("{}", Expect.text(Unpacked.decode(Expect.utf8("{}"))));
    assertEquals("[1]", Expect.text(Unpacked.decode(Expect.utf8("[1]"))));
    assertEquals(0, Unpacked.decode(new byte[0]).length);
  }

  @Test
  void refusesEverythingElse() {
    for (int first = 0; first < 256; first++) {
      if (first != '{' && first != '[') {
        byte[] other = {(byte) first, '{', '}'};
        assertThrows(FormatException.class, () -> Unpacked.decode(other));
      }
    }
  }

  @Test
  void readsFramesThatStateNoSizeAndHaveChecksumsAndLargeWindows() throws Exception {
    byte[] plain = Expect.utf8("{\"packs\":[]}".repeat(10_000));
    for (int level : new int[] {1, 19, 22}) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      out.write(2);
      try (ZstdOutputStream zstd = new ZstdOutputStream(out, level)) {
        zstd.setChecksum(true);
        zstd.write(plain);
      }
      byte[] wrapped = out.toByteArray();
      assertArrayEquals(plain, Unpacked.decode(wrapped), "level " + level);
      wrapped[wrapped.length - 1] ^= 1; // the checksum
      assertThrows(FormatException.class, () -> Unpacked.decode(wrapped));
    }
  }

  @Test
  void stopsABombAtItsBound() throws Exception {
    byte[] bomb = bomb(1 << 30);
    assertTrue(bomb.length < 200_000, "it is one");
    long before = allocated();
    FormatException refusal =
        assertThrows(FormatException.class, () -> Unpacked.decode(bomb, 1 << 20));
    assertTrue(allocated() - before < 8 << 20, () -> "allocated " + (allocated() - before));
    assertEquals("It holds more than 1048576 bytes", refusal.getMessage());
    assertThrows(FormatException.class, () -> Unpacked.decode(bomb));
  }

  @Test
  void countsToTheByte() throws Exception {
    byte[] wrapped = Unpacked.encode(new byte[100_000]);
    assertEquals(100_000, Unpacked.decode(wrapped, 100_000).length);
    assertThrows(FormatException.class, () -> Unpacked.decode(wrapped, 99_999));
    assertThrows(FormatException.class, () -> Unpacked.decode(Unpacked.encode(new byte[1]), 0));
    assertEquals(2, Unpacked.decode(Expect.utf8("{}"), 2).length);
    assertThrows(FormatException.class, () -> Unpacked.decode(Expect.utf8("{}"), 1));
  }

  @Test
  void doesNotBelieveAStatedSize() throws Exception {
    // One empty raw block behind a header that states 2 GiB, in a single segment.
    byte[] lie = HexFormat.of().parseHex("02" + "28b52ffd" + "a0" + "ffffff7f" + "010000");
    long before = allocated();
    assertThrows(FormatException.class, () -> Unpacked.decode(lie));
    assertTrue(allocated() - before < 8 << 20, () -> "allocated " + (allocated() - before));
  }

  @Test
  void survivesDamage() throws Exception {
    byte[] wrapped = Unpacked.encode(Expect.utf8("{\"packs\":[1,2,3],\"x\":\"aaaaaaaaaaaaa\"}"));
    Expect.everyTruncationRefused(
        Arrays.copyOfRange(wrapped, 0, wrapped.length),
        bytes -> {
          if (bytes.length == 0 || Unpacked.decode(bytes).length == 0) {
            throw new FormatException("empty is passed on, and no JSON");
          }
        });
    Expect.noFlippedBitSurprises(wrapped, Unpacked::decode);
    byte[] trailing = Arrays.copyOf(wrapped, wrapped.length + 3);
    assertThrows(FormatException.class, () -> Unpacked.decode(trailing));
    assertFalse(Arrays.equals(wrapped, trailing));
  }

  private static byte[] bomb(int size) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(2);
    byte[] zeros = new byte[1 << 20];
    try (ZstdOutputStream zstd = new ZstdOutputStream(out, 1)) {
      for (int written = 0; written < size; written += zeros.length) {
        zstd.write(zeros);
      }
    }
    return out.toByteArray();
  }

  private static long allocated() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }
}
