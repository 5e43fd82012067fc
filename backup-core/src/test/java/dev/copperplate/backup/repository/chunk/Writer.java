package dev.copperplate.backup.repository.chunk;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntSupplier;

/** The incremental writer that a chunker is made for: appends, asks, hands chunks over. */
final class Writer {
  private final Chunker chunker;
  private final List<byte[]> chunks = new ArrayList<>();
  private byte[] buffer = new byte[Chunker.MAX_SIZE];
  private int length;

  private Writer(Chunker chunker) {
    this.chunker = chunker;
  }

  /** Cuts a whole content that arrives in appends of the sizes given, each at least 1. */
  static List<byte[]> chunks(Chunker chunker, byte[] content, IntSupplier appendSizes) {
    Writer writer = new Writer(chunker);
    for (int from = 0; from < content.length; ) {
      int size = Math.min(appendSizes.getAsInt(), content.length - from);
      writer.append(content, from, size);
      from += size;
    }
    writer.finish();
    return writer.chunks;
  }

  static List<Integer> sizes(List<byte[]> chunks) {
    return chunks.stream().map(chunk -> chunk.length).toList();
  }

  private void append(byte[] content, int from, int size) {
    if (buffer.length < length + size) {
      buffer = Arrays.copyOf(buffer, 2 * (length + size));
    }
    System.arraycopy(content, from, buffer, length, size);
    length += size;
    int border;
    while ((border = chunker.scan(buffer, length)) != -1) {
      cut(border);
    }
  }

  private void cut(int border) {
    chunks.add(Arrays.copyOf(buffer, border));
    length -= border;
    System.arraycopy(buffer, border, buffer, 0, length);
  }

  private void finish() {
    chunker.reset();
    if (length > 0) {
      cut(length);
    }
  }
}
