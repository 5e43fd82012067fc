package dev.copperplate.backup;

import java.time.Instant;
import java.util.Optional;

/** What a capture is given. */
public interface CaptureContext extends RunContext {

  /** The time of the snapshot. */
  Instant time();

  /**
   * The newest snapshot of this source and environment that is not damaged, for reuse. The engine
   * closes it.
   */
  Optional<SnapshotReader> previous();

  /** How many files may be open at once; at least {@code workers().size() + 4}. */
  int openFiles();
}
