package dev.copperplate.backup.repository.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.EntryType;
import dev.copperplate.backup.RawName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class TreeTest {

  private static final Sha256 ID = Sha256.parse("ab".repeat(32));
  private static final Instant TIME = Instant.parse("2024-02-29T12:00:00.5Z");
  private static final Attributes NOTHING =
      new Attributes(
          0,
          Timestamps.UNKNOWN,
          Timestamps.UNKNOWN,
          Timestamps.UNKNOWN,
          0,
          0,
          "",
          "",
          0,
          0,
          0,
          Map.of());
  private static final String NO_TIMES =
      "\"mtime\":\"0001-01-01T00:00:00Z\",\"atime\":\"0001-01-01T00:00:00Z\","
          + "\"ctime\":\"0001-01-01T00:00:00Z\"";

  @Test
  void writesTheEmptyDirectoryAsItsThirteenBytes() {
    assertEquals("{\"nodes\":[]}\n", Expect.text(new TreeWriter().finish()));
    assertEquals(
        "ac08ce34ba4f8123618661bef2425f7028ffb9ac740578a3ee88684d2523fee8",
        Sha256.hash(new TreeWriter().finish()).hex());
  }

  @Test
  void writesEveryFieldAtItsPlace() throws Exception {
    Attributes attributes =
        new Attributes(
            07644,
            TIME,
            TIME.plusSeconds(1),
            TIME.plusSeconds(2),
            4294967295L,
            100,
            "u<",
            "g",
            -1,
            -2,
            3,
            Map.of("user.b", RawName.of("x"), "user.a", RawName.of(new byte[] {(byte) 0xff})));
    TreeNode node =
        new TreeNode(
            RawName.of("a\"q"),
            EntryType.FILE,
            attributes,
            List.of("user.b", "user.a"),
            5,
            BlobIds.of(ID, ID),
            null,
            null,
            -3,
            "oh");
    String json =
        "{\"nodes\":[{\"name\":\"a\\\\\\\"q\",\"type\":\"file\",\"mode\":13631908,"
            + "\"mtime\":\"2024-02-29T12:00:00.5Z\",\"atime\":\"2024-02-29T12:00:01.5Z\","
            + "\"ctime\":\"2024-02-29T12:00:02.5Z\",\"uid\":4294967295,\"gid\":100,"
            + "\"user\":\"u\\u003c\",\"group\":\"g\",\"inode\":18446744073709551615,"
            + "\"device_id\":18446744073709551614,\"size\":5,\"links\":3,"
            + "\"extended_attributes\":[{\"name\":\"user.b\",\"value\":\"eA==\"},"
            + "{\"name\":\"user.a\",\"value\":\"/w==\"}],\"device\":18446744073709551613,"
            + ("\"content\":[\"" + ID + "\",\"" + ID + "\"],\"error\":\"oh\"}]}\n");
    assertEquals(json, Expect.text(new TreeWriter().add(node).finish()));
    assertEquals(List.of(node), read(json));
    assertTrue(TreeReader.isCanonical(Expect.utf8(json)));
  }

  @Test
  void leavesOutWhatIsEmptyButForContent() throws Exception {
    assertNode(
        "{\"name\":\"f\",\"type\":\"file\"," + NO_TIMES + ",\"uid\":0,\"gid\":0,\"content\":[]}",
        TreeNode.file(RawName.of("f"), NOTHING, 0, BlobIds.NONE));
    assertNode(
        "{\"name\":\"d\",\"type\":\"dir\",\"mode\":2147483648,"
            + NO_TIMES
            + (",\"uid\":0,\"gid\":0,\"content\":null,\"subtree\":\"" + ID + "\"}"),
        TreeNode.directory(RawName.of("d"), NOTHING, ID));
    assertNode(
        "{\"name\":\"l\",\"type\":\"symlink\",\"mode\":134217728,"
            + NO_TIMES
            + ",\"uid\":0,\"gid\":0,\"linktarget\":\"t\\\"\\b\\u003c\",\"content\":null}",
        TreeNode.symlink(RawName.of("l"), NOTHING, RawName.of("t\"\b<")));
    assertNode(
        "{\"name\":\"r\",\"type\":\"symlink\",\"mode\":134217728,"
            + NO_TIMES
            + ",\"uid\":0,\"gid\":0,\"linktarget\":\"a\\ufffd\\ufffd\","
            + "\"linktarget_raw\":\"Yf/+\",\"content\":null}",
        TreeNode.symlink(
            RawName.of("r"), NOTHING, RawName.of(new byte[] {'a', (byte) 0xff, (byte) 0xfe})));
    assertSpecial("dev", 1L << 26, EntryType.BLOCK_DEVICE);
    assertSpecial("chardev", 1L << 26 | 1L << 21, EntryType.CHARACTER_DEVICE);
    assertSpecial("fifo", 1L << 25, EntryType.FIFO);
    assertSpecial("socket", 1L << 24, EntryType.SOCKET);
  }

  @Test
  void translatesAllPermissions() {
    for (EntryType type : EntryType.values()) {
      for (int bits = 0; bits < 010000; bits++) {
        assertEquals(bits, FileMode.permissions(FileMode.encode(type, bits)));
      }
    }
    assertEquals(2147484141L, FileMode.encode(EntryType.DIRECTORY, 0755));
    assertEquals(420, FileMode.encode(EntryType.FILE, 0644));
    assertEquals(134218239, FileMode.encode(EntryType.SYMLINK, 0777));
    assertEquals(1L << 23, FileMode.encode(EntryType.FILE, 04000));
    assertEquals(1L << 22, FileMode.encode(EntryType.FILE, 02000));
    assertEquals(1L << 20, FileMode.encode(EntryType.FILE, 01000));
  }

  @Property(tries = 500)
  void isReadAsItWasWritten(@ForAll("trees") List<TreeNode> nodes) throws Exception {
    TreeWriter writer = new TreeWriter();
    nodes.forEach(writer::add);
    assertTrue(writer.size() > 0);
    byte[] tree = writer.finish();
    assertEquals(nodes, read(Expect.text(tree)));
    assertTrue(TreeReader.isCanonical(tree));
  }

  @Property(tries = 100)
  void ordersByUnsignedBytes(@ForAll("names") RawName left, @ForAll("names") RawName right) {
    TreeWriter writer = new TreeWriter().add(file(left));
    if (left.compareTo(right) < 0) {
      writer.add(file(right));
    } else {
      assertThrows(IllegalArgumentException.class, () -> writer.add(file(right)));
    }
  }

  @Test
  void refusesWrongOrderAndDuplicates() {
    TreeWriter writer = new TreeWriter().add(file(RawName.of("\uffff")));
    writer.add(file(RawName.of("\ud800\udc00"))); // before U+FFFF for Strings, behind it for bytes
    TreeNode same = file(RawName.of("\ud800\udc00"));
    assertThrows(IllegalArgumentException.class, () -> writer.add(same));
    assertThrows(IllegalArgumentException.class, () -> writer.add(file(RawName.of("a"))));
    writer.finish();
    assertThrows(IllegalStateException.class, () -> writer.add(same));
    assertThrows(IllegalStateException.class, writer::finish);
  }

  @Test
  void isMadeOfSoundNodesOnly() {
    for (String name : List.of("", ".", "..", "a/b", "/", "a\u0000b")) {
      assertThrows(IllegalArgumentException.class, () -> file(RawName.of(name)), name);
    }
    RawName name = RawName.of("n");
    assertThrows(
        IllegalArgumentException.class, () -> TreeNode.file(name, NOTHING, -1, BlobIds.NONE));
    assertThrows(
        IllegalArgumentException.class, () -> TreeNode.symlink(name, NOTHING, RawName.of("")));
    for (EntryType type : List.of(EntryType.DIRECTORY, EntryType.SYMLINK)) {
      assertThrows(IllegalArgumentException.class, () -> TreeNode.special(name, type, NOTHING, 0));
    }
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new TreeNode(
                name,
                EntryType.FILE,
                NOTHING,
                List.of("user.a"),
                0,
                BlobIds.NONE,
                null,
                null,
                0,
                ""));
  }

  @Test
  void reportsANodeThatMakesNoSenseAndReadsOn() throws Exception {
    assertDamaged("This can be no name", "\"name\":\"\"");
    assertDamaged("This can be no name", "\"name\":\".\"");
    assertDamaged("This can be no name", "\"name\":\"..\"");
    assertDamaged("This can be no name", "\"name\":\"../etc\"");
    assertDamaged("This can be no name", "\"name\":\"a\\\\x00b\"");
    assertDamaged("This can be no name", "\"name\":\"\\\\x2f\"");
    assertDamaged("not quoted as Go does", "\"name\":\"\\\\'\"");
    assertDamaged("not quoted as Go does", "\"name\":\"\\n\"");
    assertDamaged("'name' is not a string", "\"name\":{\"a\":[1,2]}");
    assertDamaged("type is unknown", "\"type\":\"irregular\"");
    assertDamaged("type is unknown", "\"type\":\"File\"");
    assertDamaged("'mode' is more than", "\"mode\":4294967296");
    assertDamaged("'mode' is not a whole number", "\"mode\":1e3");
    assertDamaged("'uid' is no number", "\"uid\":-1");
    assertDamaged("'gid' is more than", "\"gid\":4294967296");
    assertDamaged("'size' is more than", "\"size\":9223372036854775808");
    assertDamaged("'inode' is no number of 64 bits", "\"inode\":18446744073709551616");
    assertDamaged("'mtime': Not a time", "\"mtime\":\"2024-02-30T00:00:00Z\"");
    assertDamaged("'atime' is not a string", "\"atime\":[[{}]]");
    assertDamaged("'content' is not an array", "\"content\":{}");
    assertDamaged("'content': An id has 64", "\"content\":[\"" + ID + "\",\"ab\"]");
    assertDamaged("'content' is not a string", "\"content\":[null]");
    assertDamaged("5 bytes without content", "\"size\":5,\"content\":null");
    assertDamaged("'subtree': An id", "\"subtree\":\"" + ID + "0\"");
    assertDamaged("Directories have a subtree", "\"type\":\"dir\"");
    assertDamaged("target of the link is empty", "\"type\":\"symlink\"");
    assertDamaged("'linktarget_raw' is not base64", "\"linktarget_raw\":\"?\"");
    assertDamaged("'extended_attributes' is not an array", "\"extended_attributes\":{}");
    assertDamaged(
        "listed twice", "\"extended_attributes\":[{\"name\":\"a\",\"x\":[]},{\"name\":\"a\"}]");
    assertDamaged("'value' is not base64", "\"extended_attributes\":[{\"value\":\"a\"}]");
    assertDamaged("'extended_attributes' is not an object", "\"extended_attributes\":[[]]");
  }

  @Test
  void reportsWhatIsNoNodeAtAll() throws Exception {
    List<TreeItem> items =
        read("{\"nodes\":[1,\"x\",null,[{\"name\":\"n\"}],{}," + node("n") + "]}");
    assertEquals(6, items.size());
    String nulls = "{\"nodes\":[{\"name\":null,\"type\":\"file\"}]}";
    assertEquals(List.of(new DamagedNode("", "This can be no name")), read(nulls));
    assertEquals(new DamagedNode("", "It is no object"), items.get(3));
    assertEquals(new DamagedNode("", "It has no type"), items.get(4));
    assertEquals(RawName.of("n"), ((TreeNode) items.get(5)).name());
  }

  @Test
  void readsForeignTrees() throws Exception {
    String windows =
        "\"generic_attributes\":{\"windows.creation_time\":\"AAA=\",\"deep\":[{\"name\":1}]}";
    String json =
        "{ \"extra\" : [{}], \"nodes\" : [ {\"type\":\"file\",\"name\":\"z\","
            + windows
            + "},{\"content\":null,\"name\":\"\\\\101\",\"type\":\"file\",\"mode\":2147483648,"
            + "\"mtime\":\"2024-02-29T13:00:00+01:00\",\"subtree\":\""
            + ID
            + "\"} ], \"more\" : {\"nodes\":[1]} } ";
    TreeReader reader = new TreeReader(Expect.utf8(json));
    TreeNode first = next(reader);
    assertEquals(NOTHING, first.attributes());
    assertTrue(reader.sorted());
    TreeNode second = next(reader);
    assertEquals(RawName.of("A"), second.name());
    assertEquals(Instant.parse("2024-02-29T12:00:00Z"), second.attributes().modified());
    assertNull(second.subtree());
    assertFalse(reader.sorted());
    assertNull(reader.next());
    assertNull(reader.next());
    assertFalse(TreeReader.isCanonical(Expect.utf8(json)));
    assertEquals(List.of(), read("{}"));
    assertEquals(List.of(), read("{\"nodes\":null}"));
  }

  @Test
  void theRawLinkTargetWins() throws Exception {
    String json =
        "{\"nodes\":[{\"name\":\"l\",\"type\":\"symlink\",\"linktarget\":\"\\ufffd\","
            + "\"linktarget_raw\":\"/w==\"}]}";
    assertEquals(RawName.of(new byte[] {(byte) 0xff}), ((TreeNode) read(json).get(0)).linkTarget());
  }

  @Test
  void knowsWhatIsNotCanonical() {
    String canonical = "{\"nodes\":[" + node("a") + "," + node("b") + "]}\n";
    assertTrue(TreeReader.isCanonical(Expect.utf8(canonical)));
    for (String other :
        List.of(
            canonical.strip(),
            canonical + "\n",
            " " + canonical,
            canonical.replace("\"a\"", "\"c\""),
            canonical.replace("\"a\"", "\"b\""),
            canonical.replace("\"a\"", "\"\\\\x61\""),
            canonical.replace("\"a\"", "\"\\u0061\""),
            canonical.replace("\"a\"", "\"..\""),
            canonical.replace(",\"content\":[]", ""),
            canonical.replace("\"uid\":0,", ""),
            canonical.replace("\"uid\":0", "\"uid\":0,\"user\":\"\""),
            canonical.replace("\"uid\":0", "\"uid\":0,\"new\":1"),
            canonical.replace("\"uid\":0,\"gid\":0", "\"gid\":0,\"uid\":0"),
            canonical.replace("00Z", "00+00:00"),
            canonical.replace("00Z", "00.0Z"),
            canonical.replace("}]", "},]"))) {
      assertFalse(TreeReader.isCanonical(Expect.utf8(other)), other);
    }
  }

  @Test
  void brokenJsonEndsTheTreeAfterItsSoundNodes() throws Exception {
    for (String tail :
        List.of(
            "",
            "x",
            ",",
            "}",
            "]",
            "]}x",
            "],\"nodes\":[]}",
            ",{\"name\":\"b\"",
            ",{\"name\":\"\udfff",
            ",{\"size\":01}]}",
            ",{\"name\":\"..\",[1]}]}",
            ",{\"type\":\"none\",\"x\":" + "[".repeat(200))) {
      TreeReader reader = new TreeReader(Expect.utf8("{\"nodes\":[" + node("a") + tail));
      assertEquals(RawName.of("a"), next(reader).name());
      assertThrows(FormatException.class, () -> drain(reader), tail);
      assertThrows(FormatException.class, reader::next, tail);
    }
    Expect.refused("too early", "", TreeTest::drain);
    Expect.refused("object is expected", "[]", TreeTest::drain);
    Expect.refused("something follows", "{}{}", TreeTest::drain);
    Expect.refused("'nodes' is not an array", "{\"nodes\":{}}", TreeTest::drain);
  }

  @Test
  void boundsNestingAndStrings() {
    String deep = "{\"nodes\":[{\"name\":\"a\",\"new\":" + "[".repeat(1_000_000);
    Expect.refused("beyond the bounds", deep, TreeTest::drain);
    String digits = "{\"nodes\":[{\"name\":\"a\",\"size\":" + "1".repeat(1_000_000) + "}]}";
    Expect.refused("beyond the bounds", digits, TreeTest::drain);
    String long33 = "{\"nodes\":[{\"name\":\"" + "a".repeat(33 << 20) + "\"}]}";
    Expect.refused("beyond the bounds", long33, TreeTest::drain);
    String field = "{\"nodes\":[{\"" + "a".repeat(5000) + "\":1}]}";
    Expect.refused("beyond the bounds", field, TreeTest::drain);
  }

  @Test
  void manyFieldNamesAreNoTrouble() throws Exception {
    StringBuilder json = new StringBuilder("{\"nodes\":[{\"type\":\"file\",\"name\":\"a\"");
    for (int i = 0; i < 200_000; i++) {
      json.append(",\"field").append(i).append("\":1");
    }
    assertEquals(1, read(json.append("}]}").toString()).size());
  }

  @Test
  void survivesDamage() throws Exception {
    byte[] tree = new TreeWriter().add(rich("a")).add(rich("b")).finish();
    Expect.everyTruncationRefused(Arrays.copyOf(tree, tree.length - 1), TreeTest::drain);
    Expect.noFlippedBitSurprises(tree, TreeTest::drain);
  }

  @Test
  void hasNoMoreNodesOnceItIsClosed() throws Exception {
    TreeReader reader = new TreeReader(Expect.utf8("{\"nodes\":[" + node("a") + "]}"));
    reader.close();
    assertNull(reader.next());
    TreeReader broken = new TreeReader(Expect.utf8("["));
    assertThrows(FormatException.class, broken::next);
    broken.close();
    assertThrows(FormatException.class, broken::next);
  }

  private static TreeNode rich(String name) {
    Attributes attributes =
        new Attributes(
            07777, TIME, TIME, TIME, 1, 2, "u\n", "g", 3, 4, 5, Map.of("x", RawName.of("\u0001")));
    return new TreeNode(
        RawName.of(name + "\"\u2028"),
        EntryType.FILE,
        attributes,
        List.of(),
        6,
        BlobIds.of(ID),
        null,
        null,
        7,
        "e");
  }

  private static TreeNode file(RawName name) {
    return TreeNode.file(name, NOTHING, 0, BlobIds.NONE);
  }

  private static String node(String name) {
    return "{\"name\":\""
        + name
        + "\",\"type\":\"file\","
        + NO_TIMES
        + ",\"uid\":0,\"gid\":0,\"content\":[]}";
  }

  private static void assertNode(String json, TreeNode node) throws FormatException {
    String tree = "{\"nodes\":[" + json + "]}\n";
    assertEquals(tree, Expect.text(new TreeWriter().add(node).finish()));
    assertEquals(List.of(node), read(tree));
  }

  private static void assertSpecial(String word, long mode, EntryType type) throws FormatException {
    String json =
        ("{\"name\":\"s\",\"type\":\"" + word + "\",\"mode\":" + mode + ",")
            + NO_TIMES
            + ",\"uid\":0,\"gid\":0,\"device\":300,\"content\":null}";
    assertNode(json, TreeNode.special(RawName.of("s"), type, NOTHING, 300));
  }

  /** The fields come on top of a sound node; the last of a name counts. */
  private static void assertDamaged(String problem, String fields) throws FormatException {
    String bad = "{\"name\":\"m\",\"type\":\"file\",\"new\":[{}]," + fields + ",\"uid\":0}";
    String json = "{\"nodes\":[" + node("a") + "," + bad + "," + node("z") + "]}\n";
    List<TreeItem> items = read(json);
    assertEquals(3, items.size(), fields);
    DamagedNode damaged = (DamagedNode) items.get(1);
    assertTrue(damaged.problem().contains(problem), damaged.problem());
    assertEquals(RawName.of("z"), ((TreeNode) items.get(2)).name());
    assertFalse(TreeReader.isCanonical(Expect.utf8(json)));
  }

  private static List<TreeItem> read(String json) throws FormatException {
    List<TreeItem> items = new ArrayList<>();
    try (TreeReader reader = new TreeReader(Expect.utf8(json))) {
      for (TreeItem item = reader.next(); item != null; item = reader.next()) {
        items.add(item);
      }
    }
    return items;
  }

  private static TreeNode next(TreeReader reader) throws FormatException {
    return (TreeNode) Objects.requireNonNull(reader.next());
  }

  private static void drain(byte[] tree) throws FormatException {
    drain(new TreeReader(tree));
  }

  private static void drain(TreeReader reader) throws FormatException {
    TreeItem item = reader.next();
    while (item != null) {
      item = reader.next();
    }
  }

  @Provide
  static Arbitrary<List<TreeNode>> trees() {
    return nodes().list().ofMaxSize(6).map(TreeTest::sorted);
  }

  @Provide
  static Arbitrary<RawName> names() {
    Arbitrary<RawName> bytes =
        Arbitraries.bytes().array(byte[].class).ofMinSize(1).ofMaxSize(12).map(RawName::of);
    Arbitrary<RawName> texts = texts().map(RawName::of);
    return Arbitraries.oneOf(bytes, texts).filter(EntryPath::isValid);
  }

  private static Arbitrary<TreeNode> nodes() {
    Arbitrary<RawName> targets =
        Arbitraries.bytes().array(byte[].class).ofMinSize(1).ofMaxSize(12).map(RawName::of);
    Arbitrary<BlobIds> contents =
        Arbitraries.bytes()
            .array(byte[].class)
            .ofSize(32)
            .map(Sha256::of)
            .array(Sha256[].class)
            .ofMaxSize(3)
            .map(BlobIds::of);
    return Combinators.combine(
            names(), Arbitraries.of(EntryType.class), attributes(), contents, targets, texts())
        .as(TreeTest::node);
  }

  private static TreeNode node(
      RawName name,
      EntryType type,
      Attributes attributes,
      BlobIds content,
      RawName target,
      String error) {
    List<String> order = new ArrayList<>(attributes.extended().keySet());
    Collections.reverse(order);
    return new TreeNode(
        name,
        type,
        attributes,
        order,
        content.size() * 5L,
        type == EntryType.FILE ? content : BlobIds.NONE,
        type == EntryType.DIRECTORY ? ID : null,
        type == EntryType.SYMLINK ? target : null,
        attributes.inode(),
        error);
  }

  private static Arbitrary<Attributes> attributes() {
    Arbitrary<Instant> times =
        Combinators.combine(
                Arbitraries.longs().between(-62_167_219_200L, 253_402_300_799L),
                Arbitraries.integers().between(0, 999_999_999))
            .as(Instant::ofEpochSecond);
    Arbitrary<RawName> values =
        Arbitraries.bytes().array(byte[].class).ofMaxSize(9).map(RawName::of);
    Arbitrary<Map<String, RawName>> extended = Arbitraries.maps(texts(), values).ofMaxSize(3);
    return Combinators.combine(
            Arbitraries.integers().between(0, 07777),
            times,
            Arbitraries.longs().between(0, 0xffffffffL),
            texts(),
            Arbitraries.longs(),
            extended)
        .as(
            (bits, time, owner, user, number, map) ->
                new Attributes(
                    bits,
                    time,
                    time.plusNanos(1),
                    time,
                    owner,
                    owner,
                    user,
                    user,
                    number,
                    ~number,
                    number >>> 1,
                    map));
  }

  private static Arbitrary<String> texts() {
    return Arbitraries.strings()
        .withChars("ab\"\\<>&\n\u0001\u007f\u00a0\u2028\ue000\ufffd")
        .all()
        .ofMaxLength(8)
        .map(text -> Expect.text(Utf8.encode(text)));
  }

  private static List<TreeNode> sorted(List<TreeNode> nodes) {
    Set<RawName> seen = new HashSet<>();
    return nodes.stream()
        .filter(node -> seen.add(node.name()))
        .sorted((left, right) -> left.name().compareTo(right.name()))
        .toList();
  }
}
