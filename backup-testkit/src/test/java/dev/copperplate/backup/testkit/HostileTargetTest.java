package dev.copperplate.backup.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Capability;
import dev.copperplate.backup.Content;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.ObjectInfo;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.PutOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

@Timeout(60)
class HostileTargetTest {

  private static final byte[] BYTES = new byte[1000];
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  static {
    Arrays.fill(BYTES, (byte) 'x');
  }

  private final MemoryTarget store = new MemoryTarget(() -> NOW);
  private final HostileTarget target = HostileTarget.over(store);

  private static ObjectKey key(String value) {
    return new ObjectKey(value);
  }

  private static void put(BackupTarget target, String key) throws IOException {
    target.put(key(key), Content.of(BYTES), PutOptions.DATA);
  }

  private static byte[] read(BackupTarget target, String key) throws IOException {
    try (InputStream in = target.read(key(key), ByteRange.ALL)) {
      return in.readAllBytes();
    }
  }

  private static List<ObjectInfo> list(BackupTarget target) throws IOException {
    List<ObjectInfo> all = new ArrayList<>();
    try (Cursor<ObjectInfo> cursor = target.list("")) {
      for (ObjectInfo info = cursor.next(); info != null; info = cursor.next()) {
        all.add(info);
      }
    }
    return all;
  }

  private static Set<String> keys(BackupTarget target) throws IOException {
    Set<String> keys = new TreeSet<>();
    list(target).forEach(each -> keys.add(each.key().value()));
    return keys;
  }

  private static void assertKind(Kind kind, Executable call) {
    assertEquals(kind, assertThrows(BackupException.class, call).kind());
  }

  @Test
  void aPutThatFailsHalfWayStoresNothing() throws Exception {
    target.on(Calls.puts("").first(1), Fault.halfWay());
    ProbedContent content = new ProbedContent(BYTES, () -> {});
    assertKind(Kind.UNAVAILABLE, () -> target.put(key("a"), content, PutOptions.DATA));
    assertEquals(1, content.opened());
    assertEquals(0, content.stillOpen());
    assertEquals(Set.of(), keys(store));
    put(target, "a");
    assertEquals(Set.of("a"), keys(store));
  }

  @Test
  void aReadThatFailsHalfWayGivesHalf() throws Exception {
    put(store, "a");
    target.on(Calls.reads(""), Fault.halfWay());
    try (InputStream in = target.read(key("a"), ByteRange.ALL)) {
      assertEquals(500, in.readNBytes(500).length);
      assertKind(Kind.UNAVAILABLE, in::read);
    }
  }

  @Test
  void whatSucceedsAndIsNotAnsweredIsDone() throws Exception {
    target.on(Calls.any(), Fault.answerLost());
    assertKind(Kind.UNAVAILABLE, () -> put(target, "a"));
    assertEquals(Set.of("a"), keys(store));
    assertKind(Kind.UNAVAILABLE, () -> read(target, "a"));
    assertKind(Kind.UNAVAILABLE, () -> list(target));
    assertKind(Kind.UNAVAILABLE, () -> target.delete(List.of(key("a"))));
    assertEquals(Set.of(), keys(store));
  }

  @Test
  void whatIsReadIsCutOrHasAFlippedBitAndTheStoreIsUntouched() throws Exception {
    put(store, "a");
    target.on(Calls.reads("").nth(1), Fault.truncates());
    target.on(Calls.reads("").nth(2), Fault.flipsBit(77));
    assertEquals(500, read(target, "a").length);
    byte[] flipped = read(target, "a");
    assertEquals(1000, flipped.length);
    assertEquals(9, Arrays.mismatch(BYTES, flipped));
    assertEquals(1, Integer.bitCount((BYTES[9] ^ flipped[9]) & 0xff));
    assertArrayEquals(BYTES, read(target, "a"));
  }

  @Test
  void aFullStoreTakesWhatFits() throws Exception {
    target.on(Calls.puts("data/"), Fault.full(2500));
    put(target, "data/1");
    put(target, "data/2");
    assertKind(Kind.FULL, () -> put(target, "data/3"));
    put(target, "locks/1");
    assertEquals(Set.of("data/1", "data/2", "locks/1"), keys(target));
  }

  @Test
  void aRefusedDeletionRemainsAndTheOthersGo() throws Exception {
    put(target, "a/1");
    put(target, "b/1");
    target.on(Calls.deletes("a/"), Fault.refused(Kind.DENIED));
    var remaining = target.delete(List.of(key("a/1"), key("b/1")));
    assertEquals(Set.of(key("a/1")), remaining.keySet());
    assertEquals(Kind.DENIED, remaining.get(key("a/1")).kind());
    assertEquals(Set.of("a/1"), keys(target));
  }

  @Test
  void aGateHoldsUpBeforeOrAfterTheStoreHasDoneIt() throws Exception {
    for (boolean done : new boolean[] {false, true}) {
      String name = "k" + done;
      Gate gate = done ? Gate.after() : Gate.before();
      target.on(Calls.puts(name), gate);
      ExecutorService other = Executors.newSingleThreadExecutor();
      try {
        Future<Object> put =
            other.submit(
                () -> {
                  put(target, name);
                  return true;
                });
        gate.awaitHeld(1);
        assertEquals(done, keys(store).contains(name));
        assertFalse(put.isDone());
        gate.open();
        put.get(30, TimeUnit.SECONDS);
        assertTrue(keys(store).contains(name));
      } finally {
        other.shutdownNow();
      }
    }
  }

