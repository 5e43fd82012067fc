package dev.copperplate.backup.postgres.restore;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.RestoreContext;
import dev.copperplate.backup.RestorePlan;
import dev.copperplate.backup.RunId;
import dev.copperplate.backup.Snapshots;
import dev.copperplate.backup.Workers;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;

/** Passes everything on to the run that a restore is a part of. */
public abstract class ForwardingContext implements RestoreContext {

  private final RestoreContext context;

  protected ForwardingContext(RestoreContext context) {
    this.context = context;
  }

  @Override
  public void begin(RestorePlan plan) throws BackupException {
    context.begin(plan);
  }

  @Override
  public void report(Finding finding) {
    context.report(finding);
  }

  @Override
  public void expect(long files, long bytes) {
    context.expect(files, bytes);
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
