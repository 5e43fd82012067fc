package dev.copperplate.backup.files;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.CaptureContext;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.EntryType;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.RawName;
import dev.copperplate.backup.SnapshotWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Walks trees in the order of names and writes what it finds. Directories, links and unchanged
 * files are written by the walking thread, content is read by the workers.
 */
final class CaptureWalk {

  private final CaptureOptions options;
  private final SnapshotWriter writer;
  private final CaptureContext context;
  private final StatusReader statuses;
  private final FileCapture files;
  private final BlindSpots blind = new BlindSpots();

  CaptureWalk(
      CaptureOptions options,
      SnapshotWriter writer,
      CaptureContext context,
      StatusReader statuses) {
    this.options = options;
    this.writer = writer;
    this.context = context;
    this.statuses = statuses;
    this.files = new FileCapture(options, writer, context, statuses);
  }

  /** Captures a given path with all below it. */
  void capture(Path path, EntryPath at) throws IOException, InterruptedException {
    Status top = status(path, at);
    if (top == null) {
      return;
    }
    Tree tree = new Tree(at.names().size(), top);
    if (at.isRoot()) {
      children(path, at, Optional.of(at), tree);
    } else {
      write(path, at, top, FilesCapture.previousEntry(context, at).orElse(null), tree);
    }
  }

  void reportBlindSpots() {
    blind.report(context);
  }

  private void entry(Path path, EntryPath at, @Nullable Entry previous, Tree tree)
      throws IOException, InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("The capture was cancelled at " + at);
    }
    Status status = status(path, at);
    if (status != null && options.scope().holds(tree.below(at), status.isDirectory())) {
      write(path, at, status, previous, tree);
    }
  }

  private void write(Path path, EntryPath at, Status status, @Nullable Entry previous, Tree tree)
      throws IOException, InterruptedException {
    switch (status.type()) {
      case DIRECTORY -> directory(path, at, status, previous, tree);
      case FILE -> files.capture(path, at, status, attributes(path, status, previous), previous);
      case SYMLINK -> symlink(path, at, status);
      default -> writer.special(at, status.type(), status.deviceNumber(), status.attributes());
    }
  }

  private void directory(
      Path path, EntryPath at, Status status, @Nullable Entry previous, Tree tree)
      throws IOException, InterruptedException {
    writer.directory(at, attributes(path, status, previous));
    if (options.mayEnter(status, tree.top())) {
      boolean known = previous != null && previous.type() == EntryType.DIRECTORY;
      children(path, at, known ? Optional.of(at) : Optional.empty(), tree);
    }
    writer.complete(at);
  }

  private void children(Path path, EntryPath at, Optional<EntryPath> known, Tree tree)
      throws IOException, InterruptedException {
    List<RawName> names = list(path, at);
    try (PreviousChildren previous = PreviousChildren.of(context, known)) {
      for (RawName name : names) {
        entry(PathBytes.child(path, name), at.child(name), previous.named(name), tree);
      }
    }
  }

  /** What a directory holds, or nothing if it cannot be told. */
  private List<RawName> list(Path path, EntryPath at) throws InterruptedException {
    try {
      List<RawName> names = Listing.of(path);
      if (Files.isSymbolicLink(path)) {
        warn(at, "became a link while it was listed; what it held is missing");
        return List.of();
      }
      return names;
    } catch (NoSuchFileException vanished) {
      warn(at, "vanished before it was listed");
    } catch (IOException refused) {
      Reasons.throwIfInterrupted(refused);
      warn(at, "cannot be listed: " + Reasons.of(refused) + "; what it holds is missing");
    }
    return List.of();
  }

  private void symlink(Path path, EntryPath at, Status status) throws IOException {
    RawName target;
    try {
      target = PathBytes.bytes(Files.readSymbolicLink(path));
    } catch (IOException changed) {
      warn(at, "changed from a link into something else, or vanished: " + Reasons.of(changed));
      return;
    }
    blind.linkSeen();
    writer.symlink(at, target, status.attributes());
  }

  private @Nullable Status status(Path path, EntryPath at) {
    try {
      return statuses.read(path);
    } catch (NoSuchFileException vanished) {
      warn(at, "vanished before it was read");
    } catch (IOException refused) {
      warn(at, "cannot be read: " + Reasons.of(refused));
    }
    return null;
  }

  /** Extended attributes are read only where the time of change says that they may be new. */
  private Attributes attributes(Path path, Status status, @Nullable Entry previous) {
    blind.inodeSeen();
    if (previous != null && status.hasMetadataOf(previous)) {
      return status.with(previous.attributes().extended());
    }
    try {
      return status.with(ExtendedAttributes.read(path));
    } catch (IOException refused) {
      blind.attributesRefused(path);
      return status.with(Map.of());
    }
  }

  private void warn(EntryPath at, String message) {
    context.report(Finding.warning(at.toString(), message, ""));
  }

  /**
   * A given path with all below it.
   *
   * @param depth how many names lead to it
   */
  private record Tree(int depth, Status top) {

    List<RawName> below(EntryPath path) {
      return path.names().subList(depth, path.names().size());
    }
  }
}
