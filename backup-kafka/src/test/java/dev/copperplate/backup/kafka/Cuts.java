package dev.copperplate.backup.kafka;

import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.Manifest;
import dev.copperplate.backup.Restorer;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotReader;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Lets a restore fail when it has read so many bytes of a file of batches. */
public final class Cuts implements SnapshotReader {

  private final SnapshotReader snapshot;
  private final long bytes;

  private Cuts(SnapshotReader snapshot, long bytes) {
    this.snapshot = snapshot;
    this.bytes = bytes;
  }

  /** A restorer that dies there. */
  public static Restorer after(long bytes, Restorer restorer) {
    return (snapshot, context) -> restorer.restore(new Cuts(snapshot, bytes), context);
  }

  @Override
  public Manifest manifest() throws IOException {
    return snapshot.manifest();
  }

  @Override
  public Snapshot snapshot() {
    return snapshot.snapshot();
  }

  @Override
  public Optional<Entry> entry(EntryPath path) throws IOException {
    return snapshot.entry(path);
  }

  @Override
  public Cursor<Entry> walk(EntryPath from, int depth) throws IOException {
    return snapshot.walk(from, depth);
  }

  @Override
  public InputStream open(Entry file, ByteRange range) throws IOException {
    InputStream content = snapshot.open(file, range);
    if (!file.path().toString().endsWith(".log")) {
      return content;
    }
    return new FilterInputStream(content) {
      private long left = bytes;

      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        if (left <= 0) {
          throw new IOException("Cut");
        }
        int read = super.read(target, offset, (int) Math.min(left, length));
        left -= read;
        return read;
      }
    };
  }

  @Override
  public void close() throws IOException {
    snapshot.close();
  }
}
