package dev.copperplate.backup.repository;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.BackupSource;
import dev.copperplate.backup.CaptureContext;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.SnapshotWriter;
import dev.copperplate.backup.SourceId;
import java.io.IOException;

/** A system of which something could not be captured, as often as it was told. */
record WarningSource(String name, int warnings) implements BackupSource {

  @Override
  public SourceId id() {
    return new SourceId("map", name);
  }

  @Override
  public void capture(SnapshotWriter writer, CaptureContext context) throws IOException {
    writer.directory(EntryPath.of("d"), Attributes.PLAIN);
    for (int i = 0; i < warnings; i++) {
      context.report(warning(i));
    }
  }

  static Finding warning(int number) {
    return Finding.warning("table " + number, "is not \"readable\"\n", "look");
  }
}
