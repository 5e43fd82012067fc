package dev.copperplate.backup.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Capability;
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
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/**
 * What every {@link BackupTarget} promises.
 *
 * <p>A plug-in extends this and supplies empty targets. What a store enforces follows from its
 * {@link BackupTarget#capabilities() capabilities}: tests of what it has not are skipped, and it
 * must refuse to be asked. Where a store is odd, override that one test and write the oddity in a
 * comment.
 *
 * <p>Two promises cannot be tested here: that a finished put survives a power failure, which takes
 * a model of the store, and what becomes of a put that waits for the store when its thread is
 * interrupted, unless {@link #blocked} is supplied.
 */
public abstract class BackupTargetContract {

  private static final long PATIENCE_SECONDS = 60;
  private static final int THREADS = 8;

  private BackupTarget target = new MemoryTarget();

  /** A target without objects. Called once for each test, which closes it. */
  protected abstract BackupTarget emptyTarget() throws Exception;

  /** A target without objects whose puts wait for ever for the store; the test closes it. */
  protected Optional<BackupTarget> blocked() throws Exception {
    return Optional.empty();
  }

  /** The target of the running test. */
  protected final BackupTarget target() {
    return target;
  }

  @BeforeEach
  protected void openTarget() throws Exception {
    target = emptyTarget();
  }

  @AfterEach
  protected void closeTarget() throws Exception {
    boolean interrupted = Thread.interrupted(); // A test that fails must not break the next.
    target.close();
    assertFalse(interrupted, "the test left its thread interrupted");
  }

  // Putting and reading

  @Test
  protected void whatIsPutIsRead() throws Exception {
    byte[] bytes = bytes(1000);
    put("data/4f/4f1c", bytes);
    assertArrayEquals(bytes, read("data/4f/4f1c"));
  }

  @Test
  protected void anEmptyObjectIsAnObject() throws Exception {
    put("locks/empty", bytes(0));
    assertArrayEquals(bytes(0), read("locks/empty"));
    assertEquals(Map.of("locks/empty", 0L), sizes(""));
  }

  @Test
  protected void aLargeObjectIsReadAsItWasPut() throws Exception {
    byte[] bytes = bytes(20_000_000);
    put("data/20/large", bytes);
    assertArrayEquals(bytes, read("data/20/large"));
    assertArrayEquals(
        Arrays.copyOfRange(bytes, 19_000_000, 19_000_100),
        read("data/20/large", new ByteRange(19_000_000, 19_000_100)));
  }

  @Test
  protected void aKeyMayHaveManySegmentsAndAllPrintableCharactersThatToolsUse() throws Exception {
    for (String key : List.of("a", "1/2/3/4/5/6/7/8/9/0", "x.y-z_0/A+b=c,d@e", "n".repeat(200))) {
      put(key, bytes(3));
      assertArrayEquals(bytes(3), read(key), key);
    }
  }

  @Test
  protected void puttingTheSameBytesAgainSucceeds() throws Exception {
    put("data/ab/twice", bytes(5000));
    put("data/ab/twice", bytes(5000));
    assertArrayEquals(bytes(5000), read("data/ab/twice"));
    assertEquals(Map.of("data/ab/twice", 5000L), sizes(""));
  }

  @Test
  protected void whatEveryOpeningNeedsIsPutLikeData() throws Exception {
    target.put(key("config"), Content.of(bytes(155)), PutOptions.METADATA);
    assertArrayEquals(bytes(155), read("config"));
  }

  @Test
  protected void aRangeIsCutAtTheEndAndEmptyBehindIt() throws Exception {
    byte[] bytes = bytes(1000);
    put("data/00/ranges", bytes);
    for (long from : new long[] {0, 1, 499, 998, 999, 1000, 1001, 5000}) {
      for (long to : new long[] {0, 1, 2, 500, 999, 1000, 1001, 5000, Long.MAX_VALUE}) {
        if (from <= to) {
          assertArrayEquals(
              Arrays.copyOfRange(
                  bytes,
                  (int) Math.min(from, 1000),
                  (int) Math.max(Math.min(to, 1000), Math.min(from, 1000))),
              read("data/00/ranges", new ByteRange(from, to)),
              from + " to " + to);
        }
      }
    }
  }

