package dev.copperplate.backup.files;

import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryType;
import dev.copperplate.backup.RawName;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What a restore does at one place of the destination. */
enum Action {
  /** Nothing is there: make it. */
  CREATE,
  /** Something is there that goes. */
  REPLACE,
  /** The directory is there already. */
  ENTER,
  /** The same content is there: give it the metadata of the snapshot. */
  REFRESH,
  /** What is there stays as it is. */
  KEEP,
  /** What is there must not go. */
  REFUSE;

  static Action of(
      Entry entry, Optional<Status> existing, OpenDirectory directory, RestoreChoices options)
      throws IOException {
    if (existing.isEmpty()) {
      return CREATE;
    }
    Status there = existing.get();
    boolean directoryWanted = entry.type() == EntryType.DIRECTORY;
    if (there.isDirectory()) {
      return directoryWanted ? ENTER : options.deleteExtra() ? REPLACE : REFUSE;
    }
    if (isSpecial(entry.type())) {
      // It could not be made again, so nothing may go for it.
      return KEEP;
    }
    return switch (options.overwrite()) {
      case FAIL -> REFUSE;
      case ALWAYS -> REPLACE;
      case NEWER ->
          entry.attributes().modified().isAfter(there.attributes().modified()) ? REPLACE : KEEP;
      case CHANGED -> isSame(entry, there, directory) ? REFRESH : REPLACE;
    };
  }

  static boolean isSpecial(EntryType type) {
    return switch (type) {
      case FIFO, SOCKET, CHARACTER_DEVICE, BLOCK_DEVICE -> true;
      case FILE, DIRECTORY, SYMLINK -> false;
    };
  }

  /** Where the snapshot's link points; nowhere if it does not say. */
  static RawName wantedTarget(Entry entry) {
    return entry.linkTarget().orElse(RawName.of(""));
  }

  private static boolean isSame(Entry entry, Status there, OpenDirectory directory)
      throws IOException {
    if (entry.type() != there.type()) {
      return false;
    }
    if (entry.type() == EntryType.SYMLINK) {
      return pointsTo(directory.path(entry.path().name()), entry);
    }
    // A file with other names may be anybody's: it is not touched, but replaced.
    return entry.size() == there.size()
        && entry.attributes().modified().equals(there.attributes().modified())
        && entry.attributes().links() < 2
        && there.attributes().links() < 2;
  }

  private static boolean pointsTo(Path link, Entry entry) throws IOException {
    Path wanted;
    try {
      wanted = PathBytes.target(wantedTarget(entry));
    } catch (FileSystemException impossible) {
      return false;
    }
    return Files.readSymbolicLink(link).equals(wanted);
  }
}
