package dev.copperplate.backup.repository.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.Finding;
import dev.copperplate.backup.RunId;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.Snapshots;
import dev.copperplate.backup.Task;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RunTest {

  private static final int THREADS = 2;

  @TempDir Path scratch;

  private final CountDownLatch never = new CountDownLatch(1);
  private Run run;

  @BeforeEach
  void start() {
    run =
        new Run(
            new Run.Settings(
                new RunId("20260101T000000Z-0"),
                "backup",
                InstantSource.system(),
                THREADS,
                scratch,
                new NoSnapshots(),
                (files, bytes, expectedFiles, expectedBytes) -> {}));
  }

  @AfterEach
  void end() {
    run.close();
  }

  @Test
  void itsCarrierDoesNotOutliveTheCall() throws Exception {
    for (int i = 0; i < 200; i++) {
      Thread carrier = run.call(Thread::currentThread);
      assertFalse(carrier.isAlive(), "Carrier " + i);
    }
  }

  @Test
  void aSecondInterruptionDoesNotLeaveTheCarrierBehind() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch cleansUp = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    AtomicBoolean ended = new AtomicBoolean();
    AtomicReference<Boolean> endedBeforeReturn = new AtomicReference<>();
    Thread caller =
        new Thread(
            () -> {
              try {
                run.call(
                    () -> {
                      begun.countDown();
                      try {
                        never.await();
                      } finally {
                        cleansUp.countDown();
                        mayEnd.await();
                        ended.set(true);
                      }
                      return null;
                    });
              } catch (InterruptedException | IOException cancelled) {
                endedBeforeReturn.set(ended.get());
              }
            });
    caller.start();
    begun.await();
    caller.interrupt();
    cleansUp.await();
    caller.interrupt();
    awaitWaiting(caller);
    mayEnd.countDown();
    caller.join();
    assertEquals(true, endedBeforeReturn.get());
  }

  @Test
  void aFailedTaskExplainsWhatTheCarrierMetBecauseOfIt() throws Exception {
    PipedOutputStream writing = new PipedOutputStream();
    PipedInputStream pipe = run.attach(new PipedInputStream(writing));
    IOException thrown =
        assertThrows(
            IOException.class,
            () ->
                run.call(
                    () -> {
                      run.workers()
                          .submit(
                              () -> {
                                throw new IOException("The disk is broken");
                              });
                      while (true) {
                        // Fails as soon as the pipe is closed, with an exception of its own.
                        writing.write(0);
                        pipe.read();
                      }
                    }));
    assertEquals("The disk is broken", thrown.getMessage());
    assertEquals(1, thrown.getSuppressed().length);
  }

  @Test
  void aFailureOfTheCarrierIsItsOwn() {
    IOException thrown =
        assertThrows(
            IOException.class,
            () ->
                run.call(
                    () -> {
                      throw new IOException("mine");
                    }));
    assertEquals("mine", thrown.getMessage());
  }

  @Test
  void submitWaitsWhileAllAreBusy() throws Exception {
    CountDownLatch mayEnd = new CountDownLatch(1);
    AtomicInteger submitted = new AtomicInteger();
    Thread submitter =
        new Thread(
            () -> {
              try {
                for (int i = 0; i < THREADS + 1; i++) {
                  run.workers()
                      .submit(
                          () -> {
                            mayEnd.await();
                            return null;
                          });
                  submitted.incrementAndGet();
                }
              } catch (IOException | InterruptedException failed) {
                submitted.set(-1);
              }
            });
    submitter.start();
    awaitWaiting(submitter);
    assertEquals(THREADS, submitted.get());
    mayEnd.countDown();
    submitter.join();
    assertEquals(THREADS + 1, submitted.get());
    run.workers().join();
  }

  @Test
  void aTaskOfATaskRunsInPlace() throws Exception {
    List<Task<Thread>> inner = Collections.synchronizedList(new ArrayList<>());
    List<Thread> outer = Collections.synchronizedList(new ArrayList<>());
    for (int i = 0; i < THREADS; i++) {
      run.workers()
          .submit(
              () -> {
                outer.add(Thread.currentThread());
                Task<Thread> task = run.workers().submit(Thread::currentThread);
                assertSame(Thread.currentThread(), task.get());
                inner.add(task);
                return null;
              });
    }
    run.workers().join();
    assertEquals(THREADS, inner.size());
    for (Task<Thread> each : inner) {
      assertTrue(outer.contains(each.get()));
    }
  }

  @Test
  void aTaskCannotJoinItsOwnKind() throws Exception {
    Task<Void> task =
        run.workers()
            .submit(
                () -> {
                  run.workers().join();
                  return null;
                });
    assertThrows(IllegalStateException.class, task::get);
  }

  @Test
  void theFirstFailureInterruptsTheOthersAndIsThrownWhenAllHaveEnded() throws Exception {
    AtomicBoolean otherEnded = new AtomicBoolean();
    CountDownLatch otherRuns = new CountDownLatch(1);
    AtomicBoolean closed = new AtomicBoolean();
    run.attach(() -> closed.set(true));
    run.workers()
        .submit(
            () -> {
              otherRuns.countDown();
              try {
                never.await();
              } finally {
                otherEnded.set(true);
              }
              return null;
            });
    otherRuns.await();
    run.workers()
        .submit(
            () -> {
              throw new IOException("first");
            });
    IOException thrown = assertThrows(IOException.class, () -> run.workers().join());
    assertEquals("first", thrown.getMessage());
    assertTrue(otherEnded.get());
    assertTrue(closed.get());
    assertEquals(
        "first",
        assertThrows(IOException.class, () -> run.workers().submit(() -> null)).getMessage());
  }

  @Test
  void whoSubmitsWhileATaskFailsLearnsOfThatFailureAlone() throws Exception {
    for (int i = 0; i < 300; i++) {
      try (Run each = newRun()) {
        each.workers()
            .submit(
                () -> {
                  throw new IOException("first");
                });
        IOException thrown =
            assertThrows(
                IOException.class,
                () -> {
                  while (true) {
                    each.workers().submit(() -> null);
                  }
                },
                "Round " + i);
        assertEquals("first", thrown.getMessage());
      }
    }
  }

  @Test
  void whatIsAttachedIsClosedLastFirst() throws Exception {
    List<Integer> closed = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      int number = i;
      run.attach(() -> closed.add(number));
    }
    run.attach(
        () -> {
          throw new IOException("cannot close");
        });
    run.close();
    assertEquals(List.of(2, 1, 0), closed);
    run.attach(() -> closed.add(9));
    assertEquals(List.of(2, 1, 0, 9), closed, "Too late, so closed at once");
  }

  @Test
  void itsScratchDirectoryIsPrivateAndGoesWithAllThatItHolds() throws Exception {
    Path directory = run.scratch();
    assertEquals(
        "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)));
    assertSame(directory, run.scratch());
    Files.createDirectories(directory.resolve("a/b"));
    Path outside = Files.createFile(scratch.resolve("outside"));
    Files.createSymbolicLink(directory.resolve("a/link"), outside);
    Files.createSymbolicLink(directory.resolve("a/up"), scratch);
    run.close();
    assertFalse(Files.exists(directory));
    assertTrue(Files.exists(outside), "Links are not followed");
  }

  @Test
  void keepsAThousandFindingsAndCountsTheOthers() {
    for (int i = 0; i < 1500; i++) {
      run.report(Finding.info("subject " + i, "message"));
    }
    run.report(Finding.error("late", "message", "remedy"));
    List<Finding> findings = run.findings();
    assertEquals(1001, findings.size());
    assertEquals(Finding.Severity.ERROR, findings.get(1000).severity());
    assertTrue(findings.get(1000).message().startsWith("501 more"), findings.get(1000)::toString);
    assertEquals(Finding.Severity.ERROR, run.worst());
  }

  private Run newRun() {
    return new Run(
        new Run.Settings(
            new RunId("20260101T000000Z-1"),
            "backup",
            InstantSource.system(),
            THREADS,
            scratch,
            new NoSnapshots(),
            (files, bytes, expectedFiles, expectedBytes) -> {}));
  }

  private static void awaitWaiting(Thread thread) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (thread.getState() != Thread.State.WAITING
        && thread.getState() != Thread.State.TIMED_WAITING) {
      assertTrue(System.nanoTime() < deadline && thread.isAlive(), "It does not wait: " + thread);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
  }

  private static final class NoSnapshots implements Snapshots {

    @Override
    public List<Snapshot> list(SnapshotFilter filter) {
      return List.of();
    }

    @Override
    public SnapshotReader open(Snapshot snapshot) {
      throw new UnsupportedOperationException();
    }
  }
}
