package dev.copperplate.backup.kafka.segment;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.EntryType;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.RestoreContext;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.kafka.batch.Batch;
import dev.copperplate.backup.kafka.batch.StoredBatches;
import dev.copperplate.backup.kafka.layout.StoredFile;
import dev.copperplate.backup.kafka.layout.StoredPartition;
import dev.copperplate.backup.kafka.layout.TopicPaths;
import dev.copperplate.backup.kafka.layout.UnendedTransaction;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.TreeMap;

/**
 * Puts the batches of one partition into its directory, one in memory at a time. A broker cuts a
 * log off at the first batch that is damaged, so such a one is left out, and named; a log may have
 * gaps.
 */
final class PartitionRestore {

  private static final int BUFFER = 1 << 16;

  /**
   * Epochs that this cluster never had would keep followers from fetching: a follower asks the
   * leader where its own last epoch ended, and a younger leader does not know.
   */
  private static final int LEADER_EPOCH = 0;

  private final PartitionTask task;
  private final SnapshotReader snapshot;
  private final RestoreContext context;
  private final Map<Long, Short> open = new TreeMap<>();
  private long newest;

  PartitionRestore(PartitionTask task, SnapshotReader snapshot, RestoreContext context) {
    this.task = task;
    this.snapshot = snapshot;
    this.context = context;
  }

  RestoredLog run() throws IOException {
    StoredPartition stored = task.partition();
    task.directory().empty();
    try (LogWriting log = new LogWriting(task.directory().path(), context.clock().instant())) {
      for (StoredFile each : stored.files()) {
        write(each, log);
      }
      endTransactions(log);
      if (log.end() < stored.to()) {
        // What comes next is to get the offset that it would have had.
        log.begin(stored.to());
      }
      log.finish();
      PlacedFiles.force(task.directory().path());
      return new RestoredLog(log.files(), log.bytes(), stored.from(), log.end());
    }
  }

  private void write(StoredFile file, LogWriting log) throws IOException {
    try (InputStream in = new BufferedInputStream(open(file), BUFFER)) {
      log.begin(file.base());
      StoredBatches batches = new StoredBatches(in);
      for (Batch batch = batches.next(); batch != null; batch = batches.next()) {
        if (usable(batch, file, log)) {
          Batch.patchLeaderEpoch(batch.bytes(), LEADER_EPOCH);
          RestoredProducers.move(batch);
          log.append(batch.bytes(), batch.baseOffset(), batch.nextOffset(), batch.maxTimestamp());
          follow(batch);
        }
      }
    } catch (BackupException damage) {
      if (damage.kind() != Kind.DAMAGED && damage.kind() != Kind.MISSING) {
        throw damage;
      }
      lost("Of offsets " + file.base() + " to " + (file.next() - 1) + ", those from", log, damage);
    }
  }

  private InputStream open(StoredFile file) throws IOException {
    EntryPath path = TopicPaths.log(task.topic().stored(), task.number(), file.base());
    Entry entry =
        snapshot
            .entry(path)
            .filter(each -> each.type() == EntryType.FILE)
            .orElseThrow(() -> new BackupException(Kind.DAMAGED, path + " is not in the snapshot"));
    return snapshot.open(entry, ByteRange.ALL);
  }

  private boolean usable(Batch batch, StoredFile file, LogWriting log) {
    try {
      batch.check();
      if (batch.baseOffset() < log.end() || batch.nextOffset() > file.next()) {
        throw new BackupException(Kind.DAMAGED, batch + " does not belong there");
      }
      return true;
    } catch (BackupException damage) {
      lost("A batch behind offset", log, damage);
      return false;
    }
  }

  private void lost(String what, LogWriting log, BackupException damage) {
    context.report(
        Finding.error(
            task.name(),
            what + " " + log.end() + " is left out: " + damage.getMessage(),
            "Restore another snapshot"));
  }

  private void follow(Batch batch) {
    newest = Math.max(newest, batch.maxTimestamp());
    if (batch.isTransactional() && batch.isControl()) {
      open.remove(batch.producerId());
    } else if (batch.isTransactional()) {
      open.put(batch.producerId(), batch.producerEpoch());
    }
  }

  private void endTransactions(LogWriting log) throws IOException {
    if (open.isEmpty()) {
      return;
    }
    long first = Math.max(log.end(), task.partition().to());
    long offset = first;
    for (Map.Entry<Long, Short> each : open.entrySet()) {
      boolean aborted = aborted(each.getKey());
      log.append(
          ClosingMarker.of(offset, each.getKey(), each.getValue(), aborted, newest),
          offset,
          offset + 1,
          newest);
      offset++;
    }
    context.report(
        Finding.info(
            task.name(),
            "Offsets "
                + first
                + " to "
                + (offset - 1)
                + " are markers that end, as they did end, transactions whose own markers lie behind"
                + " the snapshot"));
  }

  /** One of which nothing is known has lost its marker to damage. */
  private boolean aborted(long producer) {
    return task.partition().unended().stream()
        .filter(each -> RestoredProducers.number(each.producer()) == producer)
        .map(UnendedTransaction::aborted)
        .findFirst()
        .orElse(true);
  }
}
