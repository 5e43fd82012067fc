package dev.copperplate.backup.files;

import dev.copperplate.backup.EntryPath;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a restore of files brings back, and what it may do for that.
 *
 * @param only the selected paths; empty for everything
 */
record RestoreOptions(
    SortedSet<EntryPath> only,
    Overwrite overwrite,
    boolean deleteExtra,
    boolean owners,
    boolean privileged) {

  static final RestoreOptions DEFAULT =
      new RestoreOptions(Collections.emptySortedSet(), Overwrite.FAIL, false, false, false);

  RestoreOptions {
    only = Collections.unmodifiableSortedSet(new TreeSet<>(only));
  }

  RestoreOptions only(SortedSet<EntryPath> paths) {
    return new RestoreOptions(paths, overwrite, deleteExtra, owners, privileged);
  }

  RestoreOptions overwrite(Overwrite policy) {
    return new RestoreOptions(only, policy, deleteExtra, owners, privileged);
  }

  RestoreOptions deleteExtra(boolean delete) {
    return new RestoreOptions(only, overwrite, delete, owners, privileged);
  }

  RestoreOptions owners(boolean restore) {
    return new RestoreOptions(only, overwrite, deleteExtra, restore, privileged);
  }

  RestoreOptions privileged(boolean restore) {
    return new RestoreOptions(only, overwrite, deleteExtra, owners, restore);
  }
}
