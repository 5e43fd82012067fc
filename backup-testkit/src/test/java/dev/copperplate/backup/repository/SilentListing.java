package dev.copperplate.backup.repository;

import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.ObjectInfo;
import dev.copperplate.backup.VersionedTarget;
import dev.copperplate.backup.testkit.ForwardingTarget;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A store with versions whose listings do not tell what is retained, as those of S3. */
final class SilentListing extends ForwardingTarget implements VersionedTarget {

  SilentListing(BackupTarget target) {
    super(target);
  }

  @Override
  public Cursor<ObjectInfo> list(String prefix) throws IOException {
    Cursor<ObjectInfo> all = super.list(prefix);
    return new Cursor<>() {
      @Override
      public @Nullable ObjectInfo next() throws IOException {
        ObjectInfo info = all.next();
        return info == null
            ? null
            : new ObjectInfo(info.key(), info.size(), info.modified(), Optional.empty());
      }

      @Override
      public void close() throws IOException {
        all.close();
      }
    };
  }
}
