package dev.copperplate.backup.postgres.restore;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.RunId;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.Snapshots;
import dev.copperplate.backup.postgres.PostgresPhysicalSource;
import dev.copperplate.backup.postgres.basebackup.CombinedFile;
import dev.copperplate.backup.postgres.inventory.BaseFacts;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A base with all that it builds on, open for reading, newest first. Closes what it opened. */
public final class BaseChain implements Closeable {

  private final BaseFacts facts;
  private final List<SnapshotReader> readers = new ArrayList<>();

  private BaseChain(BaseFacts facts) {
    this.facts = facts;
  }

  /** Opens it; the newest reader stays the caller's. */
  public static BaseChain open(SnapshotReader newest, Snapshots snapshots) throws IOException {
    Snapshot snapshot = newest.snapshot();
    if (!snapshot.source().type().equals(PostgresPhysicalSource.TYPE)) {
      throw new BackupException(
          Kind.INVALID,
          "Cannot restore PostgreSQL from "
              + snapshot.source()
              + ": it is no base. Choose a snapshot of "
              + PostgresPhysicalSource.TYPE
              + ":NAME; the WAL is found by itself");
    }
    BaseChain chain = new BaseChain(BaseFacts.of(snapshot, newest.manifest()));
    chain.readers.add(newest);
    try {
      chain.openParents(snapshots);
      return chain;
    } catch (IOException | RuntimeException failed) {
      chain.close();
      throw failed;
    }
  }

  private void openParents(Snapshots snapshots) throws IOException {
    BaseFacts child = facts;
    while (child.incremental()) {
      RunId parent = parentOf(child);
      SnapshotReader reader = snapshots.open(find(parent, snapshots));
      readers.add(reader);
      BaseFacts found = BaseFacts.of(reader.snapshot(), reader.manifest());
      requireFits(found, child, parent);
      child = found;
    }
  }

  private RunId parentOf(BaseFacts child) throws BackupException {
    if (readers.size() >= CombinedFile.MOST_FILES) {
      throw broken("it has more than " + CombinedFile.MOST_FILES + " links");
    }
    return child.parent().orElseThrow(() -> broken("an incremental does not name its parent"));
  }

  private Snapshot find(RunId run, Snapshots snapshots) throws IOException {
    List<Snapshot> found = snapshots.list(SnapshotFilter.of(run));
    if (found.isEmpty()) {
      throw new BackupException(
          Kind.MISSING,
          "Cannot restore base "
              + newest().snapshot().run()
              + ": it builds on run "
              + run
              + ", whose snapshot is gone. Restore another base, or bring that snapshot back from a"
              + " replica");
    }
    return found.get(0);
  }

  private void requireFits(BaseFacts parent, BaseFacts child, RunId run) throws BackupException {
    boolean same =
        parent.identity().equals(child.identity())
            && parent.major() == child.major()
            && parent.segments().equals(child.segments());
    if (!same || !parent.start().isBefore(child.start())) {
      throw broken("run " + run + " is not of the same cluster and earlier");
    }
  }

  private BackupException broken(String why) {
    return new BackupException(
        Kind.DAMAGED,
        "The chain of base "
            + newest().snapshot().run()
            + " is broken: "
            + why
            + ". Restore another base");
  }

  /** What the newest says of itself. */
  BaseFacts facts() {
    return facts;
  }

  SnapshotReader newest() {
    return readers.get(0);
  }

  /** Those before the newest, newest first. */
  List<SnapshotReader> older() {
    return List.copyOf(readers.subList(1, readers.size()));
  }

  @Override
  public void close() throws IOException {
    for (SnapshotReader each : older()) {
      each.close();
    }
  }
}
