package dev.copperplate.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException.Kind;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {

  @ParameterizedTest
  @ValueSource(strings = {"", "/a", "a/", "a//b", "a/../b", ".", "a b", "ü", "a\nb"})
  void anObjectKeyIsPlainSegments(String key) {
    assertThrows(IllegalArgumentException.class, () -> new ObjectKey(key));
  }

  @Test
  void aRangeKnowsWhatOfASizeItHolds() {
    assertEquals(5, ByteRange.ALL.within(5));
    assertEquals(2, ByteRange.from(3).within(5));
    assertEquals(0, ByteRange.from(9).within(5));
    assertEquals(1, new ByteRange(2, 3).within(5));
    assertThrows(IllegalArgumentException.class, () -> new ByteRange(3, 2));
    assertThrows(IllegalArgumentException.class, () -> new ByteRange(-1, 2));
  }

  @Test
  void onlyWhatPassesByItselfIsRetryable() {
    Set<Kind> retryable = EnumSet.noneOf(Kind.class);
    for (Kind kind : Kind.values()) {
      if (new BackupException(kind, "x").retryable()) {
        retryable.add(kind);
      }
    }
    assertEquals(EnumSet.of(Kind.UNAVAILABLE, Kind.LOCKED), retryable);
  }

  @Test
  void aVerificationWithAnErrorHasNotPassed() {
    List<Finding> findings = List.of(Finding.error("pack", "gone", ""));
    assertFalse(Verification.of("v", Proof.DATA, findings, Map.of()).passed());
    assertThrows(
        IllegalArgumentException.class,
        () -> new Verification("v", Proof.DATA, true, findings, Map.of()));
    assertTrue(
        Verification.of("v", Proof.DATA, List.of(Finding.warning("a", "b", "c")), Map.of())
            .passed());
  }

  @Test
  void aRestoreWithAWarningIsNotComplete() {
    RestorePlan plan = new RestorePlan("/x", List.of(), List.of(), 0);
    RestoreReport clean = RestoreReport.of(plan, 1, 1);
    assertTrue(clean.complete());
    RestoreReport partial =
        new RestoreReport(
            plan, clean.point(), Map.of(), 1, 1, List.of(Finding.warning("a", "b", "c")));
    assertFalse(partial.complete());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a/b", "..", "a\nb"})
  void theNameOfASystemIsOnePlainWord(String name) {
    assertThrows(IllegalArgumentException.class, () -> new SourceId("postgres", name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Postgres", "1a", "a_b", "a/b"})
  void theTypeOfASourceIsLowerCase(String type) {
    assertThrows(IllegalArgumentException.class, () -> new SourceId(type, "x"));
  }

  @Test
  void valuesKeepCopiesOfWhatTheyWereGiven() {
    List<String> reasons = new ArrayList<>(List.of("a"));
    RestorePlan plan = new RestorePlan("/x", reasons, List.of(), 0);
    reasons.add("b");
    assertEquals(List.of("a"), plan.steps());
    byte[] bytes = {1, 2};
    RawName name = RawName.of(bytes);
    bytes[0] = 9;
    assertEquals(RawName.of(new byte[] {1, 2}), name);
    name.toByteArray()[0] = 9;
    assertEquals(RawName.of(new byte[] {1, 2}), name);
  }

  @Test
  void rawNamesAreComparedAsUnsignedBytesAndShownAsTextWhereTheyAreText() {
    RawName invalid = RawName.of(new byte[] {(byte) 0xff, (byte) 0xfe});
    assertTrue(RawName.of("a").compareTo(invalid) < 0);
    assertEquals("0xfffe", invalid.toString());
    assertEquals("ä", RawName.of("ä").toString());
    assertNotEquals(RawName.of("a"), RawName.of("b"));
  }

  @Test
  void attributesRefuseWhatNoFileSystemHas() {
    assertThrows(IllegalArgumentException.class, () -> Attributes.PLAIN.permissions(0x8000));
    assertEquals(0700, Attributes.PLAIN_DIRECTORY.permissions());
  }

  @Test
  void aCursorOverAListEndsWithNullAndStaysThere() throws Exception {
    try (Cursor<String> cursor = Cursor.of(List.of("a"))) {
      assertEquals("a", cursor.next());
      assertEquals(null, cursor.next());
      assertEquals(null, cursor.next());
    }
  }
}
