package dev.copperplate.backup.target;

import dev.copperplate.backup.Cursor;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Clears the unfinished files that killed writers left behind.
 *
 * <p>The rule: whoever puts an object looks, at most once a day for each directory, for temporary
 * files there that nobody has written to for a day by the file system's own clock. Clocks of
 * machines do not matter, since the age is counted from the file that the put has just made. A
 * writer that slept for longer loses its temporary file and fails; an object can never be lost,
 * since no object has such a name.
 */
final class Leftovers {

  private static final Duration ABANDONED = Duration.ofDays(1);

  /** Directories whose last look is remembered; looking again too early only costs time. */
  private static final int REMEMBERED = 1024;

  private final Disk disk;
  private final Map<Path, Instant> looked =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Path, Instant> eldest) {
          return size() > REMEMBERED;
        }
      };

  Leftovers(Disk disk) {
    this.disk = disk;
  }

  /** Clears what lies beside a temporary file that was made just now. Never fails a put. */
  void clearBeside(Path temporary) {
    Path directory = temporary.getParent();
    if (directory == null) {
      return;
    }
    try {
      Disk.Stat fresh = disk.stat(temporary);
      if (fresh != null && due(directory, fresh.modified())) {
        clear(directory, fresh.modified().minus(ABANDONED));
      }
    } catch (IOException e) {
      // The next put here looks again tomorrow.
    }
  }

  private synchronized boolean due(Path directory, Instant now) {
    Instant last = looked.get(directory);
    if (last != null && now.isBefore(last.plus(ABANDONED))) {
      return false;
    }
    looked.put(directory, now);
    return true;
  }

  private void clear(Path directory, Instant before) throws IOException {
    try (Cursor<String> names = disk.names(directory)) {
      for (String name = names.next(); name != null; name = names.next()) {
        if (Layout.isTemporary(name)) {
          clear(directory.resolve(name), disk.stat(directory.resolve(name)), before);
        }
      }
    }
  }

  private void clear(Path file, Disk.@Nullable Stat found, Instant before) throws IOException {
    if (found != null && found.type() == Disk.Type.FILE && found.modified().isBefore(before)) {
      disk.delete(file);
    }
  }
}
