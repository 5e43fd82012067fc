package dev.copperplate.backup.kafka.segment;

import dev.copperplate.backup.kafka.layout.TopicPaths;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Writes batches into segments of an empty directory. Each segment is on disk when the next one
 * begins, and has the time of its newest record.
 *
 * <p>Used by one thread.
 */
final class LogWriting implements Closeable {

  private final Path directory;
  private final Instant now;
  private @Nullable OutputStream out;
  private Path file;
  private long base;
  private long newest;
  private long end;
  private int files;
  private long bytes;

  LogWriting(Path directory, Instant now) {
    this.directory = directory;
    this.now = now;
    this.file = directory;
  }

  /** Lets what comes next be in a segment of its own, which begins at that offset. */
  void begin(long offset) throws IOException {
    finish();
    file = directory.resolve(TopicPaths.logName(offset));
    out = PlacedFiles.create(file);
    base = offset;
    newest = -1;
    end = Math.max(end, offset);
    files++;
  }

  /** Adds a batch; a segment has begun before. */
  void append(ByteBuffer batch, long first, long next, long timestamp) throws IOException {
    if (next - 1 - base > Integer.MAX_VALUE) {
      // The indexes of a segment hold offsets as 31 bits from its base on.
      begin(first);
    }
    if (out == null) {
      throw new IllegalStateException("No segment has begun");
    }
    out.write(batch.array(), batch.arrayOffset() + batch.position(), batch.remaining());
    newest = Math.max(newest, timestamp);
    end = next;
    bytes += batch.remaining();
  }

  /** The offset behind all. */
  long end() {
    return end;
  }

  int files() {
    return files;
  }

  long bytes() {
    return bytes;
  }

  /** Lets the disk have the segment that has begun. */
  void finish() throws IOException {
    if (out != null) {
      out.close();
      out = null;
      if (newest >= 0) {
        // By it a broker judges how old a segment is whose batches do not tell.
        Instant time = Instant.ofEpochMilli(newest);
        Files.setLastModifiedTime(file, FileTime.from(time.isAfter(now) ? now : time));
      }
    }
  }

  @Override
  public void close() throws IOException {
    finish();
  }
}
