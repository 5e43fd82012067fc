package dev.copperplate.backup.repository.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class IndexTest {

  private static final Sha256 PACK = Sha256.parse("ab".repeat(32));
  private static final Sha256 BLOB = Sha256.parse("0123456789abcdef".repeat(4));
  private static final String JSON =
      "{\"packs\":[{\"id\":\""
          + PACK
          + "\",\"blobs\":["
          + ("{\"id\":\"" + BLOB + "\",\"type\":\"data\",\"offset\":0,\"length\":38},")
          + ("{\"id\":\"" + PACK + "\",\"type\":\"tree\",\"offset\":38,\"length\":4294967295,")
          + "\"uncompressed_length\":850}]}]}\n";

  @Test
  void isWrittenAsResticWritesIt() throws Exception {
    List<PackEntry> entries =
        List.of(
            new PackEntry(BlobType.DATA, BLOB, 0, 38, 0),
            new PackEntry(BlobType.TREE, PACK, 38, 0xffffffffL, 850));
    IndexWriter writer = new IndexWriter().add(PACK, entries);
    assertEquals(2, writer.blobs());
    assertEquals(JSON.length() - 3, writer.size());
    assertEquals(JSON, Expect.text(writer.finish()));
    assertEquals(Map.of(PACK, entries), CollectedIndex.read(Expect.utf8(JSON)));
    assertThrows(IllegalStateException.class, writer::finish);
    assertThrows(IllegalStateException.class, () -> writer.add(PACK, entries));
  }

  @Property(tries = 100)
  void isReadAsItWasWritten(@ForAll("packs") Map<Sha256, List<PackEntry>> packs) throws Exception {
    IndexWriter writer = new IndexWriter();
    packs.forEach(writer::add);
    assertEquals(packs, CollectedIndex.read(Unpacked.decode(Unpacked.encode(writer.finish()))));
  }

  @Provide
  static Arbitrary<Map<Sha256, List<PackEntry>>> packs() {
    Arbitrary<Sha256> ids = Arbitraries.bytes().array(byte[].class).ofSize(32).map(Sha256::of);
    Arbitrary<Long> numbers = Arbitraries.longs().between(0, 0xffffffffL);
    Arbitrary<PackEntry> entries =
        Combinators.combine(Arbitraries.of(BlobType.class), ids, numbers, numbers, numbers)
            .as(PackEntry::new);
    return Arbitraries.maps(ids, entries.list().ofMaxSize(5)).ofMaxSize(5);
  }

  @Test
  void passesOverWhatOtherToolsKeepThere() throws Exception {
    String deleted = JSON.strip().replace("\"packs\"", "\"packs_to_delete\"");
    String json =
        deleted.substring(0, deleted.length() - 1)
            + (",\"supersedes\":[\"" + BLOB + "\"],\"deep\":{\"packs\":[{\"id\":1}]},")
            + JSON.substring(1)
                .replace("\"offset\"", "\"new\":[{}],\"offset\"")
                .replace("]}]}", "],\"time\":[\"x\"],\"size\":1}]}");
    assertEquals(CollectedIndex.read(Expect.utf8(JSON)), CollectedIndex.read(Expect.utf8(json)));
    assertEquals(Map.of(), CollectedIndex.read(Expect.utf8("{}")));
    assertEquals(Map.of(), CollectedIndex.read(Expect.utf8("{\"packs\":null}")));
    assertEquals(Map.of(), CollectedIndex.read(new IndexWriter().finish()));
  }

  @Test
  void doesNotMindTheOrderOfFields() throws Exception {
    String json =
        "{\"packs\":[{\"blobs\":[{\"length\":38,\"offset\":0,\"type\":\"data\",\"id\":\""
            + BLOB
            + "\"}],\"id\":\""
            + PACK
            + "\"}]}";
    PackEntry entry = new PackEntry(BlobType.DATA, BLOB, 0, 38, 0);
    assertEquals(Map.of(PACK, List.of(entry)), CollectedIndex.read(Expect.utf8(json)));
  }

  @Test
  void forgetsNothingFromOneBlobToTheNext() throws Exception {
    String second = "{\"id\":\"" + PACK + "\",\"type\":\"tree\"}]}]}";
    String json = JSON.replaceFirst("\\{\"id\":\"" + PACK + "\",\"type\".*", second);
    PackEntry bare = new PackEntry(BlobType.TREE, PACK, 0, 0, 0);
    PackEntry first = new PackEntry(BlobType.DATA, BLOB, 0, 38, 0);
    assertEquals(Map.of(PACK, List.of(first, bare)), CollectedIndex.read(Expect.utf8(json)));
  }

  @Test
  void saysWhatIsWrong() {
    assertRefused("'offset' is more than 4294967295", JSON.replace(":38,\"l", ":4294967296,\"l"));
    assertRefused("'offset' is no number", JSON.replace(":38,\"l", ":-1,\"l"));
    assertRefused("'length' is not a whole number", JSON.replace(":38}", ":38.0}"));
    assertRefused("'length' is not a whole number", JSON.replace(":38}", ":\"38\"}"));
    assertRefused("'length' is no number of 64", JSON.replace(":38}", ":99999999999999999999}"));
    assertRefused("'uncompressed_length' is more", JSON.replace(":850", ":18446744073709551615"));
    assertRefused("unknown type", JSON.replace("\"tree\"", "\"leaf\""));
    assertRefused("without type or id", JSON.replace("\"type\"", "\"kind\""));
    assertRefused("without type or id", JSON.replace("\"id\":\"" + BLOB, "\"di\":\"" + BLOB));
    assertRefused("pack without an id", JSON.replaceFirst("\"id\"", "\"di\""));
    assertRefused("only the digits 0-9 and a-f", JSON.replace("abab", "ABab"));
    assertRefused("64 hexadecimal digits, not 66", JSON.replace("\"abab", "\"ababab"));
    assertRefused("something follows", JSON + "{}");
    assertRefused("'blobs' is not an array", JSON.replace(":[{\"id\":\"01", ":{\"id\":\"01"));
    assertRefused("'packs' is not an array", "{\"packs\":{}}");
    assertRefused("'packs' is not an object", "{\"packs\":[1]}");
    assertRefused(
        "'blobs' is not an object", "{\"packs\":[{\"id\":\"" + PACK + "\",\"blobs\":[null]}]}");
    assertRefused("beyond the bounds", "{\"x\":" + "[".repeat(100_000));
  }

  @Test
  void survivesDamage() {
    byte[] json = Expect.utf8(JSON.strip());
    Expect.everyTruncationRefused(json, CollectedIndex::read);
    Expect.noFlippedBitSurprises(json, CollectedIndex::read);
  }

  @Test
  void makesNoObjectForABlob() throws Exception {
    int blobs = 50_000;
    List<PackEntry> entries = new ArrayList<>();
    for (int i = 0; i < blobs; i++) {
      byte[] id = new byte[32];
      id[i % 32] = (byte) i;
      entries.add(new PackEntry(BlobType.DATA, Sha256.of(id), i * 100L, 100, 200));
    }
    byte[] json = new IndexWriter().add(PACK, entries).finish();
    Count count = new Count();
    IndexReader.read(json, count);
    long before = allocated();
    IndexReader.read(json, count);
    long perBlob = (allocated() - before) / blobs;
    assertEquals(2 * blobs, count.blobs);
    assertTrue(perBlob < 200, "allocated " + perBlob + " bytes a blob");
  }

  private static long allocated() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }

  private static void assertRefused(String message, String json) {
    Expect.refused(message, json, CollectedIndex::read);
  }

  /** Counts. */
  private static final class Count implements IndexVisitor {

    private int blobs;

    @Override
    public void pack(Sha256 pack) {}

    @Override
    public void doomedPack(Sha256 pack) {}

    @Override
    public void blob(ListedBlob blob) {
      blobs++;
    }
  }
}
