package dev.copperplate.backup.files;

import dev.copperplate.backup.Entry;
import dev.copperplate.backup.Task;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Files with several names, by device and inode: so the second name takes the content of the first.
 * A file is forgotten with the last of its names; those that lie elsewhere stay until the end.
 */
final class LinkedFiles {

  private final Map<FileKey, Names> all = new HashMap<>();

  /** The content that an earlier name of the same file brought, once that is read. */
  Optional<Entry> meet(Status status) throws IOException, InterruptedException {
    if (status.attributes().links() < 2) {
      return Optional.empty();
    }
    FileKey key = FileKey.of(status);
    Names names = all.computeIfAbsent(key, each -> new Names());
    names.met++;
    if (names.met >= status.attributes().links()) {
      all.remove(key);
    }
    Task<Optional<Entry>> first = names.first;
    return first == null ? Optional.empty() : first.get();
  }

  /** Says where the content of a name comes from. */
  void written(Status status, Task<Optional<Entry>> content) {
    Names names = all.get(FileKey.of(status));
    if (names != null) {
      names.first = content;
    }
  }

  private static final class Names {
    long met;
    @Nullable Task<Optional<Entry>> first;
  }

  private record FileKey(long device, long inode) {

    static FileKey of(Status status) {
      return new FileKey(status.attributes().device(), status.attributes().inode());
    }
  }
}
