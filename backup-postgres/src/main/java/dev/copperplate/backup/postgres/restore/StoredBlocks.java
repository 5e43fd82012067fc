package dev.copperplate.backup.postgres.restore;

import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.postgres.basebackup.BlockSource;
import java.io.IOException;
import java.io.InputStream;

/** A file of a snapshot. */
record StoredBlocks(SnapshotReader snapshot, Entry entry) implements BlockSource {

  @Override
  public String name() {
    return entry.path() + " of run " + snapshot.snapshot().run();
  }

  @Override
  public long size() {
    return entry.size();
  }

  @Override
  public InputStream open(ByteRange range) throws IOException {
    return snapshot.open(entry, range);
  }
}
