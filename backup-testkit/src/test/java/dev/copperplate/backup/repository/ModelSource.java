package dev.copperplate.backup.repository;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.BackupSource;
import dev.copperplate.backup.CaptureContext;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryOutput;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.SnapshotWriter;
import dev.copperplate.backup.SourceId;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * A small system whose snapshots may build on the one before: by depending on it, and by taking
 * over the content of files that it has as well.
 *
 * @param id which system
 * @param files what it holds now
 * @param chained whether the snapshot depends on the one before
 */
record ModelSource(SourceId id, Map<String, byte[]> files, boolean chained)
    implements BackupSource {

  @Override
  public void capture(SnapshotWriter writer, CaptureContext context)
      throws IOException, InterruptedException {
    Optional<SnapshotReader> previous = context.previous();
    if (chained && previous.isPresent()) {
      writer.dependsOn(previous.get().snapshot());
    }
    for (Map.Entry<String, byte[]> each : files.entrySet()) {
      EntryPath path = EntryPath.of(each.getKey());
      if (!reused(writer, previous, path, each.getValue())) {
        try (EntryOutput out = writer.file(path, Attributes.PLAIN)) {
          out.write(each.getValue());
          out.commit();
        }
      }
    }
  }

  private static boolean reused(
      SnapshotWriter writer, Optional<SnapshotReader> previous, EntryPath path, byte[] content)
      throws IOException {
    if (previous.isEmpty()) {
      return false;
    }
    Optional<Entry> entry = previous.get().entry(path);
    // Only where it is surely the same: contents of the model differ in size.
    return entry.isPresent()
        && entry.get().size() == content.length
        && writer.reuse(path, Attributes.PLAIN, entry.get());
  }
}
