package dev.copperplate.backup;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;

/** What the engine gives to whoever captures, restores or verifies. Thread-safe. */
public interface RunContext {

  /** The identity of this run. */
  RunId run();

  /** The clock to ask for the time. */
  InstantSource clock();

  /** Other snapshots of the same repository. */
  Snapshots snapshots();

  /** The threads of this run. */
  Workers workers();

  /** A fresh directory of mode 0700, removed when the run ends, however it ends. */
  Path scratch() throws IOException;

  /**
   * Ties a resource to the run: closed when the run ends, last attached first, and at once, from
   * another thread, when the run is cancelled. So a thread that waits in a socket is freed.
   *
   * @return the resource
   */
  <T extends AutoCloseable> T attach(T resource);

  /** Notes what went wrong with a part. The report of the run names the first thousand. */
  void report(Finding finding);

  /** Says how much is to be expected in total, for progress; may be called again. */
  void expect(long files, long bytes);
}
