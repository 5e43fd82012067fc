package dev.copperplate.samples;

import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.ObjectInfo;
import java.io.IOException;

/** How large a repository is. */
final class StoredBytes {

  private StoredBytes() {}

  /** The bytes of all objects of a target. */
  static long of(BackupTarget target) throws IOException {
    long bytes = 0;
    try (Cursor<ObjectInfo> all = target.list("")) {
      for (ObjectInfo each = all.next(); each != null; each = all.next()) {
        bytes += each.size();
      }
    }
    return bytes;
  }
}
