package dev.copperplate.backup.s3;

import dev.copperplate.backup.ObjectKey;
import java.util.List;

/**
 * What a recovery does with one object.
 *
 * @param key of the object
 * @param what is done
 * @param why what was found
 * @param version that becomes current again, by its id; empty where an object is hidden
 * @param marks that are removed, by their ids, where that is enough
 */
public record RecoveryStep(
    ObjectKey key, What what, String why, String version, List<String> marks) {

  public RecoveryStep {
    marks = List.copyOf(marks);
  }

  /** What a recovery can do with an object. */
  public enum What {
    /** It was hidden by a deletion and comes back. */
    UNHIDE,
    /** It was overwritten, and an earlier version becomes the current one again. */
    REPLACE,
    /** It was added since, and is hidden; nothing of it is deleted. */
    HIDE
  }

  @Override
  public String toString() {
    return what + " " + key + ": " + why;
  }
}
