package dev.copperplate.backup.postgres.basebackup;

import dev.copperplate.backup.ByteRange;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Yields a combined file. Each file is opened once, where its first block is wanted, and read
 * forwards: blocks ascend in all of them.
 */
final class CombinedStream extends InputStream {

  private final CombinedFile file;
  private final @Nullable InputStream[] streams;
  private final long[] positions;
  private int block;
  private int within;

  CombinedStream(CombinedFile file) {
    this.file = file;
    this.streams = new InputStream[file.files()];
    this.positions = new long[file.files()];
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    Objects.checkFromIndexSize(from, length, bytes.length);
    if (length == 0) {
      return 0;
    }
    if (block == file.blocks()) {
      return -1;
    }
    int count = Math.min(length, IncrementalFile.BLOCK - within);
    fill(bytes, from, count);
    within += count;
    if (within == IncrementalFile.BLOCK) {
      within = 0;
      block++;
    }
    return count;
  }

  private void fill(byte[] bytes, int from, int count) throws IOException {
    int source = file.source(block);
    if (source < 0) {
      Arrays.fill(bytes, from, from + count, (byte) 0);
      return;
    }
    InputStream stream = at(source, file.offset(block) + within);
    if (stream.readNBytes(bytes, from, count) < count) {
      throw IncrementalFile.damaged(file.file(source), "it is shorter than its snapshot says");
    }
    positions[source] += count;
  }

  private InputStream at(int source, long offset) throws IOException {
    InputStream stream = streams[source];
    if (stream == null) {
      stream = file.file(source).open(ByteRange.from(offset));
      streams[source] = stream;
      positions[source] = offset;
    }
    try {
      stream.skipNBytes(offset - positions[source]);
    } catch (EOFException shorter) {
      throw IncrementalFile.damaged(file.file(source), "it is shorter than its snapshot says");
    }
    positions[source] = offset;
    return stream;
  }

  @Override
  public void close() throws IOException {
    @Nullable IOException failure = null;
    for (InputStream each : streams) {
      try {
        if (each != null) {
          each.close();
        }
      } catch (IOException failed) {
        failure = failed;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
