package dev.copperplate.backup.repository.run;

import java.io.IOException;
import java.io.InterruptedIOException;
import org.jspecify.annotations.Nullable;

/** Hands a failure from the thread where it happened to the one that has to know. */
public final class Failures {

  private Failures() {}

  /**
   * The failure as the {@code IOException} to throw; runtime exceptions and errors are thrown as
   * they are, everything else becomes the cause.
   */
  public static IOException asIo(@Nullable Throwable failure) {
    if (failure instanceof IOException io) {
      return io;
    }
    if (failure instanceof RuntimeException runtime) {
      throw runtime;
    }
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure instanceof InterruptedException) {
      InterruptedIOException interrupted = new InterruptedIOException("The task was interrupted");
      interrupted.initCause(failure);
      return interrupted;
    }
    return new IOException("A task failed: " + failure, failure);
  }
}
