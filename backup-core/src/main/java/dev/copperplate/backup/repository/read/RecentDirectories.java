package dev.copperplate.backup.repository.read;

import dev.copperplate.backup.EntryPath;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The directories of a snapshot that were handed out last. Who walks a directory names it by its
 * path, and has most often just been given it: without this, each of a thousand directories would
 * be looked for among all its neighbours. Of a name that stands twice the first counts, as for who
 * looks. Thread-safe.
 */
final class RecentDirectories {

  private static final int KEPT = 256;

  private final Map<EntryPath, StoredEntry> byPath = new LinkedHashMap<>(16, 0.75f, true);

  synchronized @Nullable StoredEntry get(EntryPath path) {
    return byPath.get(path);
  }

  synchronized void add(StoredEntry directory) {
    byPath.putIfAbsent(directory.path(), directory);
    if (byPath.size() > KEPT) {
      byPath.remove(byPath.keySet().iterator().next());
    }
  }
}
