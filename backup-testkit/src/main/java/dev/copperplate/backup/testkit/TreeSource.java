package dev.copperplate.backup.testkit;

import dev.copperplate.backup.BackupSource;
import dev.copperplate.backup.CaptureContext;
import dev.copperplate.backup.EntryOutput;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.SnapshotWriter;
import dev.copperplate.backup.SourceId;
import java.io.IOException;
import java.util.Map;

/** A system that is a {@link Tree}. Writes it with all threads of the run at once. */
public record TreeSource(SourceId id, Tree tree) implements BackupSource {

  /** A system of the type {@code tree}. */
  public static TreeSource of(String name, Tree tree) {
    return new TreeSource(new SourceId("tree", name), tree);
  }

  @Override
  public void capture(SnapshotWriter writer, CaptureContext context)
      throws IOException, InterruptedException {
    for (Map.Entry<EntryPath, Tree.Item> each : tree.entries().entrySet()) {
      context.workers().submit(() -> write(writer, each.getKey(), each.getValue()));
    }
    context.workers().join();
  }

  private static Tree.Item write(SnapshotWriter writer, EntryPath path, Tree.Item item)
      throws IOException {
    switch (item.type()) {
      case DIRECTORY -> writer.directory(path, item.attributes());
      case SYMLINK -> writer.symlink(path, item.bytes(), item.attributes());
      case FILE -> file(writer, path, item);
      default -> writer.special(path, item.type(), 0, item.attributes());
    }
    return item;
  }

  private static void file(SnapshotWriter writer, EntryPath path, Tree.Item item)
      throws IOException {
    try (EntryOutput out = writer.file(path, item.attributes())) {
      out.write(item.bytes().toByteArray());
      out.commit();
    }
  }
}
