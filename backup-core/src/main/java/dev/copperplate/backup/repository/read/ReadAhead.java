package dev.copperplate.backup.repository.read;

import dev.copperplate.backup.repository.format.BlobType;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.pack.BlobContent;
import dev.copperplate.backup.repository.pack.BlobReader;
import dev.copperplate.backup.repository.run.NamedThreads;
import java.io.Closeable;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches blobs that will be wanted next, on {@link #THREADS} threads of its own, which are there
 * only while there is something to fetch. Thread-safe; closing it ends the threads and waits for
 * them.
 */
final class ReadAhead implements Closeable {

  // The JVM leaves some of -Xmx out of what it tells.
  private static final long SMALL_HEAP = 240L << 20;

  /**
   * Four, because a store behind a network is waited for: with 25 ms before each answer of Ceph
   * 16.2.15 two took 31 s for 2 GB, and four 20 s. Two in a heap below 256 MiB, where what they
   * fetch counts.
   */
  static final int THREADS = Runtime.getRuntime().maxMemory() < SMALL_HEAP ? 2 : 4;

  private static final Logger LOG = LoggerFactory.getLogger(ReadAhead.class);

  private static final long IDLE_MILLIS = 100;

  /** A store that hears no interruption: what it still reads is thrown away. */
  private static final long LAST_WORDS_SECONDS = 60;

  private final BlobReader blobs;
  private final ExecutorService threads;

  ReadAhead(BlobReader blobs) {
    this.blobs = blobs;
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            IDLE_MILLIS,
            TimeUnit.MILLISECONDS,
            new LinkedBlockingQueue<>(),
            new NamedThreads("copperplate-ahead"));
    pool.allowCoreThreadTimeOut(true);
    this.threads = pool;
  }

  /** Begins to fetch a piece of a file; empty once this is closed. */
  Optional<Future<BlobContent>> fetch(Sha256 id) {
    try {
      return Optional.of(threads.submit(() -> blobs.open(BlobType.DATA, id)));
    } catch (RejectedExecutionException closed) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    List<Runnable> waiting = threads.shutdownNow();
    // Nobody will run them, and whoever waits for one must hear of it.
    waiting.forEach(each -> ((FutureTask<?>) each).cancel(false));
    boolean interrupted = Thread.interrupted();
    try {
      if (!threads.awaitTermination(LAST_WORDS_SECONDS, TimeUnit.SECONDS)) {
        LOG.error("Threads that read ahead do not end");
      }
    } catch (InterruptedException hurried) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
