package dev.copperplate.backup.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.BackupSource;
import dev.copperplate.backup.EntryOutput;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.repository.run.MemoryBudget;
import dev.copperplate.backup.restic.Restic;
import dev.copperplate.backup.target.LocalTarget;
import dev.copperplate.backup.verify.Verifiers;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backup that is interrupted while another goes on in the same repository. */
class InterruptedBackupTest {

  private static final Duration PROMPTLY = Duration.ofSeconds(10);

  /** Fills two packs wherever the files are cut: a pack ends with the chunk that reaches 16 MiB. */
  private static final int FILES = 14;

  private static final int FILE_SIZE = 3_000_000;

  @TempDir Path directory;

  private final CountDownLatch reached = new CountDownLatch(1);
  private final CountDownLatch never = new CountDownLatch(1);
  private final CountDownLatch otherMayEnd = new CountDownLatch(1);
  private final CountDownLatch otherIsThere = new CountDownLatch(1);
  private final AtomicBoolean closed = new AtomicBoolean();
  private Path repositoryPath;
  private Path scratch;
  private GatedTarget target;
  private BackupRepository repository;

  @BeforeEach
  void create() throws Exception {
    repositoryPath = directory.resolve("repository");
    scratch = Files.createDirectory(directory.resolve("scratch"));
    target = new GatedTarget(LocalTarget.at(repositoryPath));
    repository =
        TestRepositories.create(
            target, RepositoryOptions.DEFAULT.scratch(scratch).memoryBytes(80 << 20).threads(2));
  }

  @AfterEach
  void close() throws Exception {
    target.open();
    repository.close();
  }

  @Test
  void whileItsSourceWritesAFile() throws Exception {
    interruptWhereItWaits(
        (writer, context) -> {
          try (EntryOutput out = writer.file(EntryPath.of("half"), Attributes.PLAIN)) {
            out.write(new byte[1000]);
            target.awaitStored(1);
            reached.countDown();
            never.await();
            out.commit();
          }
        },
        true);
  }

  @Test
  void whileATaskWaitsAndItsSourceInSubmit() throws Exception {
    CountDownLatch busy = new CountDownLatch(2);
    interruptWhereItWaits(
        (writer, context) -> {
          target.awaitStored(1);
          for (int i = 0; i < 3; i++) {
            if (i == 2) {
              busy.await();
              reached.countDown();
            }
            context
                .workers()
                .submit(
                    () -> {
                      busy.countDown();
                      never.await();
                      return null;
                    });
          }
        },
        true);
  }

