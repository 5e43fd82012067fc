package dev.copperplate.backup.kafka.verify;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.kafka.batch.AbortedTransaction;
import dev.copperplate.backup.kafka.batch.Batch;
import dev.copperplate.backup.kafka.batch.StoredBatches;
import dev.copperplate.backup.kafka.batch.Transactions;
import dev.copperplate.backup.kafka.layout.Hole;
import dev.copperplate.backup.kafka.layout.StoredFile;
import dev.copperplate.backup.kafka.layout.StoredPartition;
import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.kafka.common.TopicPartition;

/** Reads the files of one partition, in their order. */
final class FileCheck {

  private final SnapshotReader snapshot;
  private final TopicPartition name;
  private final StoredPartition partition;
  private final Found found;
  private final PartitionGaps gaps;
  private final List<AbortedTransaction> aborted = new ArrayList<>();
  private final Transactions transactions = new Transactions(aborted::add);

  /** Of the batch before; the first ones may lie before the start, with what was deleted. */
  private long end;

  FileCheck(SnapshotReader snapshot, TopicPartition name, StoredPartition partition, Found found) {
    this.snapshot = snapshot;
    this.name = name;
    this.partition = partition;
    this.found = found;
    this.gaps = new PartitionGaps(partition);
  }

  /** The gaps in what was read so far. */
  PartitionGaps gaps() {
    return gaps;
  }

  /** The transactions whose markers were read. */
  List<AbortedTransaction> aborted() {
    return aborted;
  }

  /** Reads one file. */
  void read(StoredFile file, Entry entry) throws IOException {
    if (entry.size() != file.bytes()) {
      broken(
          file.base(),
          file.name() + " has " + entry.size() + " bytes, not " + file.bytes() + " as noted");
    }
    Counts counts = new Counts();
    MessageDigest sha256 = sha256();
    try (InputStream in = new DigestInputStream(snapshot.open(entry, ByteRange.ALL), sha256)) {
      batches(new StoredBatches(in), file, counts);
      compare(file, counts, HexFormat.of().formatHex(sha256.digest()));
    } catch (BackupException unreadable) {
      if (!Found.isOfTheBackup(unreadable)) {
        throw unreadable;
      }
      broken(Math.max(gaps.next(), file.base()), file.name() + ": " + unreadable.getMessage());
      gaps.goOn(gaps.next(), file.next());
    }
    found.count("files", 1);
    found.count("batches", counts.batches);
    found.count("records", counts.records);
    found.count("bytes", counts.bytes);
  }

  private void batches(StoredBatches batches, StoredFile file, Counts counts) throws IOException {
    for (Batch batch = batches.next(); batch != null; batch = batches.next()) {
      counts.add(batch);
      if (batch.baseOffset() < end && !batch.isLegacy()) {
        broken(
            batch.baseOffset(),
            file.name() + ": a batch begins there, and the one before ends behind it");
      }
      end = batch.nextOffset();
      look(batch, file);
      gaps.goOn(batch.isLegacy() ? gaps.next() : batch.baseOffset(), batch.nextOffset());
    }
  }

  private void look(Batch batch, StoredFile file) throws BackupException {
    try {
      batch.check();
      transactions.accept(batch);
    } catch (BackupException wrong) {
      if (!Found.isOfTheBackup(wrong)) {
        throw wrong;
      }
      if (!isKnown(batch)) {
        broken(batch.baseOffset(), file.name() + ": " + wrong.getMessage());
      }
    }
  }

  /** Whether the broker had sent it so. */
  private boolean isKnown(Batch batch) {
    return partition.holes().stream()
        .anyMatch(
            each ->
                each.reason() == Hole.Reason.CHECKSUM
                    && each.from() <= batch.baseOffset()
                    && batch.baseOffset() < each.to());
  }

  private void compare(StoredFile file, Counts counts, String sha256) {
    same(file, "its first offset", counts.base, file.base());
    same(file, "its end", counts.next, file.next());
    same(file, "the number of batches", counts.batches, file.batches());
    same(file, "the number of records", counts.records, file.records());
    same(file, "the greatest timestamp", counts.maxTimestamp, file.maxTimestamp());
    if (!sha256.equals(file.sha256())) {
      broken(file.base(), file.name() + ": its SHA-256 is " + sha256 + ", not " + file.sha256());
    }
  }

  private void same(StoredFile file, String what, long is, long noted) {
    if (is != noted) {
      broken(file.base(), file.name() + ": " + what + " is " + is + ", not " + noted + " as noted");
    }
  }

  private void broken(long offset, String what) {
    found.broken(name.toString(), inPartition(name, "offset " + offset + ": " + what));
  }

  static String inPartition(TopicPartition name, String what) {
    return "Topic " + name.topic() + ", partition " + name.partition() + ", " + what;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException absent) {
      throw new IllegalStateException(absent); // every JDK has it
    }
  }

  /** Counts as the capture does. */
  private static final class Counts {
    long base = -1;
    long next;
    long bytes;
    long batches;
    long records;
    long maxTimestamp = -1;

    void add(Batch batch) {
      base = batches == 0 ? batch.baseOffset() : base;
      next = batch.nextOffset();
      bytes += batch.length();
      batches++;
      if (!batch.isControl()) {
        records += Math.max(0, batch.records()); // legacy ones do not say
        maxTimestamp = Math.max(maxTimestamp, batch.maxTimestamp());
      }
    }
  }
}
