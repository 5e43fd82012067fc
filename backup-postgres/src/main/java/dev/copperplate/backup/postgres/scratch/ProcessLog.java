package dev.copperplate.backup.postgres.scratch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * The last of what a process has written, read by a thread of its own so that the process never
 * waits for a reader. Memory: twice the stated bytes at most.
 */
final class ProcessLog implements AutoCloseable {

  private static final Duration LAST_WORDS = Duration.ofSeconds(2);

  private final int bytes;
  private final InputStream input;
  private final Thread reader;
  private final byte[] ring;
  private long written;

  private ProcessLog(Process process, int bytes) {
    this.bytes = bytes;
    this.ring = new byte[bytes];
    this.input = process.getInputStream();
    this.reader = new Thread(this::read, "log-of-process-" + process.pid());
    reader.setDaemon(true);
  }

  /** Begins to read; the process's errors are in its output. */
  static ProcessLog of(Process process, int bytes) {
    ProcessLog log = new ProcessLog(process, bytes);
    log.reader.start();
    return log;
  }

  private void read() {
    byte[] buffer = new byte[8 << 10];
    try (input) {
      for (int count = input.read(buffer); count >= 0; count = input.read(buffer)) {
        keep(buffer, count);
      }
    } catch (IOException e) {
      // The process has gone, and what it wrote last with it.
      byte[] reason =
          ("\n(the log ends: " + e.getMessage() + ")\n").getBytes(StandardCharsets.UTF_8);
      keep(reason, reason.length);
    }
  }

  private synchronized void keep(byte[] buffer, int count) {
    for (int i = 0; i < count; i++) {
      ring[(int) (written++ % bytes)] = buffer[i];
    }
  }

  /** The end of what was written so far. */
  synchronized String text() {
    int length = (int) Math.min(written, bytes);
    byte[] tail = new byte[length];
    for (int i = 0; i < length; i++) {
      tail[i] = ring[(int) ((written - length + i) % bytes)];
    }
    return new String(tail, StandardCharsets.UTF_8);
  }

  /** Waits for the end of the output, not for long: a grandchild may still hold it. */
  void awaitEnd() throws InterruptedException {
    reader.join(LAST_WORDS.toMillis());
  }

  /** Waits in the same way, also in a thread that is being cancelled. */
  @Override
  public void close() {
    try {
      awaitEnd();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
