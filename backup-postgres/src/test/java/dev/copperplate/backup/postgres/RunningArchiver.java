package dev.copperplate.backup.postgres;

import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Snapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** An archiver that runs on a thread of its own, and what it has said. */
final class RunningArchiver implements AutoCloseable, WalArchiverListener {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final PostgresWalArchiver archiver;
  private final Thread thread;
  private final List<Finding> findings = new ArrayList<>();
  private final List<Snapshot> commits = new ArrayList<>();
  private final List<WalLag> lags = new ArrayList<>();
  private Lsn durable = Lsn.NONE;
  private Exception failure;
  private boolean ended;

  private RunningArchiver(PostgresWalArchiver silent) {
    archiver = silent.listener(this);
    thread = new Thread(this::run, "archiver-of-a-test");
  }

  static RunningArchiver start(PostgresWalArchiver archiver) {
    RunningArchiver running = new RunningArchiver(archiver);
    running.thread.start();
    return running;
  }

  private void run() {
    Exception thrown = null;
    try {
      archiver.run();
    } catch (Exception e) {
      thrown = e;
    }
    synchronized (this) {
      failure = thrown;
      ended = true;
      notifyAll();
    }
  }

  @Override
  public synchronized void committed(Snapshot commit, Lsn to) {
    commits.add(commit);
    durable = to;
    notifyAll();
  }

  @Override
  public synchronized void measured(WalLag lag) {
    lags.add(lag);
    notifyAll();
  }

  @Override
  public synchronized void found(Finding finding) {
    findings.add(finding);
    notifyAll();
  }

  synchronized void awaitDurable(Lsn lsn) throws InterruptedException {
    await("durable up to " + lsn, () -> !durable.isBefore(lsn));
  }

  synchronized void awaitFinding(String part) throws InterruptedException {
    await(part, () -> said().contains(part));
  }

  synchronized void awaitCommits(int count) throws InterruptedException {
    await(count + " commits", () -> commits.size() >= count);
  }

  /** Waits for a measurement that is such. */
  synchronized WalLag awaitMeasured(Predicate<WalLag> such) throws InterruptedException {
    await("a measurement", () -> !lags.isEmpty() && such.test(lags.get(lags.size() - 1)));
    return lags.get(lags.size() - 1);
  }

  /** Waits for measurements that are made from now on. */
  synchronized WalLag awaitMeasured(int more) throws InterruptedException {
    int count = lags.size() + more;
    await("measured", () -> lags.size() >= count);
    return lags.get(lags.size() - 1);
  }

  synchronized Exception awaitFailure() throws InterruptedException {
    await("a failure", () -> ended);
    return failure;
  }

  private void await(String what, BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      long left = (end - System.nanoTime()) / 1_000_000;
      boolean over = ended && !what.equals("a failure");
      if (left <= 0 || over) {
        throw new IllegalStateException(
            "Not " + what + " but " + durable + "; said: " + said(), failure);
      }
      wait(left);
    }
  }

  synchronized String said() {
    return findings.toString();
  }

  synchronized List<Snapshot> commits() {
    return List.copyOf(commits);
  }

  synchronized Lsn durable() {
    return durable;
  }

  /** Cancels it, as a service does that must end now. */
  void interrupt() throws InterruptedException {
    thread.interrupt();
    thread.join(PATIENCE.toMillis());
    if (thread.isAlive()) {
      throw new IllegalStateException("Goes on though it was interrupted");
    }
  }

  /** Lets it end after one more commit. */
  void end() {
    archiver.close();
  }

  /** The same; what it failed with is thrown, as nobody has asked for it. */
  @Override
  public void close() {
    end();
    synchronized (this) {
      if (failure != null && !(failure instanceof InterruptedException)) {
        throw new IllegalStateException(failure);
      }
    }
  }
}
