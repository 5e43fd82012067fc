package dev.copperplate.backup.kafka.capture;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.EntryOutput;
import dev.copperplate.backup.SnapshotWriter;
import dev.copperplate.backup.kafka.batch.Batch;
import dev.copperplate.backup.kafka.layout.StoredFile;
import dev.copperplate.backup.kafka.layout.TopicPaths;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes batches of one partition into files, one open at a time. */
final class LogFiles implements Closeable {

  /** A file that is as large gets no further batch. */
  private static final long FULL = 256L << 20;

  private final SnapshotWriter writer;
  private final String topic;
  private final int partition;
  private final List<StoredFile> files = new ArrayList<>();
  private @Nullable Open open;

  LogFiles(SnapshotWriter writer, String topic, int partition) {
    this.writer = writer;
    this.topic = topic;
    this.partition = partition;
  }

  /** Counts a file that is in the snapshot already. */
  void add(StoredFile stored) {
    files.add(stored);
  }

  /** Appends a batch. */
  void add(Batch batch) throws IOException {
    if (open != null && open.bytes >= FULL) {
      end();
    }
    if (open == null) {
      open = new Open(batch.baseOffset());
    }
    open.add(batch);
  }

  /** Ends the file that is open; the next batch begins another one. */
  void end() throws IOException {
    if (open != null) {
      files.add(open.commit());
      open = null;
    }
  }

  /** All files, once the last one was ended. */
  List<StoredFile> files() {
    return List.copyOf(files);
  }

  /** A file that was not ended is in no snapshot. */
  @Override
  public void close() throws IOException {
    if (open != null) {
      open.output.close();
      open = null;
    }
  }

  private final class Open {
    final EntryOutput output;
    final MessageDigest sha256 = sha256();
    final long base;
    long next;
    long bytes;
    long batches;
    long records;
    long maxTimestamp = -1;

    Open(long base) throws IOException {
      this.base = base;
      next = base;
      output = writer.file(TopicPaths.log(topic, partition, base), Attributes.PLAIN);
    }

    void add(Batch batch) throws IOException {
      ByteBuffer content = batch.bytes();
      sha256.update(content.duplicate());
      output.write(
          content.array(), content.arrayOffset() + content.position(), content.remaining());
      next = batch.nextOffset();
      bytes += batch.length();
      batches++;
      if (!batch.isControl()) {
        records += Math.max(0, batch.records()); // legacy ones do not say
        maxTimestamp = Math.max(maxTimestamp, batch.maxTimestamp());
      }
    }

    StoredFile commit() throws IOException {
      try (output) {
        output.commit();
      }
      String hash = HexFormat.of().formatHex(sha256.digest());
      return new StoredFile(base, next, bytes, batches, records, maxTimestamp, hash);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException absent) {
      throw new IllegalStateException(absent); // every JDK has it
    }
  }
}
