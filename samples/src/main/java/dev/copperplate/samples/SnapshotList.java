package dev.copperplate.samples;

import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.ObjectInfo;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.repository.BackupRepository;
import java.io.IOException;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The snapshots of a repository, and those that a listing passes over because they cannot be read.
 *
 * @param snapshots newest first
 * @param unreadable one finding for each snapshot file that is stored and not listed
 */
record SnapshotList(List<Snapshot> snapshots, List<Finding> unreadable) {

  private static final String PREFIX = "snapshots/";
  private static final Pattern NAME = Pattern.compile(PREFIX + "[0-9a-f]{64}");

  SnapshotList {
    snapshots = List.copyOf(snapshots);
    unreadable = List.copyOf(unreadable);
  }

  static SnapshotList read(BackupTarget target, BackupRepository repository) throws IOException {
    SortedSet<String> missing = stored(target);
    List<Snapshot> snapshots = repository.list(SnapshotFilter.ALL);
    snapshots.forEach(each -> missing.remove(PREFIX + each.id().hex()));
    if (!missing.isEmpty()) {
      missing.retainAll(stored(target)); // The others were removed since.
    }
    return new SnapshotList(snapshots, missing.stream().map(SnapshotList::finding).toList());
  }

  private static Finding finding(String key) {
    return Finding.error(
        key,
        "is a snapshot that cannot be read",
        "Take the object from a replica, or remove it: it hides nothing else");
  }

  private static SortedSet<String> stored(BackupTarget target) throws IOException {
    SortedSet<String> keys = new TreeSet<>();
    try (Cursor<ObjectInfo> all = target.list(PREFIX)) {
      for (ObjectInfo each = all.next(); each != null; each = all.next()) {
        if (NAME.matcher(each.key().value()).matches()) {
          keys.add(each.key().value());
        }
      }
    }
    return keys;
  }
}