  @Test
  protected void rangesOfAnEmptyObjectAreEmpty() throws Exception {
    put("empty", bytes(0));
    assertEquals(0, read("empty", ByteRange.ALL).length);
    assertEquals(0, read("empty", new ByteRange(0, 1)).length);
    assertEquals(0, read("empty", ByteRange.from(7)).length);
  }

  @Test
  protected void aStreamCanBeReadByteByByteAndSkipped() throws Exception {
    byte[] bytes = bytes(300);
    put("data/01/bytes", bytes);
    try (InputStream in = target.read(key("data/01/bytes"), new ByteRange(10, 290))) {
      assertEquals(bytes[10] & 0xff, in.read());
      in.skipNBytes(100);
      assertEquals(bytes[111] & 0xff, in.read());
      assertArrayEquals(Arrays.copyOfRange(bytes, 112, 290), in.readAllBytes());
      assertEquals(-1, in.read());
      assertEquals(-1, in.read(new byte[5]));
    }
  }

  @Test
  protected void aStreamThatIsClosedEarlyHarmsNothing() throws Exception {
    put("data/02/early", bytes(1_000_000));
    for (int i = 0; i < 100; i++) {
      try (InputStream in = target.read(key("data/02/early"), ByteRange.ALL)) {
        assertEquals(bytes(1_000_000)[0] & 0xff, in.read());
      }
    }
    assertArrayEquals(bytes(1_000_000), read("data/02/early"));
  }

  @Test
  protected void readingWhatDoesNotExistIsNotFound() throws Exception {
    put("data/03/there", bytes(1));
    for (String absent : List.of("nothing", "data/03/ther", "data/03/there2", "data/03", "data")) {
      assertKind(Kind.NOT_FOUND, () -> target.read(key(absent), ByteRange.ALL).close());
    }
    assertKind(Kind.NOT_FOUND, () -> target.read(key("no"), ByteRange.from(100)).close());
  }

  // Whole or not at all

  @Test
  protected void anObjectIsNotThereWhileItIsBeingPut() throws Exception {
    boolean[] looked = {false};
    ProbedContent content =
        new ProbedContent(
            bytes(1_000_000),
            () -> {
              looked[0] = true;
              assertKind(
                  Kind.NOT_FOUND, () -> target.read(key("data/04/slow"), ByteRange.ALL).close());
              assertEquals(Map.of(), sizes(""));
            });
    target.put(key("data/04/slow"), content, PutOptions.DATA);
    assertTrue(looked[0], "the content was not read");
    assertEquals(Map.of("data/04/slow", 1_000_000L), sizes(""));
  }

  @Test
  protected void everyStreamOfAContentIsClosed() throws Exception {
    ProbedContent content = new ProbedContent(bytes(100_000), () -> {});
    target.put(key("data/05/closed"), content, PutOptions.DATA);
    assertTrue(content.opened() >= 1);
    assertEquals(0, content.stillOpen());
  }

  @Test
  protected void aContentThatFailsLeavesNoObjectAndItsFailureIsPassedOn() throws Exception {
    IOException failure = new IOException("the source went away");
    ProbedContent content =
        new ProbedContent(
            bytes(1_000_000),
            () -> {
              throw failure;
            });
    IOException thrown =
        assertThrows(
            IOException.class, () -> target.put(key("data/06/half"), content, PutOptions.DATA));
    assertTrue(causes(thrown).contains(failure), () -> "not the failure of the content: " + thrown);
    assertEquals(0, content.stillOpen());
    assertNothing("data/06/half");
    put("data/06/half", bytes(1_000_000));
    assertArrayEquals(bytes(1_000_000), read("data/06/half"));
  }

  @Test
  protected void aContentThatThrowsWhatNobodyExpectsLeavesNoObject() throws Exception {
    ProbedContent content =
        new ProbedContent(
            bytes(1_000_000),
            () -> {
              throw new IllegalStateException("a mistake of the source");
            });
    assertThrows(Exception.class, () -> target.put(key("data/07/half"), content, PutOptions.DATA));
    assertEquals(0, content.stillOpen());
    assertNothing("data/07/half");
  }

