package dev.copperplate.backup.postgres.wal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.postgres.Lsn;
import dev.copperplate.backup.postgres.wal.TimelineHistory.Ancestor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class TimelineHistoryTest {

  private static final String THREE =
      """
      1\t0/3B3C7478\tno recovery target specified

      # somebody's note
      2\t1/A0000000\tbefore 2026-03-01 10:00:00.5+00
      """;

  @Test
  void theFileOfAServerIsRead() {
    TimelineHistory history = TimelineHistory.parse(3, bytes(THREE));
    assertEquals(List.of(1, 2, 3), history.path());
    assertEquals(Optional.of(Lsn.parse("0/3B3C7478")), history.endOf(1));
    assertEquals(Optional.empty(), history.endOf(3));
    assertEquals("before 2026-03-01 10:00:00.5+00", history.ancestors().get(1).reason());
  }

  @Test
  void aPositionIsOfTheTimelineThatHadNotBeenLeftThere() {
    TimelineHistory history = TimelineHistory.parse(3, bytes(THREE));
    assertEquals(1, history.timelineAt(Lsn.parse("0/3B3C7477")));
    assertEquals(2, history.timelineAt(Lsn.parse("0/3B3C7478")));
    assertEquals(2, history.timelineAt(Lsn.parse("1/9FFFFFFF")));
    assertEquals(3, history.timelineAt(Lsn.parse("1/A0000000")));
    assertTrue(history.passes(2));
    assertFalse(history.passes(4));
  }

  @Test
  void theFirstTimelineHasNoAncestors() {
    assertEquals(1, TimelineHistory.without(1).timelineAt(Lsn.parse("FF/0")));
    assertEquals(List.of(1), TimelineHistory.without(1).path());
  }

  @Test
  void namesOfFilesAreThoseOfTheServer() {
    assertEquals("0000002A.history", TimelineHistory.fileName(42));
    assertEquals(Optional.of(42), TimelineHistory.ofFileName("0000002A.history"));
    for (String none :
        List.of("2A.history", "00000000.history", "FFFFFFFF.history", "0000002a.history", "x")) {
      assertEquals(Optional.empty(), TimelineHistory.ofFileName(none));
    }
  }

  @Test
  void reasonsKeepTheirBytesWhateverTheirEncoding() {
    byte[] file = "1\t0/1000000\tat \u00ff\u0080 \u00e4\n".getBytes(StandardCharsets.ISO_8859_1);
    assertArrayEquals(file, TimelineHistory.parse(2, file).toBytes());
  }

  @Test
  void textThatIsNoHistoryIsRefused() {
    for (String hostile :
        List.of(
            "1",
            "1\t0",
            "x\t0/1\n",
            "0\t0/1\n",
            "-1\t0/1\n",
            "2147483648\t0/1\n",
            "99999999999999999999\t0/1\n",
            "1\t0/1\n1\t0/2\n",
            "2\t0/1\n1\t0/2\n",
            "1\t0/2\n2\t0/1\n",
            "3\t0/1\n",
            "4\t0/1\n",
            "1\t0/123456789\n",
            "\u0000\n")) {
      assertThrows(
          IllegalArgumentException.class, () -> TimelineHistory.parse(3, bytes(hostile)), hostile);
    }
    byte[] huge = new byte[TimelineHistory.MAX_BYTES + 1];
    assertThrows(IllegalArgumentException.class, () -> TimelineHistory.parse(3, huge));
  }

  @Provide
  Arbitrary<TimelineHistory> histories() {
    return Arbitraries.longs()
        .greaterOrEqual(0)
        .list()
        .ofMaxSize(12)
        .map(
            ends -> {
              List<Long> sorted = new ArrayList<>(ends);
              sorted.sort(null);
              List<Ancestor> ancestors = new ArrayList<>();
              for (Long end : sorted) {
                int timeline = 1 + 2 * ancestors.size();
                ancestors.add(new Ancestor(timeline, new Lsn(end), "reason " + end));
              }
              return new TimelineHistory(1 + 2 * ancestors.size(), ancestors);
            });
  }

  @Property
  void aHistoryIsReadBackAsItWasWritten(@ForAll("histories") TimelineHistory history) {
    assertEquals(history, TimelineHistory.parse(history.timeline(), history.toBytes()));
  }

  @Property
  void eachPositionIsOfOneTimelineAndTheyAscend(
      @ForAll("histories") TimelineHistory history, @ForAll long one, @ForAll long two) {
    Lsn early = new Lsn(Math.min(one & Long.MAX_VALUE, two & Long.MAX_VALUE));
    Lsn late = new Lsn(Math.max(one & Long.MAX_VALUE, two & Long.MAX_VALUE));
    assertTrue(history.timelineAt(early) <= history.timelineAt(late));
    history
        .endOf(history.timelineAt(early))
        .ifPresent(end -> assertTrue(early.isBefore(end), "it had not been left yet"));
  }

  @Property
  void noBytesBreakTheReader(@ForAll byte[] any, @ForAll("lines") String text) {
    readOrRefuse(any);
    readOrRefuse(bytes(text));
  }

  @Provide
  Arbitrary<String> lines() {
    return Arbitraries.strings().withChars("0123456789AF/\t\n #x-").ofMaxLength(60);
  }

  private static void readOrRefuse(byte[] file) {
    try {
      TimelineHistory read = TimelineHistory.parse(9, file);
      assertEquals(read, TimelineHistory.parse(9, read.toBytes()));
    } catch (IllegalArgumentException refused) {
      assertFalse(refused.getMessage().isEmpty());
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
