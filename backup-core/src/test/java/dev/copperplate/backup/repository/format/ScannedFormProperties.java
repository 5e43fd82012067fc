package dev.copperplate.backup.repository.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.copperplate.backup.repository.format.JsonScanner.OtherForm;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** The scanners take a short way; it must never lead anywhere else. */
class ScannedFormProperties {

  private static final String ID = "0123456789abcdef".repeat(4);
  private static final String NODE =
      "{\"name\":\"a\",\"type\":\"file\",\"mode\":420,\"mtime\":\"2024-02-29T12:00:00.5Z\","
          + "\"atime\":\"2024-02-29T12:00:01+01:00\",\"ctime\":\"2024-02-29T12:00:02Z\","
          + "\"uid\":0,\"gid\":100,\"user\":\"r\u00e4t\",\"group\":\"g\",\"inode\":7,"
          + ("\"device_id\":8,\"size\":5,\"links\":1,\"content\":[\"" + ID + "\"]}");

  @Property(tries = 1000)
  void treesAreReadAsByTheParser(
      @ForAll("trees") List<TreeNode> nodes, @ForAll("edits") List<Edit> edits) {
    TreeWriter writer = new TreeWriter();
    nodes.forEach(writer::add);
    BothWays.tree(edited(writer.finish(), edits));
  }

  @Property(tries = 1000)
  void usualTreesAreReadAsByTheParser(@ForAll("edits") List<Edit> edits) {
    String tree = "{\"nodes\":[" + NODE + "," + NODE.replace(":\"a\"", ":\"b\"") + "]}\n";
    BothWays.tree(edited(Expect.utf8(tree), edits));
  }

  @Property(tries = 1000)
  void indexFilesAreReadAsByTheParser(
      @ForAll("packs") Map<Sha256, List<PackEntry>> packs, @ForAll("edits") List<Edit> edits) {
    IndexWriter writer = new IndexWriter();
    packs.forEach(writer::add);
    BothWays.index(edited(writer.finish(), edits));
  }

  @Test
  void theUsualFormNeedsNoParser() throws Exception {
    String directory =
        NODE.replace("\"file\"", "\"dir\"")
            .replace("\"content\":[\"" + ID + "\"]", "\"content\":null,\"subtree\":\"" + ID + "\"");
    String link =
        NODE.replace("\"file\"", "\"symlink\"")
            .replace("\"content\":[\"" + ID + "\"]", "\"linktarget\":\"../x\",\"content\":null");
    for (String node : List.of(NODE, directory, link)) {
      TreeScanner scanner = new TreeScanner(Expect.utf8("{\"nodes\":[" + node + "]}\n"));
      assertNotNull(scanner.next(), node);
      assertEquals(null, scanner.next(), node);
      assertEquals(1, BothWays.tree(Expect.utf8("{\"nodes\":[" + node + "]}\n")));
    }
    String blob = "{\"id\":\"" + ID + "\",\"type\":\"tree\",\"offset\":1,\"length\":2}";
    String pack = "{\"id\":\"" + ID + "\",\"blobs\":[" + blob + "," + blob + "]}";
    String empty = "{\"id\":\"" + ID + "\",\"blobs\":[]}";
    byte[] index = Expect.utf8("{\"packs\":[" + pack + "," + empty + "]}");
    IndexScanner scanner = new IndexScanner(index, new CollectedIndex());
    scanner.read();
    assertEquals(4, scanner.told());
    assertEquals(4, BothWays.index(index));
  }

  @Test
  void whatMeansSomethingElseIsLeftToTheParser() {
    for (String other :
        new String[] {
          NODE.replace("420", "4294967296"),
          NODE.replace("\"uid\":0", "\"uid\":-1"),
          NODE.replace("\"gid\":100", "\"gid\":4294967296"),
          NODE.replace("\"gid\":100", "\"gid\":0100"),
          NODE.replace("\"size\":5", "\"size\":9223372036854775808"),
          NODE.replace("\"inode\":7", "\"inode\":18446744073709551615"),
          NODE.replace("\"a\"", "\"..\""),
          NODE.replace("\"a\"", "\"a/b\""),
          NODE.replace("\"a\"", "\"\\u0061\""),
          NODE.replace("\"a\"", "\"a\u0001\""),
          NODE.replace("02-29T12:00:00.5", "02-30T12:00:00.5"),
          NODE.replace(ID, ID.toUpperCase(java.util.Locale.ROOT)),
          NODE.replace("\"file\"", "\"fifo\""),
          NODE.replace("\"size\":5", "\"size\": 5"),
          NODE.replace("\"links\":1", "\"links\":1,\"device\":3"),
          NODE.replace("}", ",\"error\":\"x\"}"),
        }) {
      byte[] tree = Expect.utf8("{\"nodes\":[" + other + "]}\n");
      assertThrows(OtherForm.class, () -> new TreeScanner(tree).next(), other);
      BothWays.tree(tree);
    }
  }

  @Provide
  static Arbitrary<List<TreeNode>> trees() {
    return TreeTest.trees();
  }

  @Provide
  static Arbitrary<Map<Sha256, List<PackEntry>>> packs() {
    return IndexTest.packs();
  }

  /** What is done to the bytes at a place between 0 and 1 of them. */
  record Edit(double place, int removed, String inserted) {}

  @Provide
  static Arbitrary<List<Edit>> edits() {
    Arbitrary<String> inserted =
        Arbitraries.of(
            "",
            " ",
            "\"",
            "\\",
            "\\u0061",
            "0",
            "9",
            "-",
            ".5",
            "e1",
            ",",
            "{}",
            "[",
            "]",
            "}",
            "null",
            "\n",
            "a",
            "Z",
            "\u00e4",
            "\u0000",
            ",\"x\":[1]",
            "\"subtree\":null,",
            ":");
    return Combinators.combine(
            Arbitraries.doubles().between(0, 1), Arbitraries.integers().between(0, 3), inserted)
        .as(Edit::new)
        .list()
        .ofMaxSize(3);
  }

  private static byte[] edited(byte[] bytes, List<Edit> edits) {
    byte[] now = bytes;
    for (Edit edit : edits) {
      int at = (int) (edit.place() * now.length);
      int behind = Math.min(now.length, at + edit.removed());
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      out.write(now, 0, at);
      out.writeBytes(edit.inserted().getBytes(StandardCharsets.UTF_8));
      out.write(now, behind, now.length - behind);
      now = out.toByteArray();
    }
    return now;
  }
}
