package dev.copperplate.backup.repository.capture;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryOutput;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.repository.chunk.Chunker;
import dev.copperplate.backup.repository.format.TreeNode;
import dev.copperplate.backup.repository.run.Buffers;
import java.io.IOException;
import java.util.Objects;

/**
 * A file that is being written: cut into chunks by the thread that writes, stored by others. Holds
 * one unfinished chunk.
 */
final class FileOutput extends EntryOutput {

  private static final int FIRST_BUFFER = 4 << 10;
  private static final int NEXT_BUFFER = (2 << 20) - Buffers.HEADER;

  /** How much is added before the chunker looks: so little has to move behind a border. */
  private static final int STEP = 128 << 10;

  private static final byte[] NOTHING = new byte[0];

  private final Capture capture;
  private final Directory directory;
  private final EntryPath path;
  private final Attributes attributes;
  private final Chunker chunker;
  private final FileContent content = new FileContent();
  private byte[] buffer = NOTHING;
  private int used;
  private long size;
  private boolean committed;
  private boolean broken;
  private boolean closed;

  FileOutput(
      Capture capture,
      Directory directory,
      EntryPath path,
      Attributes attributes,
      Chunker chunker) {
    this.capture = capture;
    this.directory = directory;
    this.path = path;
    this.attributes = attributes;
    this.chunker = chunker;
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    requireOpen();
    int from = offset;
    int left = length;
    while (left > 0) {
      int step = Math.min(Math.min(left, STEP), Chunker.MAX_SIZE - used);
      reserve(used + step, left);
      System.arraycopy(bytes, from, buffer, used, step);
      used += step;
      from += step;
      left -= step;
      cut();
    }
    size += length;
    capture.written(length);
  }

  private void cut() throws IOException {
    int border = chunker.scan(buffer, used);
    while (border > 0) {
      byte[] chunk = buffer;
      int rest = used - border;
      buffer = capture.buffers().take(Math.max(NEXT_BUFFER, rest));
      System.arraycopy(chunk, border, buffer, 0, rest);
      used = rest;
      store(chunk, border);
      border = chunker.scan(buffer, used);
    }
  }

  private void reserve(int needed, int coming) {
    if (buffer.length < needed) {
      int first = Math.max(FIRST_BUFFER, Math.min(coming, STEP));
      int larger = Math.max(Math.max(needed, first), buffer.length * 2);
      byte[] next = capture.buffers().take(Math.min(larger, Chunker.MAX_SIZE));
      System.arraycopy(buffer, 0, next, 0, used);
      capture.buffers().give(buffer);
      buffer = next;
    }
  }

  private void store(byte[] chunk, int length) throws IOException {
    int place = content.next();
    // Until it has been handed over there is a hole.
    broken = true;
    capture.store(
        chunk,
        length,
        id -> {
          if (content.fill(place, id)) {
            whole();
          }
        });
    broken = false;
  }

  @Override
  public Entry commit() throws IOException {
    requireOpen();
    if (used > 0) {
      // Small files are many: what waits should not be larger than it is.
      byte[] last = used < buffer.length / 2 ? smaller() : buffer;
      int length = used;
      used = 0;
      buffer = NOTHING;
      store(last, length);
    }
    committed = true;
    capture.committed();
    if (content.end()) {
      whole();
    }
    return new CapturedFile(path, attributes, size, content);
  }

  private byte[] smaller() {
    byte[] last = capture.buffers().take(used);
    System.arraycopy(buffer, 0, last, 0, used);
    capture.buffers().give(buffer);
    return last;
  }

  private void whole() throws IOException {
    TreeNode node = TreeNode.file(path.name(), attributes, size, content.blobs());
    capture.finish(directory, node);
  }

  @Override
  public void close() throws IOException {
    if (!closed && !committed) {
      capture.abandon(directory, path);
    }
    closed = true;
    capture.buffers().give(buffer);
    buffer = NOTHING;
  }

  private void requireOpen() throws IOException {
    if (closed || committed) {
      throw new IOException("File " + path + " of the snapshot is already closed");
    }
    if (broken) {
      throw new IOException(
          "A part of file " + path + " could not be stored: close it, and write it again");
    }
  }
}