  @Test
  void whileItsSourceReadsASocketThatHearsNoInterruption() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      interruptWhereItWaits(
          (writer, context) -> {
            target.awaitStored(1);
            Socket socket =
                context.attach(new Socket(server.getInetAddress(), server.getLocalPort()));
            InputStream in = socket.getInputStream();
            reached.countDown();
            in.read();
          },
          true);
    }
  }

  @Test
  void whileATaskReadsASocketThatHearsNoInterruption() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      interruptWhereItWaits(
          (writer, context) -> {
            target.awaitStored(1);
            Socket socket =
                context.attach(new Socket(server.getInetAddress(), server.getLocalPort()));
            InputStream in = socket.getInputStream();
            context
                .workers()
                .submit(
                    () -> {
                      reached.countDown();
                      return in.read();
                    });
            context.workers().join();
          },
          true);
    }
  }

  @Test
  void whileItsPacksAreUploaded() throws Exception {
    target.hold(1);
    interruptWhereItWaits(
        (writer, context) -> {
          target.awaitHeld(1);
          target.awaitStored(1);
          reached.countDown();
          // Returning, it waits for the upload that is held.
        },
        true);
  }

  @Test
  void whileItsSourceWaitsForMemory() throws Exception {
    target.hold(2);
    interruptWhereItWaits(
        (writer, context) -> {
          target.awaitHeld(2);
          Thread watcher =
              new Thread(
                  () -> {
                    EngineThreads.awaitOneIn(MemoryBudget.class, "acquire");
                    reached.countDown();
                  });
          watcher.start();
          Random random = new Random(99);
          byte[] block = new byte[1 << 20];
          try (EntryOutput out = writer.file(EntryPath.of("endless"), Attributes.PLAIN)) {
            while (true) {
              random.nextBytes(block);
              out.write(block);
            }
          }
        },
        false);
  }

  @Test
  void beforeItHasBegun() throws Exception {
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, () -> repository.backup(first((w, c) -> {})));
    assertFalse(Thread.interrupted());
    requireNothingLeft();
    assertEquals(List.of(), repository.list(SnapshotFilter.ALL));
  }

  @Test
  void evenIfItsSourceSwallowsTheInterruption() throws Exception {
    FutureTask<Object> backup =
        started(
            () ->
                repository.backup(
                    first(
                        (writer, context) -> {
                          reached.countDown();
                          try {
                            never.await();
                          } catch (InterruptedException swallowed) {
                            writer.fact("swallowed", "yes");
                          }
                        })));
    assertTrue(reached.await(1, TimeUnit.MINUTES));
    interrupt(backup);
    requireInterrupted(backup);
    assertEquals(List.of(), repository.list(SnapshotFilter.ALL), "No half snapshot");
    requireNothingLeft();
  }

  @Test
  void atAnyMoment() throws Exception {
    long seed = Long.getLong("copperplate.seed", System.nanoTime());
    System.out.println("Seed of the interruptions: " + seed);
    Random random = new Random(seed);
    int finished = 0;
    for (int i = 0; i < 25; i++) {
      long first = 100L + i;
      FutureTask<Object> backup =
          started(() -> repository.backup(new GeneratedSource("any", first, 8, 3_000_000)));
      try {
        backup.get(random.nextInt(500), TimeUnit.MILLISECONDS);
        finished++;
      } catch (TimeoutException now) {
        interrupt(backup);
        requireInterruptedOrDone(backup);
      }
      requireNothingLeft();
    }
    System.out.println(finished + " of 25 were quicker than their interruption");
    requireSound();
    repository.backup(new GeneratedSource("any", 100, 8, 3_000_000));
    assertTrue(StoredPacks.in(repositoryPath).twice().isEmpty());
  }

  /** The whole story; the source waits in the pause, having said that it is there. */
  private void interruptWhereItWaits(PausingSource.Pause pause, boolean findsAgain)
      throws Exception {
    FutureTask<Object> interrupted = started(() -> repository.backup(first(pause)));
    assertTrue(reached.await(1, TimeUnit.MINUTES), "The source does not get there");
    FutureTask<Object> other = started(() -> repository.backup(second()));
    assertTrue(otherIsThere.await(1, TimeUnit.MINUTES), "The other does not get there");
    interrupt(interrupted);
    requireInterrupted(interrupted);
    assertTrue(closed.get(), "What was attached is closed");
    assertEquals(0, count(scratch), "The scratch directory is gone");
    assertEquals(1, count(repositoryPath.resolve("locks")), "Its lock is gone, the other's there");
    otherMayEnd.countDown();
    other.get(1, TimeUnit.MINUTES);
    requireNothingLeft();
    requireSound();
    BackupReport again = repository.backup(first((writer, context) -> {}));
    if (findsAgain) {
      assertTrue(again.bytesAdded() < (long) FILES * FILE_SIZE, "Nothing was found again");
    }
    requireSound();
  }

  /** Attaches a resource, makes its scratch directory, and pauses after its files. */
  private BackupSource first(PausingSource.Pause pause) {
    return new PausingSource(
        new GeneratedSource("first", 0, FILES, FILE_SIZE),
        (writer, context) -> {
          Files.writeString(context.scratch().resolve("file"), "scratch");
          context.attach(() -> closed.set(true));
          pause.at(writer, context);
        });
  }

  /** Half of its files are the other's, too. */
  private BackupSource second() {
    return new PausingSource(
        new GeneratedSource("second", FILES / 2, FILES, FILE_SIZE),
        (writer, context) -> {
          otherIsThere.countDown();
          otherMayEnd.await();
        });
  }

  private final AtomicInteger threads = new AtomicInteger();

  private FutureTask<Object> started(Callable<Object> call) {
    Interruptible task = new Interruptible(call, "test-" + threads.incrementAndGet());
    task.thread.start();
    return task;
  }

  /** Interrupts its thread when it is cancelled, also before that has come to its first line. */
  private static final class Interruptible extends FutureTask<Object> {

    private final Thread thread;

    Interruptible(Callable<Object> call, String name) {
      super(call);
      thread = new Thread(this, name);
    }

    @Override
    public boolean cancel(boolean hard) {
      thread.interrupt();
      return true;
    }
  }

  private static void interrupt(FutureTask<Object> task) {
    task.cancel(true);
  }

  private static void requireInterrupted(FutureTask<Object> task) throws Exception {
    ExecutionException failure =
        assertThrows(
            ExecutionException.class,
            () -> task.get(PROMPTLY.toSeconds(), TimeUnit.SECONDS),
            "An interrupted backup does not end well, and ends promptly");
    assertEquals(InterruptedException.class, failure.getCause().getClass(), failure::toString);
  }

  private static void requireInterruptedOrDone(FutureTask<Object> task) throws Exception {
    try {
      task.get(PROMPTLY.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException failure) {
      assertEquals(InterruptedException.class, failure.getCause().getClass(), failure::toString);
    }
  }

  private void requireNothingLeft() throws Exception {
    assertEquals(List.of(), EngineThreads.remaining(), "Threads that outlived their run");
    assertEquals(0, count(scratch), "Scratch directories");
    assertEquals(0, count(repositoryPath.resolve("locks")), "Locks");
  }

  private void requireSound() throws Exception {
    Restic.Result check =
        Restic.stock().at(repositoryPath, TestRepositories.PASSWORD).run("check", "--read-data");
    assertEquals(0, check.exitCode(), check::toString);
    assertEquals("", check.err(), check::toString);
    for (Snapshot each : repository.list(SnapshotFilter.ALL)) {
      assertTrue(repository.verify(each, Verifiers.checksums()).passed(), each.toString());
    }
  }

  private static long count(Path directory) throws Exception {
    if (!Files.isDirectory(directory)) {
      return 0;
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.count();
    }
  }
}
