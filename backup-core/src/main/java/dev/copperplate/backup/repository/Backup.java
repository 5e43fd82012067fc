package dev.copperplate.backup.repository;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupSource;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.RunId;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.SourceId;
import dev.copperplate.backup.repository.capture.Capture;
import dev.copperplate.backup.repository.capture.Counts;
import dev.copperplate.backup.repository.expiry.DependencyLeases;
import dev.copperplate.backup.repository.expiry.Removals;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.format.SnapshotFile;
import dev.copperplate.backup.repository.format.SnapshotSummary;
import dev.copperplate.backup.repository.lock.RepositoryLock;
import dev.copperplate.backup.repository.pack.BlobWriter;
import dev.copperplate.backup.repository.pack.PackInventory;
import dev.copperplate.backup.repository.read.SnapshotFacts;
import dev.copperplate.backup.repository.run.CaptureRun;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.repository.storage.Retention;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One backup: lock, stock of packs, capture, packs, index, and the snapshot last. A failure before
 * that leaves packs and indexes that the next backup uses, and nothing else.
 */
final class Backup {

  private final OpenRepository repository;
  private final RepositoryOptions settings;
  private final BackupSource source;
  private final SourceId id;
  private final BackupOptions options;
  private final CaptureRun run;
  private final Retention retention;
  private final Instant begun;
  private final long started = System.nanoTime();

  Backup(
      OpenRepository repository,
      RepositoryOptions settings,
      BackupSource source,
      BackupOptions options,
      CaptureRun run) {
    this.repository = repository;
    this.settings = settings;
    this.source = source;
    this.id = source.id();
    this.options = options;
    this.run = run;
    this.begun = settings.clock().instant();
    this.retention = Retention.of(run.time(), options.retainedFor(settings), settings.clock());
  }

  /** Makes the backup; to be called on the thread of the run. */
  BackupReport make() throws IOException, InterruptedException {
    long begin = repository.store().substitutes().now();
    try (RepositoryLock lock = repository.writerLock(settings, options.lockWait())) {
      PackInventory inventory = PackInventory.take(repository.store(), repository.index(), lock);
      noteDamagedIndexes();
      try (DependencyLeases dependencies = dependencies(lock);
          BlobWriter blobs = repository.blobWriter(settings, inventory, lock, retention)) {
        return capture(blobs, inventory, dependencies, lock, begin);
      }
    }
  }

  private DependencyLeases dependencies(RepositoryLock lock) {
    return new DependencyLeases(
        repository.leases(), repository.catalog(), lock, settings.clock(), Removals.PATIENCE);
  }

  private void noteDamagedIndexes() {
    for (BackupException damage : repository.index().damaged()) {
      run.report(
          new Finding(
              Finding.Severity.INFO,
              repository.store().target().description(),
              String.valueOf(damage.getMessage()),
              "What only this index listed was stored again where it was needed"));
    }
  }

  private BackupReport capture(
      BlobWriter blobs,
      PackInventory inventory,
      DependencyLeases dependencies,
      RepositoryLock lock,
      long begin)
      throws IOException, InterruptedException {
    Optional<Snapshot> previous = previous();
    if (previous.isPresent()) {
      run.previous(Optional.of(run.attach(repository.reader(previous.get(), bytes -> {}))));
    }
    Capture capture =
        new Capture(
            run,
            id,
            repository.config().id(),
            repository.polynomial(),
            blobs,
            repository.trees(),
            dependencies,
            previous.map(each -> Sha256.parse(each.content().hex())).orElse(null),
            run.openFiles());
    source.capture(capture, run);
    run.workers().join();
    Sha256 root = capture.finish();
    dependencies.requireStored();
    new Reliance(repository, inventory, blobs, lock, run, retention).secure(needed(dependencies));
    lock.requireHeld();
    SnapshotState state = state();
    SnapshotFile file = snapshotFile(capture, dependencies, blobs, previous, root, state);
    Sha256 stored = repository.store().write(ObjectKind.SNAPSHOT, file.encode(), retention);
    Snapshot snapshot = repository.catalog().add(stored, file);
    repository.store().substitutes().findings(begin, Finding.Severity.INFO).forEach(run::report);
    new RunFindings(repository.records().retained(retention)).keep(run);
    return report(snapshot, capture.counts(), blobs);
  }

  private Optional<Snapshot> previous() throws IOException {
    return repository.catalog().list(SnapshotFilter.of(id)).stream()
        .filter(each -> each.state() != SnapshotState.DAMAGED)
        .filter(each -> each.environment().equals(settings.environment()))
        .findFirst();
  }

  private SnapshotState state() {
    Finding.Severity worst = run.worst();
    if (worst == Finding.Severity.ERROR) {
      return SnapshotState.DAMAGED;
    }
    return worst == Finding.Severity.WARNING ? SnapshotState.PARTIAL : SnapshotState.COMPLETE;
  }

  private SnapshotFile snapshotFile(
      Capture capture,
      DependencyLeases dependencies,
      BlobWriter blobs,
      Optional<Snapshot> previous,
      Sha256 root,
      SnapshotState state) {
    return SnapshotFile.builder(run.time(), root)
        .parent(previous.map(each -> Sha256.parse(each.id().hex())).orElse(null))
        .paths(SnapshotFacts.paths(id))
        .hostname(settings.environment())
        .username(System.getProperty("user.name", ""))
        .tags(
            SnapshotFacts.tags(
                run.run(), state, needed(dependencies), capture.replaced(), options.tags()))
        .programVersion(SnapshotFacts.program(id))
        .summary(summary(capture.counts(), blobs))
        .build();
  }

  private static List<RunId> needed(DependencyLeases dependencies) {
    return dependencies.snapshots().stream().map(Snapshot::run).toList();
  }

  private SnapshotSummary summary(Counts counts, BlobWriter blobs) {
    Instant end = settings.clock().instant();
    return new SnapshotSummary(
        begun,
        end,
        counts.filesNew(),
        counts.filesChanged(),
        counts.filesUnmodified(),
        counts.directoriesNew(),
        counts.directoriesChanged(),
        counts.directoriesUnmodified(),
        blobs.dataBlobs(),
        blobs.treeBlobs(),
        blobs.bytesAdded(),
        blobs.bytesStored(),
        counts.files(),
        counts.bytes());
  }

  private BackupReport report(Snapshot snapshot, Counts counts, BlobWriter blobs) {
    return new BackupReport(
        snapshot,
        run.findings(),
        counts.filesNew(),
        counts.filesChanged(),
        counts.filesUnmodified(),
        blobs.dataBlobs(),
        blobs.bytesAdded(),
        blobs.bytesStored(),
        Duration.ofNanos(System.nanoTime() - started));
  }
}
