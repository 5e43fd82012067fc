package dev.copperplate.backup.files;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.CaptureContext;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.EntryType;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.RawName;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** One capture: finds what was given, then walks each of it. */
final class FilesCapture {

  private final Collection<Path> paths;
  private final CaptureOptions options;
  private final SnapshotWriter writer;
  private final CaptureContext context;
  private final StatusReader statuses;

  FilesCapture(
      Collection<Path> paths,
      CaptureOptions options,
      SnapshotWriter writer,
      CaptureContext context) {
    this.paths = paths;
    this.options = options;
    this.writer = writer;
    this.context = context;
    this.statuses = new StatusReader(options.accessTimes());
  }

  void run() throws IOException, InterruptedException {
    Map<EntryPath, Path> tops = existing();
    expect(tops);
    writeWay(tops);
    CaptureWalk walk = new CaptureWalk(options, writer, context, statuses);
    for (Map.Entry<EntryPath, Path> top : tops.entrySet()) {
      walk.capture(top.getValue(), top.getKey());
    }
    context.workers().join();
    walk.reportBlindSpots();
  }

  /** The given paths that are there, sorted, without those that lie below another. */
  private Map<EntryPath, Path> existing() throws IOException {
    Map<EntryPath, Path> all = new TreeMap<>();
    paths.forEach(path -> all.put(PathBytes.entryPath(path), path));
    all.keySet().removeIf(each -> hasParentIn(all, each));
    Map<EntryPath, String> missing = new TreeMap<>();
    for (Map.Entry<EntryPath, Path> each : all.entrySet()) {
      try {
        statuses.read(each.getValue());
      } catch (NoSuchFileException absent) {
        missing.put(each.getKey(), "does not exist");
      } catch (IOException refused) {
        missing.put(each.getKey(), "cannot be reached: " + Reasons.of(refused));
      }
    }
    if (missing.size() == all.size()) {
      throw nothingToCapture(missing);
    }
    missing.forEach(
        (path, why) ->
            context.report(
                Finding.warning(path.toString(), why, "Mend the path or take it off the list")));
    all.keySet().removeAll(missing.keySet());
    return all;
  }

  private static boolean hasParentIn(Map<EntryPath, Path> all, EntryPath path) {
    for (EntryPath above = path; !above.isRoot(); ) {
      above = above.parent();
      if (all.containsKey(above)) {
        return true;
      }
    }
    return false;
  }

  private static BackupException nothingToCapture(Map<EntryPath, String> missing) {
    StringBuilder message = new StringBuilder("Nothing to back up:");
    missing.forEach((path, why) -> message.append(' ').append(path).append(' ').append(why));
    return new BackupException(BackupException.Kind.NOT_FOUND, message.toString());
  }

  /**
   * Says how much is to come. The counts of the previous snapshot cost nothing and are near enough;
   * a first capture is counted by one worker beside the others, which costs a second look at the
   * metadata, once in the life of a source, and gives the longest backup of all a progress.
   */
  private void expect(Map<EntryPath, Path> tops) throws IOException, InterruptedException {
    if (context.previous().isPresent()) {
      Snapshot previous = context.previous().get().snapshot();
      context.expect(previous.files(), previous.bytes());
    } else {
      context.workers().submit(new Census(tops, options, context));
    }
  }

  private void writeWay(Map<EntryPath, Path> tops) throws IOException {
    Set<EntryPath> written = new HashSet<>();
    for (Map.Entry<EntryPath, Path> top : tops.entrySet()) {
      EntryPath above = top.getKey();
      Path path = top.getValue();
      while (above.names().size() > 1) {
        above = above.parent();
        path = Optional.ofNullable(path.getParent()).orElseThrow();
        if (written.add(above)) {
          writeWayStation(above, path);
        }
      }
    }
  }

  /** A directory on the way to a given path; a link there stands for the directory it points to. */
  private void writeWayStation(EntryPath at, Path path) throws IOException {
    Status status = statuses.readFollowing(path);
    if (status.type() == EntryType.DIRECTORY) {
      boolean link = Files.isSymbolicLink(path);
      writer.directory(at, link ? status.attributes() : status.with(extendedOf(path)));
    }
  }

  private static Map<String, RawName> extendedOf(Path path) {
    try {
      return ExtendedAttributes.read(path);
    } catch (IOException unreadable) {
      return Map.of();
    }
  }

  /** What the engine knows of a path from the previous snapshot. */
  static Optional<Entry> previousEntry(CaptureContext context, EntryPath path) throws IOException {
    if (context.previous().isEmpty()) {
      return Optional.empty();
    }
    try {
      return context.previous().get().entry(path);
    } catch (BackupException broken) {
      if (Reasons.isBrokenContent(broken)) {
        return Optional.empty();
      }
      throw broken;
    }
  }
}
