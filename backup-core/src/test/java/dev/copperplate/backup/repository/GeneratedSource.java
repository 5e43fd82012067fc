package dev.copperplate.backup.repository;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.BackupSource;
import dev.copperplate.backup.CaptureContext;
import dev.copperplate.backup.EntryOutput;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.SnapshotWriter;
import dev.copperplate.backup.SourceId;
import java.io.IOException;
import java.util.Random;

/**
 * A system of files whose bytes follow from their seeds: the same seed is the same file, in any
 * source and any process. Incompressible.
 */
public final class GeneratedSource implements BackupSource {

  private final SourceId id;
  private final long firstSeed;
  private final int files;
  private final int size;

  /**
   * @param firstSeed of the first file; the others follow
   * @param size of each file, in bytes
   */
  public GeneratedSource(String name, long firstSeed, int files, int size) {
    this.id = new SourceId("generated", name);
    this.firstSeed = firstSeed;
    this.files = files;
    this.size = size;
  }

  @Override
  public SourceId id() {
    return id;
  }

  @Override
  public void capture(SnapshotWriter writer, CaptureContext context)
      throws IOException, InterruptedException {
    for (int i = 0; i < files; i++) {
      long seed = firstSeed + i;
      context.workers().submit(() -> write(writer, seed));
    }
    context.workers().join();
  }

  private Void write(SnapshotWriter writer, long seed) throws IOException {
    EntryPath path = EntryPath.of("d" + seed % 4 + "/" + seed);
    try (EntryOutput out = writer.file(path, Attributes.PLAIN)) {
      Random random = new Random(seed);
      byte[] buffer = new byte[64 << 10];
      for (int left = size; left > 0; left -= buffer.length) {
        random.nextBytes(buffer);
        out.write(buffer, 0, Math.min(left, buffer.length));
      }
      out.commit();
    }
    return null;
  }
}
