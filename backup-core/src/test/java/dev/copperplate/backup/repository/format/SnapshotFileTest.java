package dev.copperplate.backup.repository.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SnapshotFileTest {

  private static final Instant TIME = Instant.parse("2024-02-29T12:00:00.123456789Z");
  private static final Sha256 TREE = Sha256.parse("ab".repeat(32));
  private static final Sha256 OTHER = Sha256.parse("cd".repeat(32));
  private static final SnapshotSummary SUMMARY =
      new SnapshotSummary(TIME, TIME, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);

  @Test
  void isWrittenAsResticWritesIt() throws Exception {
    SnapshotFile snapshot = full();
    String json =
        "{\"time\":\"2024-02-29T12:00:00.123456789Z\""
            + (",\"parent\":\"" + OTHER + "\",\"tree\":\"" + TREE + "\"")
            + ",\"paths\":[\"/a\\u0026b\",\"/c\"],\"hostname\":\"h\",\"username\":\"u\""
            + ",\"uid\":1000,\"gid\":100,\"excludes\":[\"*.tmp\"],\"tags\":[\"run=1\"]"
            + (",\"original\":\"" + OTHER + "\",\"program_version\":\"copperplate 1\"")
            + ",\"summary\":{\"backup_start\":\"2024-02-29T12:00:00.123456789Z\""
            + ",\"backup_end\":\"2024-02-29T12:00:00.123456789Z\",\"files_new\":1"
            + ",\"files_changed\":2,\"files_unmodified\":3,\"dirs_new\":4,\"dirs_changed\":5"
            + ",\"dirs_unmodified\":6,\"data_blobs\":7,\"tree_blobs\":8,\"data_added\":9"
            + ",\"data_added_packed\":10,\"total_files_processed\":11"
            + ",\"total_bytes_processed\":12}}";
    assertEquals(json, Expect.text(snapshot.encode()));
    assertEquals(snapshot, SnapshotFile.decode(snapshot.encode()));
  }

  @Test
  void leavesOutWhatIsEmptyButForPaths() throws Exception {
    SnapshotFile snapshot = SnapshotFile.builder(Instant.EPOCH, TREE).build();
    assertEquals(
        "{\"time\":\"1970-01-01T00:00:00Z\",\"tree\":\"" + TREE + "\",\"paths\":[]}",
        Expect.text(snapshot.encode()));
    assertEquals(snapshot, SnapshotFile.decode(snapshot.encode()));
  }

  @Property(tries = 200)
  void isReadAsItWasWritten(
      @ForAll @Size(max = 4) List<String> paths,
      @ForAll @Size(max = 4) List<String> tags,
      @ForAll String hostname,
      @ForAll @LongRange(min = 0, max = 0xffff_ffffL) long uid,
      @ForAll @LongRange(min = 0) long count)
      throws Exception {
    SnapshotSummary summary =
        new SnapshotSummary(TIME, TIME, count, 0, 0, 0, 0, 0, 0, 0, count, 0, 0, count);
    SnapshotFile snapshot =
        SnapshotFile.builder(TIME, TREE)
            .paths(sound(paths))
            .tags(sound(tags))
            .hostname(sound(hostname))
            .uid(uid)
            .summary(summary)
            .build();
    assertEquals(snapshot, SnapshotFile.decode(snapshot.encode()));
  }

  @Test
  void isRebuiltFieldByField() {
    assertEquals(full(), full().toBuilder().build());
    SnapshotFile tagged = full().toBuilder().tags(List.of("x")).original(null).build();
    assertEquals(List.of("x"), tagged.tags());
    assertEquals(null, tagged.original());
    assertEquals(full(), tagged.toBuilder().tags(full().tags()).original(OTHER).build());
  }

  @Test
  void readsForeignSnapshots() throws Exception {
    String json =
        "{\"label\":\"\",\"delete\":{\"never\":[]},\"tree\":\""
            + TREE
            + "\",\"time\":\"2024-02-29T13:00:00+01:00\",\"tags\":null,\"parents\":[],"
            + "\"summary\":{\"command\":[\"x\"],\"files_new\":3}}";
    SnapshotFile snapshot = SnapshotFile.decode(Expect.utf8(json));
    assertEquals(Instant.parse("2024-02-29T12:00:00Z"), snapshot.time());
    assertEquals(List.of(), snapshot.tags());
    SnapshotSummary summary =
        new SnapshotSummary(
            Timestamps.UNKNOWN, Timestamps.UNKNOWN, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    assertEquals(summary, snapshot.summary());
    assertEquals(
        Timestamps.UNKNOWN, SnapshotFile.decode(Expect.utf8("{\"tree\":\"" + TREE + "\"}")).time());
  }

  @Test
  void saysWhatIsWrong() {
    assertRefused("names no tree", "{}");
    assertRefused("names no tree", "{\"tree\":null}");
    assertRefused("'tree': An id has 64", "{\"tree\":\"abc\"}");
    assertRefused("'paths' is not an array", "{\"paths\":\"/\"}");
    assertRefused("'paths' is not a string", "{\"paths\":[null]}");
    assertRefused("'uid' is more than", "{\"uid\":4294967296}");
    assertRefused("'files_new' is more than", "{\"summary\":{\"files_new\":9223372036854775808}}");
    assertRefused("'summary' is not an object", "{\"summary\":[]}");
  }

  @Test
  void survivesDamage() {
    Expect.everyTruncationRefused(full().encode(), SnapshotFile::decode);
    Expect.noFlippedBitSurprises(full().encode(), SnapshotFile::decode);
  }

  @Test
  void cannotBeChanged() {
    List<String> tags = new ArrayList<>(List.of("a"));
    SnapshotFile snapshot = SnapshotFile.builder(TIME, TREE).tags(tags).build();
    tags.add("b");
    assertEquals(List.of("a"), snapshot.tags());
    assertThrows(IllegalArgumentException.class, () -> full().toBuilder().uid(1L << 32).build());
    assertThrows(IllegalArgumentException.class, () -> full().toBuilder().gid(-1).build());
  }

  private static SnapshotFile full() {
    return SnapshotFile.builder(TIME, TREE)
        .parent(OTHER)
        .paths(List.of("/a&b", "/c"))
        .hostname("h")
        .username("u")
        .uid(1000)
        .gid(100)
        .excludes(List.of("*.tmp"))
        .tags(List.of("run=1"))
        .original(OTHER)
        .programVersion("copperplate 1")
        .summary(SUMMARY)
        .build();
  }

  private static List<String> sound(List<String> texts) {
    return texts.stream().map(SnapshotFileTest::sound).toList();
  }

  /** Half surrogate pairs are no text. */
  private static String sound(String text) {
    return Expect.text(Utf8.encode(text));
  }

  private static void assertRefused(String message, String json) {
    Expect.refused(message, json, SnapshotFile::decode);
  }
}
