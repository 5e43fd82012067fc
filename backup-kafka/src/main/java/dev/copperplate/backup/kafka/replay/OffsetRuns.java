package dev.copperplate.backup.kafka.replay;

import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Writes where records went: lines {@code source destination count} for records that follow each
 * other in both places, ascending. The last line has the end of both and the count 0; without it
 * the map is not complete.
 *
 * <p>Used by one thread.
 */
final class OffsetRuns implements Closeable {

  private final FileChannel file;
  private final BufferedWriter out;
  private long source;
  private long destination;
  private long count;

  private OffsetRuns(FileChannel file) {
    this.file = file;
    this.out = new BufferedWriter(Channels.newWriter(file, StandardCharsets.US_ASCII), 1 << 16);
  }

  /** Begins the map anew. */
  static OffsetRuns create(Path path) throws IOException {
    return new OffsetRuns(
        FileChannel.open(
            path,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING));
  }

  /** Notes records behind all that were noted. */
  void add(long from, long to, long records) throws IOException {
    if (count > 0 && from == source + count && to == destination + count) {
      count += records;
      return;
    }
    flushRun();
    source = from;
    destination = to;
    count = records;
  }

  /** Ends the map. When this returns it is on disk. */
  void end(long sourceEnd, long destinationEnd) throws IOException {
    flushRun();
    line(sourceEnd, destinationEnd, 0);
    out.flush();
    file.force(true);
  }

  private void flushRun() throws IOException {
    if (count > 0) {
      line(source, destination, count);
    }
  }

  private void line(long from, long to, long records) throws IOException {
    out.write(from + " " + to + " " + records + "\n");
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
