package dev.copperplate.backup.repository;

import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.testkit.ForwardingTarget;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What one process reads of the index files of a repository. */
final class ReadsOfIndexFiles extends ForwardingTarget {

  private final List<ObjectKey> read = new ArrayList<>();
  private final Set<ObjectKey> ever = new HashSet<>();
  private final Set<ObjectKey> again = new HashSet<>();

  ReadsOfIndexFiles(BackupTarget target) {
    super(target);
  }

  @Override
  public InputStream read(ObjectKey key, ByteRange range) throws IOException {
    if (key.value().startsWith("index/")) {
      synchronized (read) {
        read.add(key);
        if (!ever.add(key)) {
          again.add(key);
        }
      }
    }
    return super.read(key, range);
  }

  /** Those that were read more than once since the process began. */
  Set<ObjectKey> again() {
    synchronized (read) {
      return Set.copyOf(again);
    }
  }

  /** Those since the last call, each as often as it was read. */
  List<ObjectKey> take() {
    synchronized (read) {
      List<ObjectKey> taken = List.copyOf(read);
      read.clear();
      return taken;
    }
  }
}
