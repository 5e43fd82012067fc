package dev.copperplate.backup.files;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.CaptureContext;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryOutput;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.SnapshotWriter;
import dev.copperplate.backup.Task;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Captures regular files by the cheapest way that works: taken over from the previous snapshot, as
 * another name of a file of this one, or read.
 */
final class FileCapture {

  private static final Set<OpenOption> READ =
      Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);

  private final CaptureOptions options;
  private final SnapshotWriter writer;
  private final CaptureContext context;
  private final StatusReader statuses;
  private final LinkedFiles linked = new LinkedFiles();

  FileCapture(
      CaptureOptions options,
      SnapshotWriter writer,
      CaptureContext context,
      StatusReader statuses) {
    this.options = options;
    this.writer = writer;
    this.context = context;
    this.statuses = statuses;
  }

  void capture(
      Path path, EntryPath at, Status status, Attributes attributes, @Nullable Entry previous)
      throws IOException, InterruptedException {
    Optional<Entry> first = linked.meet(status);
    if (first.isPresent() && writer.reuse(at, attributes, first.get())) {
      return;
    }
    if (previous != null
        && options.isUnchanged(status, previous)
        && writer.reuse(at, attributes, previous)) {
      linked.written(status, () -> Optional.of(previous));
      return;
    }
    read(path, at, status, attributes);
  }

  /**
   * The file and its output are opened here, before the directory is completed; the worker copies
   * and closes both.
   */
  private void read(Path path, EntryPath at, Status status, Attributes attributes)
      throws IOException, InterruptedException {
    FileChannel input = open(path, at);
    if (input == null) {
      return;
    }
    EntryOutput output;
    try {
      output = writer.file(at, attributes);
    } catch (IOException | RuntimeException failed) {
      input.close();
      throw failed;
    }
    FileReading reading = new FileReading(path, at, status, input, output, statuses, context);
    linked.written(status, submit(reading));
  }

  private Task<Optional<Entry>> submit(FileReading reading)
      throws IOException, InterruptedException {
    boolean submitted = false;
    try {
      Task<Optional<Entry>> task = context.workers().submit(reading);
      submitted = true;
      return task;
    } finally {
      if (!submitted) {
        reading.close();
      }
    }
  }

  private @Nullable FileChannel open(Path path, EntryPath at) throws InterruptedException {
    try {
      return FileChannel.open(path, READ);
    } catch (NoSuchFileException vanished) {
      context.report(Finding.warning(at.toString(), "vanished before it was read", ""));
    } catch (IOException refused) {
      Reasons.throwIfInterrupted(refused);
      context.report(
          Finding.warning(
              at.toString(),
              "cannot be read: " + Reasons.of(refused) + "; it is missing in the snapshot",
              "Give the backup permission to read it, or exclude it"));
    }
    return null;
  }
}
