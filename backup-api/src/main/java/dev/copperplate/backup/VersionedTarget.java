package dev.copperplate.backup;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * A store that keeps what was overwritten. When the content of an object does not authenticate, the
 * engine tries its other versions.
 */
public interface VersionedTarget extends BackupTarget {

  /** The versions of a key, oldest first, without delete markers; empty if it never existed. */
  List<ObjectVersion> versions(ObjectKey key) throws IOException;

  /** Opens one version, under the rules of {@link #read(ObjectKey, ByteRange)}. */
  InputStream read(ObjectKey key, ObjectVersion version, ByteRange range) throws IOException;
}
