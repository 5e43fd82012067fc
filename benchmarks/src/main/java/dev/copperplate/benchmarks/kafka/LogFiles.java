package dev.copperplate.benchmarks.kafka;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The files of one partition, cut and hashed as a capture does it. */
final class LogFiles {

  /** As in snapshots. */
  private static final long FULL = 256L << 20;

  private final LogTarget target;
  private final int partition;
  private final MessageDigest sha256 = sha256();
  private OutputStream open = OutputStream.nullOutputStream();
  private long left;
  private long bytes;

  LogFiles(LogTarget target, int partition) {
    this.target = target;
    this.partition = partition;
  }

  /** Appends a batch that lies in an array and begins with its offset. */
  void add(ByteBuffer batch) throws IOException {
    if (left <= 0) {
      end();
      open = target.create(partition, batch.getLong(batch.position()));
      left = FULL;
    }
    sha256.update(batch.duplicate());
    open.write(batch.array(), batch.arrayOffset() + batch.position(), batch.remaining());
    left -= batch.remaining();
    bytes += batch.remaining();
  }

  /** Ends the last file. */
  void end() throws IOException {
    if (bytes > 0) {
      target.commit(open);
      sha256.digest();
    }
  }

  long bytes() {
    return bytes;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException absent) {
      throw new IllegalStateException(absent); // every JDK has it
    }
  }
}