  @Test
  protected void aContentThatIsNotAsLongAsItSaysFailsAndLeavesNoObject() throws Exception {
    for (long length : new long[] {0, 1, 999_999, 1_000_001, 2_000_000}) {
      ProbedContent content = ProbedContent.lying(bytes(1_000_000), length);
      assertThrows(
          IOException.class,
          () -> target.put(key("data/08/lie"), content, PutOptions.DATA),
          () -> length + " bytes announced");
      assertEquals(0, content.stillOpen());
      assertNothing("data/08/lie");
    }
  }

  // Interruption

  @Test
  protected void aThreadThatIsInterruptedAlreadyPutsNothing() throws Exception {
    Thread.currentThread().interrupt();
    assertThrows(InterruptedIOException.class, () -> put("data/09/never", bytes(10)));
    assertTrue(Thread.interrupted(), "the interrupt flag is lost");
    assertNothing("data/09/never");
  }

  @Test
  protected void aPutThatIsInterruptedHalfwayLeavesNoObject() throws Exception {
    ProbedContent content =
        new ProbedContent(bytes(4_000_000), () -> Thread.currentThread().interrupt());
    assertThrows(
        InterruptedIOException.class,
        () -> target.put(key("data/0a/half"), content, PutOptions.DATA));
    assertTrue(Thread.interrupted(), "the interrupt flag is lost");
    assertEquals(0, content.stillOpen());
    assertNothing("data/0a/half");
  }

  @Test
  protected void aPutThatWaitsForItsContentEndsWhenItsThreadIsInterrupted() throws Exception {
    CountDownLatch waiting = new CountDownLatch(1);
    ProbedContent content =
        new ProbedContent(
            bytes(1_000_000),
            () -> {
              waiting.countDown();
              waitForEver();
            });
    assertInterruptible(target, content, waiting);
    assertEquals(0, content.stillOpen());
    assertNothing("data/0b/waits");
  }

  @Test
  protected void aPutThatWaitsForTheStoreEndsWhenItsThreadIsInterrupted() throws Exception {
    Optional<BackupTarget> blocked = blocked();
    assumeTrue(blocked.isPresent(), "no target whose puts wait was supplied");
    CountDownLatch waiting = new CountDownLatch(1);
    ProbedContent content = new ProbedContent(bytes(1000), waiting::countDown);
    try (BackupTarget store = blocked.get()) {
      assertInterruptible(store, content, waiting);
    }
  }

  private static void assertInterruptible(
      BackupTarget store, Content content, CountDownLatch waiting) throws Exception {
    FutureTask<Boolean> flag =
        new FutureTask<>(
            () -> {
              assertThrows(
                  InterruptedIOException.class,
                  () -> store.put(key("data/0b/waits"), content, PutOptions.DATA));
              return Thread.currentThread().isInterrupted();
            });
    Thread thread = new Thread(flag, "a put that waits");
    thread.setDaemon(true);
    thread.start();
    assertTrue(waiting.await(PATIENCE_SECONDS, TimeUnit.SECONDS), "the content was not read");
    thread.interrupt();
    assertTrue(flag.get(PATIENCE_SECONDS, TimeUnit.SECONDS), "the interrupt flag is lost");
  }

