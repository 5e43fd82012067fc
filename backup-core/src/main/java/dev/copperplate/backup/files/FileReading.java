package dev.copperplate.backup.files;

import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryOutput;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.RunContext;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * Copies one open file into the snapshot, up to its end, wherever that is by then. A file that
 * cannot be read to its end is reported and is not in the snapshot; a failure of the snapshot is
 * thrown.
 */
final class FileReading implements Callable<Optional<Entry>>, Closeable {

  private static final int BUFFER = 256 << 10;
  private static final int SMALL_BUFFER = 8 << 10;

  private final Path path;
  private final EntryPath at;
  private final Status before;
  private final FileChannel input;
  private final EntryOutput output;
  private final StatusReader statuses;
  private final RunContext context;

  FileReading(
      Path path,
      EntryPath at,
      Status before,
      FileChannel input,
      EntryOutput output,
      StatusReader statuses,
      RunContext context) {
    this.path = path;
    this.at = at;
    this.before = before;
    this.input = input;
    this.output = output;
    this.statuses = statuses;
    this.context = context;
  }

  @Override
  public Optional<Entry> call() throws IOException, InterruptedException {
    try (this) {
      long copied = copy();
      if (copied < 0) {
        return Optional.empty();
      }
      compare(copied);
      return Optional.of(output.commit());
    }
  }

  /** How many bytes there were, or -1 if they could not all be read. */
  private long copy() throws IOException, InterruptedException {
    // One byte more than the size, so that a file that fits is read in one go.
    int capacity = (int) Math.max(SMALL_BUFFER, Math.min(BUFFER, before.size() + 1));
    ByteBuffer buffer = ByteBuffer.allocate(capacity);
    long copied = 0;
    while (true) {
      int count;
      try {
        count = input.read(buffer.clear());
      } catch (IOException broken) {
        Reasons.throwIfInterrupted(broken);
        warn("cannot be read behind byte " + copied + ": " + Reasons.of(broken));
        return -1;
      }
      if (count < 0) {
        return copied;
      }
      output.write(buffer.array(), 0, count);
      copied += count;
    }
  }

  private void compare(long copied) {
    try {
      Status after = statuses.read(path);
      if (copied != before.size() || !after.hasContentOf(before)) {
        warn("changed while it was read; the snapshot has what was read");
      }
    } catch (NoSuchFileException vanished) {
      warn("was removed while it was read; the snapshot has what was read");
    } catch (IOException unreachable) {
      warn("cannot be compared with what was read: " + Reasons.of(unreachable));
    }
  }

  private void warn(String message) {
    context.report(Finding.warning(at.toString(), message, ""));
  }

  /** Closes both ends; without a commit that leaves no file. */
  @Override
  public void close() throws IOException {
    try (input) {
      output.close();
    }
  }
}
