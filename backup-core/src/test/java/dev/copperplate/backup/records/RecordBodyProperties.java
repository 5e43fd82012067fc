package dev.copperplate.backup.records;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.ContentId;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Finding.Severity;
import dev.copperplate.backup.Proof;
import dev.copperplate.backup.RunId;
import dev.copperplate.backup.Verification;
import dev.copperplate.backup.repository.format.FormatException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What a record says is read as it was written, whatever the strings are with which it says it. */
class RecordBodyProperties {

  private static final String HEX = "0123456789abcdef".repeat(4);

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.oneOf(
            Arbitraries.strings().all().ofMaxLength(40),
            Arbitraries.of("", "\u0000\"\\/<&>\u2028", "{\"a\":[1]}", "\ud83d\ude00", "é\u0301"))
        .map(RecordBodyProperties::sound);
  }

  /** Half a surrogate pair has no UTF-8; the codec writes U+FFFD for it. */
  private static String sound(String text) {
    StringBuilder sound = new StringBuilder();
    text.codePoints()
        .map(each -> each >= 0xd800 && each <= 0xdfff ? 0xfffd : each)
        .forEach(sound::appendCodePoint);
    return sound.toString();
  }

  @Provide
  Arbitrary<RunId> runs() {
    return Arbitraries.strings()
        .withCharRange('a', 'z')
        .withChars(".-_0")
        .ofMinLength(1)
        .ofMaxLength(128)
        .map(RunId::new);
  }

  @Provide
  Arbitrary<Instant> times() {
    return Combinators.combine(
            Arbitraries.longs().between(0, 253_402_300_799L),
            Arbitraries.integers().between(0, 999_999_999))
        .as(Instant::ofEpochSecond);
  }

  @Provide
  Arbitrary<Finding> findings() {
    return Combinators.combine(Arbitraries.of(Severity.class), texts(), texts(), texts())
        .as(Finding::new);
  }

  @Provide
  Arbitrary<Verification> verifications() {
    return Combinators.combine(
            texts(),
            Arbitraries.of(Proof.class),
            findings().list().ofMaxSize(5),
            Arbitraries.maps(texts(), texts()).ofMaxSize(5))
        .as(Verification::of);
  }

  @Property(tries = 200)
  void receipts(
      @ForAll("verifications") Verification verification,
      @ForAll("runs") RunId snapshot,
      @ForAll("runs") RunId run,
      @ForAll("times") Instant at)
      throws Exception {
    ReceiptBody body = new ReceiptBody(HEX, new ContentId(HEX), snapshot, run, at, verification);
    assertEquals(body, ReceiptBody.decode(utf8(body.encode())));
  }

  @Property(tries = 200)
  void holds(@ForAll("runs") RunId run, @ForAll("times") Instant at, @ForAll("texts") String reason)
      throws Exception {
    HoldBody hold = HoldBody.hold(run, at, reason);
    assertEquals(hold, HoldBody.decode(utf8(hold.encode())));
    HoldBody release = HoldBody.release(run, at, List.of(reason, "x"), List.of(reason));
    assertEquals(release, HoldBody.decode(utf8(release.encode())));
  }

  @Property(tries = 200)
  void approvals(
      @ForAll("runs") RunId run,
      @ForAll("runs") RunId other,
      @ForAll("times") Instant at,
      @ForAll("times") Instant expires,
      @ForAll("texts") String text)
      throws Exception {
    for (Optional<String> signature : List.of(Optional.<String>empty(), Optional.of(text))) {
      Set<RunId> runs = Set.copyOf(List.of(run, other));
      ApprovalBody body = new ApprovalBody(runs, text, at, expires, signature);
      assertEquals(body, ApprovalBody.decode(utf8(body.encode())));
    }
  }

  @Property(tries = 200)
  void findingsOfRuns(
      @ForAll("runs") RunId run,
      @ForAll("times") Instant at,
      @ForAll("findingLists") List<Finding> findings)
      throws Exception {
    FindingsBody body = new FindingsBody(run, at, findings);
    assertEquals(body, FindingsBody.decode(utf8(body.encode())));
  }

  @Provide
  Arbitrary<List<Finding>> findingLists() {
    return findings().list().ofMaxSize(10);
  }

  @Property(tries = 200)
  void files(@ForAll("texts") String key, @ForAll("texts") String body, @ForAll byte[] signature)
      throws Exception {
    RecordFile signed = RecordFile.decode(new RecordFile(key, body, signature).encode());
    assertEquals(key, signed.key());
    assertEquals(body, signed.body(), "to the byte: a signature stands for it");
    assertArrayEquals(signature, signed.signature());
    assertEquals(null, RecordFile.decode(new RecordFile(key, body, null).encode()).signature());
  }

  @Property(tries = 500)
  void whateverIsNoRecordIsAFormatException(
      @ForAll("texts") String junk, @ForAll("times") Instant at) {
    for (String json :
        List.of(
            junk,
            "[" + junk + "]",
            "{\"record\":\"receipt\",\"at\":\"" + at + "\",\"proof\":\"data\"}",
            "{\"record\":\"hold\",\"run\":\"a/b\",\"at\":\"" + at + "\"}",
            "{\"record\":\"approval\",\"at\":\"" + at + "\",\"expires\":\"" + at + "\"}",
            "{\"record\":\"findings\",\"run\":\"r\",\"findings\":[{}]}")) {
      assertThrows(FormatException.class, () -> ReceiptBody.decode(utf8(json)));
      assertThrows(FormatException.class, () -> HoldBody.decode(utf8(json)));
      assertThrows(FormatException.class, () -> ApprovalBody.decode(utf8(json)));
      assertThrows(FormatException.class, () -> FindingsBody.decode(utf8(json)));
    }
  }

  @Example
  void fieldsOfALaterVersionArePassedOver() throws Exception {
    HoldBody hold = HoldBody.hold(new RunId("r"), Instant.EPOCH, "why");
    String more = hold.encode().replaceFirst("\\{", "{\"later\":{\"a\":[1,{}]},");
    assertEquals(hold, HoldBody.decode(utf8(more)));
  }

  @Example
  void aReceiptThatPassedWithAnErrorIsRefused() throws Exception {
    Finding error = Finding.error("a", "b", "c");
    String failed = receipt(Verification.of("v", Proof.DATA, List.of(error), Map.of())).encode();
    String lie = failed.replace("\"passed\":false", "\"passed\":true");
    assertThrows(FormatException.class, () -> ReceiptBody.decode(utf8(lie)));
  }

  @Example
  void whatIsTooMuchForAReceiptIsCutAndCounted() throws Exception {
    Finding long1 = Finding.error("😀".repeat(1500), "\u0001".repeat(3000), "\"".repeat(3000));
    Map<String, String> facts = new HashMap<>();
    for (int i = 0; i < 1500; i++) {
      facts.put("key " + (1000 + i), "\u0001".repeat(i < 50 ? 3000 : 1));
    }
    facts.put("k".repeat(2001), "too long a key");
    Verification huge =
        Verification.of("v".repeat(3000), Proof.DATA, Collections.nCopies(1500, long1), facts);
    String json = receipt(huge).encode();
    assertTrue(json.length() < 10 << 20, () -> "JSON of " + json.length());
    Verification read = ReceiptBody.decode(utf8(json)).verification();
    assertEquals(2000, read.verifier().length());
    assertEquals(1000, read.facts().size());
    List<Finding> findings = read.findings();
    Finding last = findings.get(findings.size() - 1);
    int others = 1500 - (findings.size() - 1);
    assertTrue(last.message().startsWith(others + " more findings"), last::toString);
    assertTrue(findings.get(0).subject().endsWith("😀…"), "no half of a character");
    assertEquals(ReceiptBody.decode(utf8(json)).encode().length(), json.length(), "cut once");
  }

  @Example
  void aThousandFindingsOfAnUsualSizeAllFit() throws Exception {
    List<Finding> findings = Collections.nCopies(1000, Finding.info("s", "m".repeat(500)));
    Verification all = Verification.of("v", Proof.DATA, findings, Map.of());
    assertEquals(all, ReceiptBody.decode(utf8(receipt(all).encode())).verification());
  }

  private static ReceiptBody receipt(Verification verification) {
    RunId run = new RunId("r");
    return new ReceiptBody(HEX, new ContentId(HEX), run, run, Instant.EPOCH, verification);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
