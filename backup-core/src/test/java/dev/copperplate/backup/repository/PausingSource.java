package dev.copperplate.backup.repository;

import dev.copperplate.backup.BackupSource;
import dev.copperplate.backup.CaptureContext;
import dev.copperplate.backup.SnapshotWriter;
import dev.copperplate.backup.SourceId;
import java.io.IOException;

/** Captures what another source does, and then does something more before it returns. */
record PausingSource(BackupSource source, Pause pause) implements BackupSource {

  /** What is done at the end of the capture. */
  @FunctionalInterface
  interface Pause {
    void at(SnapshotWriter writer, CaptureContext context) throws IOException, InterruptedException;
  }

  @Override
  public SourceId id() {
    return source.id();
  }

  @Override
  public void capture(SnapshotWriter writer, CaptureContext context)
      throws IOException, InterruptedException {
    source.capture(writer, context);
    pause.at(writer, context);
  }
}
