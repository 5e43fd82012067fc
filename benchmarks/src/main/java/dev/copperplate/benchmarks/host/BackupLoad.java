package dev.copperplate.benchmarks.host;

import dev.copperplate.backup.files.FilesSource;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.benchmarks.DirectoryRemoval;
import dev.copperplate.benchmarks.warm.Template;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One backup after the other at default options, each into a repository without snapshots, so that
 * there is always everything to do, until it is closed.
 *
 * <p>Between two of them a repository is removed, copied and opened, which derives a key: some
 * tenths of a second that a service does not have, so a source for the whole time is better.
 */
final class BackupLoad implements AutoCloseable {

  private final Template template;
  private final Path source;
  private final Path repository;
  private final ExecutorService thread = Executors.newSingleThreadExecutor();
  private final CountDownLatch begun = new CountDownLatch(1);
  private final Future<?> loop;
  private volatile boolean closed;
  private final AtomicInteger finished = new AtomicInteger();

  /** Returns when the first backup begins, or failed to. */
  BackupLoad(Template template, Path source, Path repository) throws InterruptedException {
    this.template = template;
    this.source = source;
    this.repository = repository;
    this.loop =
        thread.submit(
            () -> {
              try {
                backUpAgainAndAgain();
              } finally {
                begun.countDown();
              }
              return null;
            });
    begun.await();
  }

  private void backUpAgainAndAgain() throws IOException, InterruptedException {
    while (!closed) {
      DirectoryRemoval.remove(repository);
      try (BackupRepository opened = template.openCopy(repository)) {
        begun.countDown();
        opened.backup(FilesSource.of(source));
        finished.incrementAndGet();
      } catch (InterruptedException
          | InterruptedIOException
          | ClosedByInterruptException interrupted) {
        if (!closed) {
          throw interrupted;
        }
      }
    }
  }

  /** How many backups came to their end so far. */
  int finished() {
    return finished.get();
  }

  /**
   * Interrupts the backup that is running.
   *
   * @throws IOException if one failed before
   */
  @Override
  public void close() throws IOException {
    closed = true;
    thread.shutdownNow();
    try {
      loop.get();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException failure) {
      throw new IOException("A backup failed", failure.getCause());
    }
    DirectoryRemoval.remove(repository);
  }
}
