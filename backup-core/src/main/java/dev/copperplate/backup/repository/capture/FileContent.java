package dev.copperplate.backup.repository.capture;

import dev.copperplate.backup.repository.format.BlobIds;
import dev.copperplate.backup.repository.format.Sha256;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The blobs of a file that is being written; they become known in any order. Thread-safe. */
final class FileContent {

  private static final long LOOK_AROUND_MILLIS = 500;

  private final List<@Nullable Sha256> ids = new ArrayList<>();
  private int unknown;
  private boolean ended;
  private @Nullable BlobIds whole;

  /** Takes the next place. */
  synchronized int next() {
    ids.add(null);
    unknown++;
    return ids.size() - 1;
  }

  /** Fills a place; true for whoever makes the content whole. */
  synchronized boolean fill(int place, Sha256 id) {
    ids.set(place, id);
    unknown--;
    return makeWhole();
  }

  /** Says that there are no more places; true for whoever makes the content whole. */
  synchronized boolean end() {
    ended = true;
    return makeWhole();
  }

  /** The blobs in order; to be asked for once they are whole. */
  synchronized BlobIds blobs() {
    if (whole == null) {
      throw new IllegalStateException("The content of the file is not whole yet");
    }
    return whole;
  }

  /**
   * Waits until the content is whole.
   *
   * @param hopeless whether the capture has failed, so that it will never be
   */
  synchronized BlobIds await(BooleanSupplier hopeless) throws IOException {
    try {
      while (whole == null) {
        if (hopeless.getAsBoolean()) {
          throw new InterruptedIOException("The run has ended");
        }
        wait(LOOK_AROUND_MILLIS);
      }
      return whole;
    } catch (InterruptedException cancelled) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("Interrupted while waiting for the content of a file");
    }
  }

  private boolean makeWhole() {
    if (!ended || unknown > 0 || whole != null) {
      return false;
    }
    BlobIds.Builder builder = new BlobIds.Builder();
    for (Sha256 id : ids) {
      if (id != null) {
        builder.add(id);
      }
    }
    ids.clear();
    whole = builder.build();
    notifyAll();
    return true;
  }
}
