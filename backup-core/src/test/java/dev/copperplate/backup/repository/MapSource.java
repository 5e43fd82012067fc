package dev.copperplate.backup.repository;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.BackupSource;
import dev.copperplate.backup.CaptureContext;
import dev.copperplate.backup.EntryOutput;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.SnapshotWriter;
import dev.copperplate.backup.SourceId;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/** A system that consists of a map from paths to contents. */
public final class MapSource implements BackupSource {

  private final SourceId id;
  private final Map<String, byte[]> files;

  public MapSource(String name, Map<String, byte[]> files) {
    this.id = new SourceId("map", name);
    this.files = new TreeMap<>(files);
  }

  @Override
  public SourceId id() {
    return id;
  }

  @Override
  public void capture(SnapshotWriter writer, CaptureContext context)
      throws IOException, InterruptedException {
    for (Map.Entry<String, byte[]> each : files.entrySet()) {
      context.workers().submit(() -> write(writer, each.getKey(), each.getValue()));
    }
    context.workers().join();
    writer.fact("files", String.valueOf(files.size()));
  }

  private static Void write(SnapshotWriter writer, String path, byte[] content) throws IOException {
    try (EntryOutput out = writer.file(EntryPath.of(path), Attributes.PLAIN)) {
      out.write(content);
      out.commit();
    }
    return null;
  }
}
