package dev.copperplate.backup.repository.run;

import dev.copperplate.backup.CaptureContext;
import dev.copperplate.backup.SnapshotReader;
import java.time.Instant;
import java.util.Optional;

/** A capture. */
public final class CaptureRun extends Run implements CaptureContext {

  private static final int FILES_BESIDE_WORKERS = 4;

  private final Instant time;
  private volatile Optional<SnapshotReader> previous = Optional.empty();

  public CaptureRun(Settings settings, Instant time) {
    super(settings);
    this.time = time;
  }

  /** Says which snapshot is the previous one, before the source is asked. */
  public void previous(Optional<SnapshotReader> reader) {
    previous = reader;
  }

  @Override
  public Instant time() {
    return time;
  }

  @Override
  public Optional<SnapshotReader> previous() {
    return previous;
  }

  @Override
  public int openFiles() {
    return workers().size() + FILES_BESIDE_WORKERS;
  }
}
