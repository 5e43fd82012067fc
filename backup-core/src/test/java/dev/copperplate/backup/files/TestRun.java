package dev.copperplate.backup.files;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.CaptureContext;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.RestoreContext;
import dev.copperplate.backup.RestorePlan;
import dev.copperplate.backup.RunId;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.Snapshots;
import dev.copperplate.backup.Workers;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A run that remembers what it is told. */
final class TestRun implements CaptureContext, RestoreContext, AutoCloseable {

  final List<Finding> findings = Collections.synchronizedList(new ArrayList<>());
  final AtomicLong expectedFiles = new AtomicLong(-1);
  final AtomicLong expectedBytes = new AtomicLong(-1);
  @Nullable SnapshotReader previous;
  @Nullable RestorePlan plan;
  @Nullable Path scratch;
  boolean dryRun;
  Runnable afterBegin = () -> {};
  private final PoolWorkers workers = new PoolWorkers(2);

  TestRun after(SnapshotReader snapshot) {
    previous = snapshot;
    return this;
  }

  /** The findings without those that merely inform. */
  List<Finding> complaints() {
    return findings.stream().filter(each -> each.severity() != Finding.Severity.INFO).toList();
  }

  RestorePlan announced() {
    if (plan == null) {
      throw new AssertionError("Nothing was announced");
    }
    return plan;
  }

  @Override
  public void begin(RestorePlan announced) throws BackupException {
    if (plan != null) {
      throw new IllegalStateException("Announced twice");
    }
    plan = announced;
    if (dryRun) {
      throw new BackupException(BackupException.Kind.NOT_CONFIRMED, "Dry run");
    }
    afterBegin.run();
  }

  @Override
  public Instant time() {
    return Instant.EPOCH;
  }

  @Override
  public Optional<SnapshotReader> previous() {
    return Optional.ofNullable(previous);
  }

  @Override
  public int openFiles() {
    return workers.size() + 4;
  }

  @Override
  public RunId run() {
    return new RunId("test");
  }

  @Override
  public InstantSource clock() {
    return InstantSource.fixed(Instant.EPOCH);
  }

  @Override
  public Snapshots snapshots() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Workers workers() {
    return workers;
  }

  @Override
  public Path scratch() {
    return Objects.requireNonNull(scratch);
  }

  @Override
  public <T extends AutoCloseable> T attach(T resource) {
    return resource;
  }

  @Override
  public void report(Finding finding) {
    findings.add(finding);
  }

  @Override
  public void expect(long files, long bytes) {
    expectedFiles.set(files);
    expectedBytes.set(bytes);
  }

  @Override
  public void close() {
    workers.close();
  }
}
