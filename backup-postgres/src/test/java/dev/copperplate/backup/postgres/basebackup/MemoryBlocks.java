package dev.copperplate.backup.postgres.basebackup;

import dev.copperplate.backup.ByteRange;
import java.io.ByteArrayInputStream;
import java.io.InputStream;

/** A stored file in memory. */
record MemoryBlocks(String name, byte[] bytes) implements BlockSource {

  @Override
  public long size() {
    return bytes.length;
  }

  @Override
  public InputStream open(ByteRange range) {
    return new ByteArrayInputStream(
        bytes, Math.toIntExact(range.from()), Math.toIntExact(range.within(bytes.length)));
  }
}
