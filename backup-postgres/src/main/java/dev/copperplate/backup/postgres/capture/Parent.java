package dev.copperplate.backup.postgres.capture;

import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotReader;
import java.io.IOException;
import java.io.InputStream;

/**
 * The backup on which an incremental can be based.
 *
 * @param reader the backup
 * @param manifest its {@code backup_manifest}
 */
record Parent(SnapshotReader reader, Entry manifest, int chain) implements Basis {

  /** Opens what the server has to be given. The caller closes it. */
  InputStream openManifest() throws IOException {
    return reader.open(manifest, ByteRange.ALL);
  }

  Snapshot snapshot() {
    return reader.snapshot();
  }
}
