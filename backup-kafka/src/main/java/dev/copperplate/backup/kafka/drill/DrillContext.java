package dev.copperplate.backup.kafka.drill;

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

/**
 * The context of a restore inside of a drill. What it warns of for a real destination, such as
 * retention, does not concern a broker that keeps everything: errors alone are passed on.
 */
record DrillContext(RestoreContext context) implements RestoreContext {

  @Override
  public void report(Finding finding) {
    if (finding.severity() == Finding.Severity.ERROR) {
      context.report(finding);
    }
  }

  @Override
  public void begin(RestorePlan plan) throws BackupException {
    context.begin(plan);
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

  @Override
  public void expect(long files, long bytes) {
    context.expect(files, bytes);
  }
}
