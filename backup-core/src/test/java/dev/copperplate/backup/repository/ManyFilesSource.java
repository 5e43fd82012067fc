package dev.copperplate.backup.repository;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.BackupSource;
import dev.copperplate.backup.CaptureContext;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryOutput;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.SnapshotWriter;
import dev.copperplate.backup.SourceId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** A system of very many small files, a thousand in each directory, that share one content. */
record ManyFilesSource(int files) implements BackupSource {

  private static final int EACH = 1000;

  @Override
  public SourceId id() {
    return new SourceId("many", "files");
  }

  @Override
  public void capture(SnapshotWriter writer, CaptureContext context)
      throws IOException, InterruptedException {
    Entry content = write(writer);
    for (int from = 0; from < files; from += EACH) {
      int first = from;
      context.workers().submit(() -> directory(writer, content, first));
    }
    context.workers().join();
  }

  private static Entry write(SnapshotWriter writer) throws IOException {
    try (EntryOutput out = writer.file(EntryPath.of("content"), Attributes.PLAIN)) {
      out.write("small".getBytes(StandardCharsets.UTF_8));
      return out.commit();
    }
  }

  private Void directory(SnapshotWriter writer, Entry content, int first) throws IOException {
    EntryPath directory = EntryPath.of("d" + first / EACH);
    for (int i = first; i < Math.min(files, first + EACH); i++) {
      if (!writer.reuse(directory.child("file-" + i), Attributes.PLAIN, content)) {
        throw new IllegalStateException("The content of this very snapshot is gone");
      }
    }
    writer.complete(directory);
    return null;
  }
}
