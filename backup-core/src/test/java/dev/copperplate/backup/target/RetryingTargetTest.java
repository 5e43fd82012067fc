package dev.copperplate.backup.target;

import static dev.copperplate.backup.target.ScriptedTarget.fine;
import static dev.copperplate.backup.target.ScriptedTarget.unavailable;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Content;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.ObjectInfo;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.ObjectVersion;
import dev.copperplate.backup.PutOptions;
import dev.copperplate.backup.VersionedTarget;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RetryingTargetTest {

  private static final ObjectKey KEY = new ObjectKey("data/00/x");
  private static final RetryPolicy POLICY =
      new RetryPolicy(4, Duration.ofSeconds(1), Duration.ofSeconds(3), Duration.ofSeconds(60));

  private final FakeWaiting waiting = new FakeWaiting();

  /** Time that passes only by waiting, and chance that always takes the whole pause. */
  private static final class FakeWaiting implements Waiting {

    final List<Duration> pauses = new ArrayList<>();
    private Duration passed = Duration.ZERO;

    @Override
    public long nanoTime() {
      return passed.toNanos();
    }

    @Override
    public void sleep(Duration pause) throws InterruptedException {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      pauses.add(pause);
      passed = passed.plus(pause);
    }

    @Override
    public double chance() {
      return 1;
    }
  }

  private BackupTarget retrying(ScriptedTarget target) {
    return RetryingTarget.of(target, POLICY, waiting);
  }

  private void put(BackupTarget target) throws IOException {
    target.put(KEY, Content.of(new byte[3]), PutOptions.DATA);
  }

  @Test
  void aPutIsRepeatedWithAllItsBytesUntilItSucceeds() throws IOException {
    ScriptedTarget target = new ScriptedTarget(unavailable(), unavailable());
    put(retrying(target));
    String call = "put data/00/x 3";
    assertEquals(List.of(call, call, call), target.calls);
    assertEquals(List.of(Duration.ofSeconds(1), Duration.ofSeconds(2)), waiting.pauses);
  }

  @Test
  void itGivesUpAfterTheLastAttemptAndSaysSo() {
    ScriptedTarget target =
        new ScriptedTarget(unavailable(), unavailable(), unavailable(), unavailable());
    BackupException thrown = assertThrows(BackupException.class, () -> put(retrying(target)));
    assertEquals(Kind.UNAVAILABLE, thrown.kind());
    assertEquals("The store is overloaded (given up after 4 attempts)", thrown.getMessage());
    assertEquals(4, target.calls.size());
    // The longest pause is three seconds.
    assertEquals(
        List.of(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(3)),
        waiting.pauses);
  }

  @Test
  void itGivesUpWhenTheNextPauseWouldEndTooLate() {
    RetryPolicy hasty =
        new RetryPolicy(100, Duration.ofSeconds(1), Duration.ofSeconds(60), Duration.ofSeconds(6));
    ScriptedTarget target =
        new ScriptedTarget(unavailable(), unavailable(), unavailable(), unavailable());
    BackupTarget retrying = RetryingTarget.of(target, hasty, waiting);
    assertThrows(BackupException.class, () -> put(retrying));
    assertEquals(List.of(Duration.ofSeconds(1), Duration.ofSeconds(2)), waiting.pauses);
  }

  private static BackupException askedToWait(long seconds) {
    return new BackupException(
        Kind.UNAVAILABLE, "The store is overloaded", null, Duration.ofSeconds(seconds));
  }

  @Test
  void whatTheStoreAsksForIsWaitedAndTheUsualPauseBesides() throws IOException {
    put(retrying(new ScriptedTarget(askedToWait(10), askedToWait(0), askedToWait(3))));
    assertEquals(
        List.of(Duration.ofSeconds(11), Duration.ofSeconds(2), Duration.ofSeconds(3)),
        waiting.pauses);
  }

  @Test
  void aStoreThatAsksForMoreTimeThanThereIsIsNotWaitedFor() {
    ScriptedTarget target = new ScriptedTarget(askedToWait(30), askedToWait(30));
    BackupException thrown = assertThrows(BackupException.class, () -> put(retrying(target)));
    assertEquals("The store is overloaded (given up after 2 attempts)", thrown.getMessage());
    assertEquals(List.of(Duration.ofSeconds(31)), waiting.pauses);
  }

  @Test
  void aStreamWaitsAsTheStoreAsks() throws IOException {
    ScriptedTarget target = new ScriptedTarget(fine(), askedToWait(9));
    try (InputStream in = retrying(target).read(KEY, ByteRange.from(5))) {
      assertEquals('5', in.read());
    }
    assertEquals(List.of(Duration.ofSeconds(10)), waiting.pauses);
  }

  @Test
  void whatDoesNotPassIsNotRepeated() {
    for (Kind kind : Kind.values()) {
      if (kind != Kind.UNAVAILABLE) {
        BackupException failure = new BackupException(kind, "no");
        ScriptedTarget target = new ScriptedTarget(failure);
        assertSame(failure, assertThrows(BackupException.class, () -> put(retrying(target))));
        assertEquals(1, target.calls.size());
      }
    }
    IOException foreign = new IOException("the content failed");
    ScriptedTarget target = new ScriptedTarget(foreign);
    assertSame(foreign, assertThrows(IOException.class, () -> put(retrying(target))));
    assertEquals(List.of(), waiting.pauses);
  }

  @Test
  void aLostAnswerShowsBehindTheSecondAttemptsFailure() {
    BackupException lost = unavailable();
    BackupException exists = new BackupException(Kind.ALREADY_EXISTS, "it exists");
    ScriptedTarget target = new ScriptedTarget(lost, exists);
    assertSame(exists, assertThrows(BackupException.class, () -> put(retrying(target))));
    assertArrayEquals(new Throwable[] {lost}, exists.getSuppressed());
  }

  @Test
  void anInterruptionEndsTheWaitWithItsFlag() {
    ScriptedTarget target = new ScriptedTarget(unavailable());
    Thread.currentThread().interrupt();
    InterruptedIOException thrown =
        assertThrows(InterruptedIOException.class, () -> put(retrying(target)));
    assertTrue(Thread.interrupted());
    assertTrue(thrown.toString().contains("The store is overloaded"));
    assertEquals(1, target.calls.size());
  }

  @Test
  void aStreamThatBreaksIsOpenedAgainWhereItStopped() throws IOException {
    ScriptedTarget target =
        new ScriptedTarget(
            unavailable(), fine(), fine(), unavailable(), fine(), fine(), unavailable());
    try (InputStream in = retrying(target).read(KEY, new ByteRange(1, 9))) {
      assertEquals("12345678", new String(in.readAllBytes(), StandardCharsets.US_ASCII));
    }
    assertEquals(
        List.of(
            "open 1", // fails
            "open 1", "read", "read", // fails
            "open 4", "read", "read", // fails
            "open 7", "read", "read"),
        target.calls);
    assertEquals(target.opened, target.closed);
  }

  @Test
  void aStreamThatBreaksWhileItIsReopenedIsTriedAgain() throws IOException {
    ScriptedTarget target = new ScriptedTarget(fine(), unavailable(), unavailable());
    try (InputStream in = retrying(target).read(KEY, ByteRange.from(5))) {
      assertEquals('5', in.read());
    }
    assertEquals(List.of("open 5", "read", "open 5", "open 5", "read"), target.calls);
    assertEquals(2, waiting.pauses.size());
  }

  @Test
  void whatIsSkippedIsNotReadAgain() throws IOException {
    ScriptedTarget target =
        new ScriptedTarget(fine(), unavailable(), fine(), fine(), unavailable());
    try (InputStream in = retrying(target).read(KEY, ByteRange.ALL)) {
      assertEquals(6, in.skip(6));
      assertEquals('6', in.read());
    }
    assertEquals(
        List.of("open 0", "skip", "open 0", "skip", "read", "open 6", "read"), target.calls);
  }

  @Test
  void openingAndReadingShareTheirAttempts() throws IOException {
    ScriptedTarget target =
        new ScriptedTarget(
            unavailable(), unavailable(), fine(), fine(), unavailable(), fine(), unavailable());
    try (InputStream in = retrying(target).read(KEY, ByteRange.ALL)) {
      assertEquals('0', in.read());
      BackupException thrown = assertThrows(BackupException.class, in::readAllBytes);
      assertTrue(thrown.toString().contains("4 attempts"), thrown::toString);
    }
  }

  @Test
  void bytesThatArriveBeginANewTime() throws IOException {
    RetryPolicy hasty =
        new RetryPolicy(100, Duration.ofSeconds(4), Duration.ofSeconds(4), Duration.ofSeconds(5));
    ScriptedTarget target =
        new ScriptedTarget(fine(), unavailable(), fine(), fine(), unavailable(), fine(), fine());
    try (InputStream in = RetryingTarget.of(target, hasty, waiting).read(KEY, ByteRange.ALL)) {
      assertEquals(10, in.readAllBytes().length);
    }
    assertEquals(2, waiting.pauses.size());
  }

  @Test
  void aListingBeginsAgainAsLongAsItHandedOutNothing() throws IOException {
    ScriptedTarget target = new ScriptedTarget(unavailable(), fine(), unavailable());
    try (Cursor<ObjectInfo> cursor = retrying(target).list("k")) {
      assertNotNull(cursor.next());
      assertNotNull(cursor.next());
      assertNull(cursor.next());
    }
    assertEquals(
        List.of("list k", "list k", "next", "list k", "next", "next", "next"), target.calls);
    assertEquals(target.opened, target.closed);
  }

  @Test
  void aListingThatBreaksLaterFails() throws IOException {
    BackupException failure = unavailable();
    ScriptedTarget target = new ScriptedTarget(fine(), fine(), failure);
    try (Cursor<ObjectInfo> cursor = retrying(target).list("k")) {
      assertNotNull(cursor.next());
      assertSame(failure, assertThrows(BackupException.class, cursor::next));
    }
    assertEquals(List.of("list k", "next", "next"), target.calls);
  }

  @Test
  void aDeletionIsRepeatedForWhatRemainsForAPassingReason() throws IOException {
    ObjectKey passing = new ObjectKey("a");
    ObjectKey locked = new ObjectKey("b");
    ScriptedTarget target = new ScriptedTarget(unavailable());
    target.remaining.put(passing, unavailable());
    target.remaining.put(locked, new BackupException(Kind.RETAINED, "locked"));
    Map<ObjectKey, BackupException> remaining =
        retrying(target).delete(List.of(passing, locked, KEY));
    assertEquals(
        List.of("delete [a, b, data/00/x]", "delete [a, b, data/00/x]", "delete [a]"),
        target.calls);
    assertEquals(List.of(locked), List.copyOf(remaining.keySet()));
  }

  @Test
  void aDeletionThatGivesUpNamesWhatRemains() throws IOException {
    RetryPolicy once = new RetryPolicy(1, Duration.ZERO, Duration.ZERO, Duration.ofSeconds(1));
    ScriptedTarget target = new ScriptedTarget();
    target.remaining.put(KEY, unavailable());
    Map<ObjectKey, BackupException> remaining =
        RetryingTarget.of(target, once, waiting).delete(List.of(KEY));
    assertEquals(List.of(KEY), List.copyOf(remaining.keySet()));
    assertEquals(1, target.calls.size());
  }

  @Test
  void versionsAreForwardedAndRepeated() throws IOException {
    ScriptedTarget target = new ScriptedTarget(unavailable(), fine(), unavailable(), fine());
    VersionedTarget retrying = assertInstanceOf(VersionedTarget.class, retrying(target));
    assertEquals(List.of(), retrying.versions(KEY));
    ObjectVersion version = new ObjectVersion("1", Instant.EPOCH, Optional.empty());
    try (InputStream in = retrying.read(KEY, version, ByteRange.from(3))) {
      assertEquals('3', in.read());
    }
    assertEquals(
        List.of(
            "versions data/00/x", "versions data/00/x", "open version 3", "open version 3", "read"),
        target.calls);
  }

  @Test
  void aTargetWithoutVersionsDoesNotGetThem() {
    BackupTarget retrying = RetryingTarget.of(LocalTarget.at(Path.of("/none")), POLICY);
    assertFalse(retrying instanceof VersionedTarget);
    assertEquals("/none", retrying.description());
  }

  @Test
  void closingClosesTheDecoratedTarget() throws IOException {
    ScriptedTarget target = new ScriptedTarget();
    retrying(target).close();
    assertEquals(List.of("close"), target.calls);
  }
}