  @Test
  void whoIsInterruptedAtAGateGetsAnInterruption() {
    target.on(Calls.lists(""), Gate.before());
    Thread.currentThread().interrupt();
    assertThrows(InterruptedIOException.class, () -> target.list(""));
    assertTrue(Thread.interrupted());
  }

  @Test
  void slownessPassesOnTheClockOfTheTest() throws Exception {
    AtomicReference<Instant> now = new AtomicReference<>(NOW);
    Fault slow =
        Fault.slow(Duration.ofMinutes(3), passed -> now.updateAndGet(each -> each.plus(passed)));
    target.on(Calls.puts(""), slow);
    put(target, "a");
    put(target, "b");
    assertEquals(NOW.plusSeconds(360), now.get());
  }

  @Test
  void whoIsCutOffDoesNothingMoreAtAll() throws Exception {
    put(target, "a");
    put(target, "b");
    InputStream open = target.read(key("a"), ByteRange.ALL);
    Cursor<ObjectInfo> listing = target.list("");
    target.dieAfter(1);
    assertEquals('x', open.read());
    put(target, "c");
    assertKind(Kind.DENIED, () -> put(target, "d"));
    assertKind(Kind.DENIED, open::read);
    assertKind(Kind.DENIED, listing::next);
    assertKind(Kind.DENIED, () -> target.list(""));
    assertEquals(Kind.DENIED, target.delete(List.of(key("a"))).get(key("a")).kind());
    open.close();
    listing.close();
    assertEquals(Set.of("a", "b", "c"), keys(store));
    target.heal();
    assertEquals(Set.of("a", "b", "c"), keys(target));
    assertEquals("1 PUT a", target.operations().get(0).toString());
    assertEquals(9, target.operations().size());
  }

  @Test
  void chanceIsDecidedByTheSeed() throws Exception {
    assertEquals(failures(7), failures(7));
    assertNotEquals(failures(7), failures(8));
    int count = failures(7).size();
    assertTrue(count > 20 && count < 80, "about half of a hundred: " + count);
  }

  private static List<Integer> failures(long seed) {
    HostileTarget chancy = HostileTarget.over(new MemoryTarget());
    chancy.on(Calls.puts("").share(0.5, seed), Fault.refused(Kind.UNAVAILABLE));
    List<Integer> failed = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      try {
        put(chancy, "k" + i);
      } catch (IOException e) {
        failed.add(i);
      }
    }
    return failed;
  }

  @Test
  void whatIsListedLateCanBeReadAtOnce() throws Exception {
    LateListingTarget late = LateListingTarget.over(store, 2);
    put(late, "a");
    assertArrayEquals(BYTES, read(late, "a"));
    assertEquals(Set.of(), keys(late));
    assertEquals(Set.of("a"), keys(late));
    put(late, "b");
    late.settle();
    assertEquals(Set.of("a", "b"), keys(late));
    late.delete(List.of(key("a")));
    put(late, "a");
    assertEquals(Set.of("b"), keys(late));
  }

  @Test
  void theStoresClockIsOffAndJumps() throws Exception {
    SkewedTarget skewed = SkewedTarget.over(store, Duration.ofHours(-1));
    put(skewed, "a");
    assertEquals(NOW.minusSeconds(3600), list(skewed).get(0).modified());
    skewed.jump(Duration.ofHours(3));
    assertEquals(NOW.minusSeconds(3600), list(skewed).get(0).modified());
    skewed.delete(List.of(key("a")));
    put(skewed, "a");
    assertEquals(NOW.plusSeconds(7200), list(skewed).get(0).modified());
  }

  @Test
  void whatIsRetainedGoesWhenTheStoresClockSaysSo() throws Exception {
    AtomicReference<Instant> now = new AtomicReference<>(NOW);
    RetainingTarget retaining = RetainingTarget.over(store, now::get, Duration.ofDays(1));
    assertTrue(retaining.capabilities().contains(Capability.RETENTION));
    put(retaining, "a");
    retaining.retain(List.of(key("a")), NOW.plus(Duration.ofDays(3)));
    retaining.retain(List.of(key("a")), NOW.plus(Duration.ofDays(2)));
    Optional<Instant> until = Optional.of(NOW.plus(Duration.ofDays(3)));
    assertEquals(until, list(retaining).get(0).retainedUntil());
    BackupException reason = retaining.delete(List.of(key("a"))).get(key("a"));
    assertEquals(Kind.RETAINED, reason.kind());
    assertTrue(reason.getMessage().contains("2026-01-04"), reason::getMessage);
    assertKind(Kind.NOT_FOUND, () -> retaining.retain(List.of(key("b")), Instant.MAX));
    now.set(NOW.plus(Duration.ofDays(3)));
    assertEquals(Optional.empty(), list(retaining).get(0).retainedUntil());
    assertEquals(0, retaining.delete(List.of(key("a"))).size());
    assertEquals(Set.of(), keys(store));
  }
}
