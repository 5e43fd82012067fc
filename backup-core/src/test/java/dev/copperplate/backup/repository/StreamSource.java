package dev.copperplate.backup.repository;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.BackupSource;
import dev.copperplate.backup.CaptureContext;
import dev.copperplate.backup.EntryOutput;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.SnapshotWriter;
import dev.copperplate.backup.SourceId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;

/** A system of one file of any size, incompressible and cheap to make; no part comes twice. */
record StreamSource(long size) implements BackupSource {

  private static final int BLOCK = 1 << 20;

  @Override
  public SourceId id() {
    return new SourceId("stream", "one");
  }

  @Override
  public void capture(SnapshotWriter writer, CaptureContext context) throws IOException {
    byte[] block = new byte[BLOCK];
    new Random(1).nextBytes(block);
    try (EntryOutput out = writer.file(EntryPath.of("stream"), Attributes.PLAIN)) {
      for (long at = 0; at < size; at += BLOCK) {
        // One number in every 4 KiB makes each block another.
        for (int i = 0; i < BLOCK; i += 4096) {
          ByteBuffer.wrap(block).putLong(i, at + i);
        }
        out.write(block, 0, (int) Math.min(BLOCK, size - at));
      }
      out.commit();
    }
  }
}