  private static void waitForEver() throws InterruptedIOException {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("The content was interrupted");
    }
  }

  // Listing

  @Test
  protected void anEmptyTargetListsNothing() throws Exception {
    assertEquals(Map.of(), sizes(""));
    assertEquals(Map.of(), sizes("data/"));
  }

  @Test
  protected void aPrefixIsAStringAndNotADirectory() throws Exception {
    List<String> keys =
        List.of("config", "data/00/aa", "data/01/bb", "data/0", "database/x", "d", "e/data/00/cc");
    for (String key : keys) {
      put(key, bytes(key.length()));
    }
    List<String> prefixes =
        List.of(
            "",
            "d",
            "da",
            "data",
            "data/",
            "data/0",
            "data/00",
            "data/00/",
            "data/00/a",
            "data/00/aa",
            "data/00/aaa",
            "data/00/aa/",
            "e/",
            "config",
            "config/",
            "x",
            "a/b/c");
    for (String prefix : prefixes) {
      Set<String> expected = new TreeSet<>(keys);
      expected.removeIf(key -> !key.startsWith(prefix));
      assertEquals(
          expected, new TreeSet<>(sizes(prefix).keySet()), () -> "prefix '" + prefix + "'");
    }
  }

  @Test
  protected void aPrefixThatNoKeyCanStartWithMatchesNothing() throws Exception {
    put("data/00/aa", bytes(1));
    for (String prefix : List.of("/", "/data", "../", "data/../", "data//", "./", "data/./", "*")) {
      assertEquals(Map.of(), sizes(prefix), () -> "prefix '" + prefix + "'");
    }
  }

  @Test
  protected void aListingTellsSizeAndTime() throws Exception {
    Instant before = Instant.now();
    put("index/1", bytes(1234));
    try (Cursor<ObjectInfo> cursor = target.list("index/")) {
      ObjectInfo info = cursor.next();
      assertNotNull(info);
      assertEquals(key("index/1"), info.key());
      assertEquals(1234, info.size());
      // Roughly: the clock is the store's.
      long minutes = ChronoUnit.MINUTES.between(before, info.modified());
      assertTrue(Math.abs(minutes) < 15, () -> "written at " + info.modified());
      assertNull(cursor.next());
      assertNull(cursor.next());
    }
  }

  @Test
  protected void moreThanAThousandObjectsAreAllListedOnce() throws Exception {
    Set<String> keys = new ConcurrentSkipListSet<>();
    together(
        thread -> {
          for (int i = thread; i < 1100; i += THREADS) {
            keys.add("snapshots/" + i);
            put("snapshots/" + i, bytes(1));
          }
          return true;
        });
    assertEquals(keys, new TreeSet<>(sizes("snap").keySet()));
  }

  @Test
  protected void aListingMayBeClosedEarly() throws Exception {
    put("keys/1", bytes(1));
    put("keys/2", bytes(1));
    Cursor<ObjectInfo> cursor = target.list("keys/");
    assertNotNull(cursor.next());
    cursor.close();
    assertEquals(2, sizes("").size());
  }

  // Deleting

  @Test
  protected void whatIsDeletedIsGone() throws Exception {
    put("index/1", bytes(1));
    put("index/2", bytes(2));
    assertEquals(Map.of(), target.delete(List.of(key("index/1"))));
    assertNothing("index/1");
    assertEquals(Map.of("index/2", 2L), sizes(""));
    put("index/1", bytes(3));
    assertArrayEquals(bytes(3), read("index/1"));
  }

  @Test
  protected void whatIsAbsentCountsAsDeleted() throws Exception {
    put("index/1", bytes(1));
    assertEquals(
        Map.of(), target.delete(List.of(key("no"), key("index/1"), key("index"), key("no/no"))));
    assertEquals(Map.of(), target.delete(List.of(key("index/1"))));
    assertEquals(Map.of(), target.delete(List.of()));
    assertEquals(Map.of(), sizes(""));
  }

  @Test
  protected void deletingTheNameOfADirectoryDeletesNothingBelowIt() throws Exception {
    put("index/1", bytes(1));
    assertEquals(Map.of(), target.delete(List.of(key("index"))));
    assertArrayEquals(bytes(1), read("index/1"));
  }

  @Test
  protected void manyAreDeletedAtOnce() throws Exception {
    List<ObjectKey> keys = new ArrayList<>();
    for (int i = 0; i < 1100; i++) {
      keys.add(key("locks/" + i));
    }
    for (ObjectKey key : keys.subList(0, 20)) {
      put(key.value(), bytes(1));
    }
    put("data/00/stays", bytes(1));
    assertEquals(Map.of(), target.delete(keys));
    assertEquals(Map.of("data/00/stays", 1L), sizes(""));
  }

  // Capabilities

  @Test
  protected void capabilitiesStayTheSame() throws Exception {
    Set<Capability> before = target.capabilities();
    put("config", bytes(1));
    assertEquals(before, target.capabilities());
    assertEquals(Map.of("config", 1L), sizes(""));
  }

  @Test
  protected void whoAsksForAbsenceIsToldThatTheKeyExists() throws Exception {
    assumeHas(Capability.CONDITIONAL_PUT);
    target.put(key("config"), Content.of(bytes(10)), PutOptions.METADATA.onlyIfAbsent());
    for (int length : new int[] {10, 20}) {
      assertKind(
          Kind.ALREADY_EXISTS,
          () ->
              target.put(
                  key("config"), Content.of(bytes(length)), PutOptions.METADATA.onlyIfAbsent()));
    }
    assertArrayEquals(bytes(10), read("config"));
    assertEquals(Map.of("config", 10L), sizes(""));
  }

  @Test
  protected void ofManyWhoAskForAbsenceOneWins() throws Exception {
    assumeHas(Capability.CONDITIONAL_PUT);
    for (int round = 0; round < 20; round++) {
      ObjectKey key = key("leases/" + round);
      List<Integer> winners = new ArrayList<>();
      List<Boolean> won =
          together(
              thread -> {
                byte[] mine = bytes(1000 + thread);
                try {
                  target.put(key, Content.of(mine), PutOptions.METADATA.onlyIfAbsent());
                  return true;
                } catch (BackupException e) {
                  assertEquals(Kind.ALREADY_EXISTS, e.kind(), e::toString);
                  return false;
                }
              });
      for (int i = 0; i < won.size(); i++) {
        if (won.get(i)) {
          winners.add(i);
        }
      }
      assertEquals(1, winners.size(), () -> "winners: " + winners);
      assertArrayEquals(bytes(1000 + winners.get(0)), read(key.value()));
    }
  }

  @Test
  protected void askingForAbsenceIsRefusedByAStoreThatCannotEnforceIt() throws Exception {
    assumeHasNot(Capability.CONDITIONAL_PUT);
    assertKind(
        Kind.UNSUPPORTED,
        () -> target.put(key("config"), Content.of(bytes(1)), PutOptions.METADATA.onlyIfAbsent()));
    assertNothing("config");
  }

  @Test
  protected void retentionIsRefusedByAStoreThatCannotEnforceIt() throws Exception {
    assumeHasNot(Capability.RETENTION);
    Instant until = Instant.now().plus(1, ChronoUnit.DAYS);
    assertKind(
        Kind.UNSUPPORTED, () -> target.put(key("config"), Content.of(bytes(1)), retained(until)));
    assertNothing("config");
    put("config", bytes(1));
    assertKind(Kind.UNSUPPORTED, () -> target.retain(List.of(key("config")), until));
    assertEquals(Map.of(), target.delete(List.of(key("config"))));
  }

  @Test
  protected void whatIsRetainedRemainsAndSaysSo() throws Exception {
    assumeHas(Capability.RETENTION);
    target.put(key("data/00/kept"), Content.of(bytes(9)), retained(Instant.now().plusSeconds(120)));
    put("data/00/loose", bytes(1));
    Map<ObjectKey, BackupException> remaining =
        target.delete(List.of(key("data/00/kept"), key("data/00/loose")));
    assertEquals(Set.of(key("data/00/kept")), remaining.keySet());
    assertEquals(List.of(Kind.RETAINED), kinds(remaining));
    assertArrayEquals(bytes(9), read("data/00/kept"));
  }

  @Test
  protected void retentionIsMadeLongerAndNeverShorter() throws Exception {
    assumeHas(Capability.RETENTION);
    ObjectKey kept = key("data/00/kept");
    put(kept.value(), bytes(9));
    target.retain(List.of(kept), Instant.now().plusSeconds(120));
    target.retain(List.of(kept), Instant.now().plusSeconds(1));
    assertEquals(List.of(Kind.RETAINED), kinds(target.delete(List.of(kept))));
    assertArrayEquals(bytes(9), read(kept.value()));
  }

  // Versions

  @Test
  protected void aKeyThatNeverWasHasNoVersions() throws Exception {
    assertEquals(List.of(), assumeVersioned().versions(key("data/00/never")));
  }

  @Test
  protected void whatIsOverwrittenIsKeptAndTheOldestVersionComesFirst() throws Exception {
    VersionedTarget versioned = assumeVersioned();
    for (int length = 1; length <= 3; length++) {
      put("data/00/often", bytes(1000 * length));
    }
    List<ObjectVersion> versions = versioned.versions(key("data/00/often"));
    assertEquals(3, versions.size(), versions::toString);
    for (int i = 0; i < 3; i++) {
      assertArrayEquals(bytes(1000 * (i + 1)), read("data/00/often", versions.get(i)));
    }
    assertArrayEquals(bytes(3000), read("data/00/often"));
    assertEquals(3, Set.copyOf(versions.stream().map(ObjectVersion::id).toList()).size());
  }

  @Test
  protected void aRangeOfOneVersionIsCutAtItsOwnEnd() throws Exception {
    VersionedTarget versioned = assumeVersioned();
    put("data/00/often", bytes(3000));
    put("data/00/often", bytes(10));
    ObjectVersion first = versioned.versions(key("data/00/often")).get(0);
    assertArrayEquals(
        Arrays.copyOfRange(bytes(3000), 2000, 2100),
        read(versioned, "data/00/often", first, new ByteRange(2000, 2100)));
    assertArrayEquals(
        Arrays.copyOfRange(bytes(3000), 2990, 3000),
        read(versioned, "data/00/often", first, new ByteRange(2990, 4000)));
    assertArrayEquals(bytes(0), read(versioned, "data/00/often", first, new ByteRange(3000, 4000)));
  }

  @Test
  protected void whatIsDeletedHasNoVersionLeft() throws Exception {
    VersionedTarget versioned = assumeVersioned();
    put("data/00/gone", bytes(700));
    put("data/00/gone", bytes(20));
    assertEquals(Map.of(), target.delete(List.of(key("data/00/gone"))));
    assertNothing("data/00/gone");
    assertEquals(List.of(), versioned.versions(key("data/00/gone")));
    put("data/00/gone", bytes(20));
    assertEquals(1, versioned.versions(key("data/00/gone")).size());
    assertArrayEquals(bytes(20), read("data/00/gone"));
  }

  @Test
  protected void theVersionsOfAKeyAreNotThoseOfAnother() throws Exception {
    VersionedTarget versioned = assumeVersioned();
    put("data/00/name", bytes(1));
    put("data/00/name-longer", bytes(2));
    put("data/00/name/below", bytes(3));
    List<ObjectVersion> versions = versioned.versions(key("data/00/name"));
    assertEquals(1, versions.size(), versions::toString);
    assertArrayEquals(bytes(1), read("data/00/name", versions.get(0)));
  }

  @Test
  protected void aVersionThatNeverWasIsNotFound() throws Exception {
    VersionedTarget versioned = assumeVersioned();
    put("data/00/one", bytes(1));
    put("data/00/other", bytes(2));
    ObjectVersion others = versioned.versions(key("data/00/other")).get(0);
    assertKind(
        Kind.NOT_FOUND, () -> versioned.read(key("data/00/one"), others, ByteRange.ALL).close());
  }

  @Test
  protected void aVersionThatIsRetainedSaysSoAndOutlivesWhatIsPutOverIt() throws Exception {
    VersionedTarget versioned = assumeVersioned();
    assumeHas(Capability.RETENTION);
    Instant until = Instant.now().plusSeconds(120).truncatedTo(ChronoUnit.SECONDS);
    target.put(key("data/00/kept"), Content.of(bytes(9)), retained(until));
    put("data/00/kept", bytes(2));
    List<ObjectVersion> versions = versioned.versions(key("data/00/kept"));
    assertEquals(2, versions.size(), versions::toString);
    assertEquals(Optional.of(until), versions.get(0).retainedUntil());
    assertArrayEquals(bytes(9), read("data/00/kept", versions.get(0)));
  }

  private VersionedTarget assumeVersioned() throws IOException {
    assumeHas(Capability.VERSIONS);
    assertTrue(target instanceof VersionedTarget, "says that it keeps versions, and tells none");
    return (VersionedTarget) target;
  }

  private byte[] read(String key, ObjectVersion version) throws IOException {
    return read((VersionedTarget) target, key, version, ByteRange.ALL);
  }

  private static byte[] read(
      VersionedTarget versioned, String key, ObjectVersion version, ByteRange range)
      throws IOException {
    try (InputStream in = versioned.read(key(key), version, range)) {
      return in.readAllBytes();
    }
  }

  // Threads

  @Test
  protected void manyThreadsPutAndReadAtOnce() throws Exception {
    together(
        thread -> {
          for (int i = 0; i < 10; i++) {
            String key = "data/" + i + "/" + thread;
            put(key, bytes(10_000 + thread));
            assertArrayEquals(bytes(10_000 + thread), read(key));
          }
          return true;
        });
    assertEquals(10 * THREADS, sizes("data/").size());
  }

  @Test
  protected void manyThreadsPutTheSameBytesUnderOneKey() throws Exception {
    for (int round = 0; round < 5; round++) {
      String key = "data/same/" + round;
      together(
          thread -> {
            put(key, bytes(300_000));
            assertArrayEquals(bytes(300_000), read(key));
            return true;
          });
    }
    assertEquals(5, sizes("").size());
  }

  // The rest

  @Test
  protected void theDescriptionNamesThePlaceOnOneLine() {
    String description = target.description();
    assertFalse(description.isBlank());
    assertTrue(description.chars().noneMatch(Character::isISOControl), description);
    assertFalse(description.matches(".*://[^/]*:[^/]*@.*"), "a password stands in " + description);
    assertEquals(description, target.description());
  }

  @Test
  protected void closingTwiceIsClosingOnce() throws Exception {
    put("config", bytes(1));
    target.close();
    target.close();
  }

  // Words for the tests

  /** The same bytes for the same length; others, from the first on, for another. */
  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private static ObjectKey key(String value) {
    return new ObjectKey(value);
  }

  private void put(String key, byte[] bytes) throws IOException {
    target.put(key(key), Content.of(bytes), PutOptions.DATA);
  }

  private byte[] read(String key) throws IOException {
    return read(key, ByteRange.ALL);
  }

  private byte[] read(String key, ByteRange range) throws IOException {
    try (InputStream in = target.read(key(key), range)) {
      return in.readAllBytes();
    }
  }

  private Map<String, Long> sizes(String prefix) throws IOException {
    Map<String, Long> sizes = new HashMap<>();
    try (Cursor<ObjectInfo> cursor = target.list(prefix)) {
      for (ObjectInfo info = cursor.next(); info != null; info = cursor.next()) {
        assertNull(sizes.put(info.key().value(), info.size()), "listed twice: " + info.key());
      }
    }
    return sizes;
  }

  private void assertNothing(String key) throws IOException {
    assertKind(Kind.NOT_FOUND, () -> target.read(key(key), ByteRange.ALL).close());
    assertFalse(sizes("").containsKey(key), () -> key + " is listed");
  }

  private static void assertKind(Kind kind, Executable call) {
    BackupException thrown = assertThrows(BackupException.class, call);
    assertEquals(kind, thrown.kind(), thrown::toString);
  }

  private static List<Kind> kinds(Map<ObjectKey, BackupException> remaining) {
    return remaining.values().stream().map(BackupException::kind).toList();
  }

  private static PutOptions retained(Instant until) {
    return new PutOptions(false, false, Optional.of(until));
  }

  private void assumeHas(Capability capability) throws IOException {
    assumeTrue(target.capabilities().contains(capability), "has no " + capability);
  }

  private void assumeHasNot(Capability capability) throws IOException {
    assumeFalse(target.capabilities().contains(capability), "has " + capability);
  }

  private static List<Throwable> causes(Throwable failure) {
    List<Throwable> causes = new ArrayList<>();
    for (Throwable t = failure; t != null; t = t.getCause()) {
      causes.add(t);
    }
    return causes;
  }

  /** Something that one of several threads does. */
  private interface Work<T> {
    T by(int thread) throws Exception;
  }

  /** Lets threads do it at the same moment; fails as they fail. */
  private static <T> List<T> together(Work<T> work) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    CyclicBarrier start = new CyclicBarrier(THREADS);
    try {
      List<Callable<T>> calls = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        int thread = i;
        calls.add(
            () -> {
              start.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
              return work.by(thread);
            });
      }
      List<T> results = new ArrayList<>();
      for (Future<T> future : threads.invokeAll(calls)) {
        results.add(future.get());
      }
      return results;
    } finally {
      threads.shutdownNow();
    }
  }
}
