package dev.copperplate.backup.verify;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.Proof;
import dev.copperplate.backup.RestoreContext;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.repository.read.StoredEntry;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All that a snapshot added to the one before it, and a share of the rest. The two are walked side
 * by side; what the one before cannot tell counts as added.
 */
final class AddedSample implements Sample {

  private static final double HASHES = 1L << 32;

  private final String run;
  private final double share;
  private final @Nullable Cursor<Entry> walk;
  private @Nullable Entry before;
  private boolean everything = true;

  private AddedSample(String run, double share, @Nullable SnapshotReader previous)
      throws IOException {
    this.run = run;
    this.share = share;
    this.walk = previous == null ? null : previous.walk(EntryPath.ROOT, Integer.MAX_VALUE);
    this.before = next();
  }

  static Choice of(double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("A share is from 0 to 1, not " + share);
    }
    return (snapshot, context) ->
        new AddedSample(
            snapshot.snapshot().run().value(), share, previous(snapshot.snapshot(), context));
  }

  private static @Nullable SnapshotReader previous(Snapshot snapshot, RestoreContext context)
      throws IOException {
    Optional<Snapshot> previous =
        EarlierSnapshots.of(snapshot, context.snapshots()).stream().findFirst();
    if (previous.isEmpty()) {
      return null;
    }
    try {
      return context.attach(context.snapshots().open(previous.get()));
    } catch (BackupException gone) {
      if (gone.kind() != Kind.NOT_FOUND) {
        throw gone;
      }
      return null;
    }
  }

  @Override
  public Pieces of(Entry file) throws IOException {
    while (before != null && before.path().compareTo(file.path()) < 0) {
      before = next();
    }
    boolean stored = before != null && before.path().equals(file.path()) && same(before, file);
    if (!stored || share == 1) {
      return Pieces.ALL;
    }
    everything &= file.size() == 0;
    return piece -> Pieces.hash(file.path(), run + "/" + piece) / HASHES < share;
  }

  @Override
  public Proof proof() {
    return everything ? Proof.DATA : Proof.STRUCTURE;
  }

  /** Entries of other readers do not tell where their content lies. */
  private static boolean same(Entry one, Entry other) {
    return one instanceof StoredEntry a
        && other instanceof StoredEntry b
        && a.repository().equals(b.repository())
        && a.type() == b.type()
        && a.content().equals(b.content());
  }

  private @Nullable Entry next() throws IOException {
    while (walk != null) {
      try {
        return walk.next();
      } catch (BackupException unreadable) {
        // Not the snapshot that is looked at: what is behind this part counts as added.
        if (unreadable.kind() != Kind.MISSING && unreadable.kind() != Kind.DAMAGED) {
          throw unreadable;
        }
      }
    }
    return null;
  }
}
