package dev.copperplate.backup.postgres;

import dev.copperplate.backup.Finding;
import dev.copperplate.backup.RestoreContext;
import dev.copperplate.backup.RestorePlan;
import dev.copperplate.backup.RunId;
import dev.copperplate.backup.Snapshots;
import dev.copperplate.backup.Workers;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The run of a restore of files that is a part of this one: the plan was announced, and what goes
 * wrong is counted, since a data directory that is not whole is none.
 */
final class FilesContext implements RestoreContext {

  private final RestoreContext context;
  private final AtomicLong complaints = new AtomicLong();

  FilesContext(RestoreContext context) {
    this.context = context;
  }

  /** How many findings said that something is not as it was stored. */
  long complaints() {
    return complaints.get();
  }

  @Override
  public void begin(RestorePlan plan) {
    // The plan of the whole was announced.
  }

  @Override
  public void report(Finding finding) {
    if (finding.severity() != Finding.Severity.INFO) {
      complaints.incrementAndGet();
    }
    context.report(finding);
  }

  @Override
  public void expect(long files, long bytes) {
    // The whole was said.
  }

  @Override
  public RunId run() {
    return context.run();
  }

  @Override
  public InstantSource clock() {
    return context.clock();
  }

  @Override
  public Snapshots snapshots() {
    return context.snapshots();
  }

  @Override
  public Workers workers() {
    return context.workers();
  }

  @Override
  public Path scratch() throws IOException {
    return context.scratch();
  }

  @Override
  public <T extends AutoCloseable> T attach(T resource) {
    return context.attach(resource);
  }
}
