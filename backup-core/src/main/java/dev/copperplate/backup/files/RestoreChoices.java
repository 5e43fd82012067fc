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
record RestoreChoices(
    SortedSet<EntryPath> only,
    Overwrite overwrite,
    boolean deleteExtra,
    boolean owners,
    boolean privileged) {

  static final RestoreChoices DEFAULT =
      new RestoreChoices(Collections.emptySortedSet(), Overwrite.FAIL, false, false, false);

  RestoreChoices {
    only = Collections.unmodifiableSortedSet(new TreeSet<>(only));
  }

  RestoreChoices only(SortedSet<EntryPath> paths) {
    return new RestoreChoices(paths, overwrite, deleteExtra, owners, privileged);
  }

  RestoreChoices overwrite(Overwrite policy) {
    return new RestoreChoices(only, policy, deleteExtra, owners, privileged);
  }

  RestoreChoices deleteExtra(boolean delete) {
    return new RestoreChoices(only, overwrite, delete, owners, privileged);
  }

  RestoreChoices owners(boolean restore) {
    return new RestoreChoices(only, overwrite, deleteExtra, restore, privileged);
  }

  RestoreChoices privileged(boolean restore) {
    return new RestoreChoices(only, overwrite, deleteExtra, owners, restore);
  }
}
