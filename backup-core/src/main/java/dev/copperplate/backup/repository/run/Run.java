package dev.copperplate.backup.repository.run;

import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.RunContext;
import dev.copperplate.backup.RunId;
import dev.copperplate.backup.Snapshots;
import dev.copperplate.backup.Workers;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run: a thread that carries it, its workers, what is attached to it, its scratch directory,
 * its findings and its progress. Nothing of it outlives {@link #close}.
 */
public class Run implements RunContext, AutoCloseable {

  /** Told how far the run is, at most every tenth of a second, from several threads. */
  @FunctionalInterface
  public interface Observer {
    void progressed(long files, long bytes, long expectedFiles, long expectedBytes);
  }

  /**
   * What a run needs.
   *
   * @param id its identity
   * @param operation a word for thread names
   * @param clock the clock
   * @param threads how many workers
   * @param scratch where its scratch directory is made
   * @param snapshots the snapshots that it may read
   * @param observer told of its progress
   */
  public record Settings(
      RunId id,
      String operation,
      InstantSource clock,
      int threads,
      Path scratch,
      Snapshots snapshots,
      Observer observer) {}

  /** How long a cancelled run may take to end before it is left behind. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(60);

  private static final int KEPT_FINDINGS = 1000;
  private static final long NOTICE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final Logger LOG = LoggerFactory.getLogger(Run.class);

  private final Settings settings;
  private final RunWorkers workers;
  private final Deque<AutoCloseable> attached = new ArrayDeque<>();
  private final List<Finding> findings = new ArrayList<>();
  private final AtomicLong files = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong lastNotice = new AtomicLong(System.nanoTime() - NOTICE_NANOS);
  private volatile long expectedFiles;
  private volatile long expectedBytes;
  private final FindingSpool spool;
  private long reported;
  private Finding.@Nullable Severity worst;
  private @Nullable Path scratch;
  private boolean ended;

  public Run(Settings settings) {
    this.settings = settings;
    this.spool = new FindingSpool(settings.scratch());
    this.workers = new RunWorkers(threadName(), settings.threads(), this::closeAttached);
  }

  /**
   * Carries out the run on a thread of its own and waits for it. If the waiting thread is
   * interrupted, the run is cancelled: its threads are interrupted, what is attached is closed, and
   * its end is waited for.
   */
  public final <T> T call(Callable<T> body) throws IOException, InterruptedException {
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread carrier =
        new Thread(
            () -> {
              try {
                result.complete(body.call());
              } catch (Throwable thrown) {
                result.completeExceptionally(thrown);
              }
            },
            threadName());
    carrier.setDaemon(true);
    carrier.start();
    try {
      return result.get();
    } catch (InterruptedException cancelled) {
      cancel(carrier);
      throw cancelled;
    } catch (ExecutionException failed) {
      throw firstFailure(failed.getCause());
    } finally {
      awaitEnd(carrier);
      notice(true);
    }
  }

  private String threadName() {
    return "copperplate-" + settings.operation() + "-" + settings.id();
  }

  private void cancel(Thread carrier) {
    workers.cancel();
    carrier.interrupt();
    closeAttached();
  }

  /** Another interruption hurries nothing: what was begun would go on behind the caller's back. */
  private void awaitEnd(Thread carrier) {
    boolean interrupted = false;
    long deadline = System.nanoTime() + LAST_WORDS.toNanos();
    while (carrier.isAlive() && System.nanoTime() - deadline < 0) {
      try {
        carrier.join(LAST_WORDS.toMillis());
      } catch (InterruptedException again) {
        interrupted = true;
      }
    }
    if (carrier.isAlive()) {
      LOG.error(
          "Run {} does not end although it was cancelled {} ago: thread {} is left behind",
          settings.id(),
          LAST_WORDS,
          threadName());
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * The failure of a task interrupts what else goes on and closes what is attached, so what the
   * carrier meets then is a consequence: the task's failure is the one that explains.
   */
  private IOException firstFailure(@Nullable Throwable thrown) {
    Throwable first = workers.failure();
    if (first == null || first == thrown || isInterruption(first) && !isInterruption(thrown)) {
      return Failures.asIo(thrown);
    }
    if (thrown != null) {
      first.addSuppressed(thrown);
    }
    return Failures.asIo(first);
  }

  private static boolean isInterruption(@Nullable Throwable thrown) {
    return thrown instanceof InterruptedException || thrown instanceof InterruptedIOException;
  }

  @Override
  public final RunId run() {
    return settings.id();
  }

  @Override
  public final InstantSource clock() {
    return settings.clock();
  }

  @Override
  public final Snapshots snapshots() {
    return settings.snapshots();
  }

  @Override
  public final Workers workers() {
    return workers;
  }

  @Override
  public final synchronized Path scratch() throws IOException {
    if (scratch == null) {
      scratch = Files.createTempDirectory(settings.scratch(), "copperplate-");
    }
    return scratch;
  }

  @Override
  public final <T extends AutoCloseable> T attach(T resource) {
    synchronized (attached) {
      if (!ended) {
        attached.push(resource);
        return resource;
      }
    }
    close(resource);
    return resource;
  }

  @Override
  public final void report(Finding finding) {
    LOG.debug("{}: {}", settings.id(), finding);
    synchronized (findings) {
      if (worst == null || finding.severity().compareTo(worst) > 0) {
        worst = finding.severity();
      }
      reported++;
      if (findings.size() < KEPT_FINDINGS) {
        findings.add(finding);
      } else {
        spool.add(finding);
      }
    }
  }

  @Override
  public final void expect(long files, long bytes) {
    expectedFiles = files;
    expectedBytes = bytes;
    notice(true);
  }

  /** What was reported: the first thousand, and a last one that counts the others. */
  public final List<Finding> findings() {
    synchronized (findings) {
      List<Finding> all = new ArrayList<>(findings);
      long others = reported - findings.size();
      if (others > 0) {
        all.add(
            new Finding(
                worst == null ? Finding.Severity.INFO : worst,
                settings.id().value(),
                others + " more findings, the worst of this severity",
                ""));
      }
      return all;
    }
  }

  /** How many findings were reported. */
  public final long reported() {
    synchronized (findings) {
      return reported;
    }
  }

  /**
   * All that was reported, the first of them from memory and the others from disk, as far as they
   * could be kept there. The caller closes the cursor; nothing may be reported until then.
   */
  public final Cursor<Finding> allFindings() throws IOException {
    synchronized (findings) {
      Cursor<Finding> first = Cursor.of(List.copyOf(findings));
      Cursor<Finding> others = spool.read();
      return new Cursor<>() {
        @Override
        public @Nullable Finding next() throws IOException {
          Finding next = first.next();
          return next == null ? others.next() : next;
        }

        @Override
        public void close() throws IOException {
          others.close();
        }
      };
    }
  }

  /** The worst severity that was reported; null if nothing was. */
  public final Finding.@Nullable Severity worst() {
    synchronized (findings) {
      return worst;
    }
  }

  /** Counts for progress. */
  public final void advance(long moreFiles, long moreBytes) {
    files.addAndGet(moreFiles);
    bytes.addAndGet(moreBytes);
    notice(false);
  }

  private void notice(boolean now) {
    long last = lastNotice.get();
    long time = System.nanoTime();
    if ((now || time - last >= NOTICE_NANOS) && lastNotice.compareAndSet(last, time)) {
      settings.observer().progressed(files.get(), bytes.get(), expectedFiles, expectedBytes);
    }
  }

  /** Ends the threads, closes what is attached, removes the scratch directory. */
  @Override
  public void close() {
    boolean interrupted = Thread.interrupted();
    try {
      workers.cancel();
      closeAttached();
      if (!workers.awaitEnd(LAST_WORDS.toNanos())) {
        LOG.error("Run {} leaves threads behind that do not end", settings.id());
      }
      removeSpool();
      removeScratch();
    } catch (InterruptedException hurried) {
      interrupted = true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void closeAttached() {
    while (true) {
      AutoCloseable next;
      synchronized (attached) {
        ended = true;
        next = attached.poll();
      }
      if (next == null) {
        return;
      }
      close(next);
    }
  }

  private void close(AutoCloseable resource) {
    try {
      resource.close();
    } catch (Exception failure) {
      LOG.warn("Run {} could not close {}", settings.id(), resource.getClass().getName(), failure);
    }
  }

  private void removeSpool() {
    synchronized (findings) {
      try {
        spool.close();
      } catch (IOException failure) {
        LOG.warn("The findings of run {} could not be removed", settings.id(), failure);
      }
    }
  }

  private synchronized void removeScratch() {
    if (scratch == null) {
      return;
    }
    try {
      Files.walkFileTree(scratch, new Removal());
    } catch (IOException failure) {
      LOG.warn("The scratch directory {} could not be removed", scratch, failure);
    }
  }

  /** Opens directories that were restored without the permission to enter or change them. */
  private static final class Removal extends SimpleFileVisitor<Path> {

    private static final Set<PosixFilePermission> OPEN =
        PosixFilePermissions.fromString("rwx------");

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
        throws IOException {
      if (!Files.isWritable(directory) || !Files.isExecutable(directory)) {
        Files.setPosixFilePermissions(directory, OPEN);
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
      boolean locked =
          Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)
              && !Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS)
                  .contains(PosixFilePermission.OWNER_READ);
      if (!locked) {
        throw failure;
      }
      Files.setPosixFilePermissions(file, OPEN);
      Files.walkFileTree(file, this);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.delete(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
        throws IOException {
      Files.delete(directory);
      return FileVisitResult.CONTINUE;
    }
  }
}
