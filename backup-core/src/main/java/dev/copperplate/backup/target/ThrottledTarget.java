package dev.copperplate.backup.target;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Capability;
import dev.copperplate.backup.Content;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.ObjectInfo;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.ObjectVersion;
import dev.copperplate.backup.PutOptions;
import dev.copperplate.backup.VersionedTarget;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Holds objects to a bandwidth on their way in and out, so that a backup leaves room for others.
 * Each direction has a limit of its own, which holds for all threads together and can be changed at
 * any moment, also while something passes.
 *
 * <p>What counts are the bytes of objects, read or skipped; listings, deletions and what a store's
 * protocol adds are not held up. A content that a target opens again counts again. The calling
 * thread waits; an interruption ends the wait with {@link java.io.InterruptedIOException}, its flag
 * set.
 *
 * <p>Thread-safe if the decorated target is. Closing it closes the decorated target.
 */
public sealed class ThrottledTarget implements BackupTarget {

  private final BackupTarget target;
  private final Bandwidth reading;
  private final Bandwidth writing;

  /**
   * Decorates a target; a {@link VersionedTarget} stays one.
   *
   * @param reading what may come from the target
   * @param writing what may go to it; may be the same object, for one limit on both
   */
  public static BackupTarget of(BackupTarget target, Bandwidth reading, Bandwidth writing) {
    return target instanceof VersionedTarget versioned
        ? new Versioned(versioned, reading, writing)
        : new ThrottledTarget(target, reading, writing);
  }

  private ThrottledTarget(BackupTarget target, Bandwidth reading, Bandwidth writing) {
    this.target = target;
    this.reading = reading;
    this.writing = writing;
  }

  @Override
  public String description() {
    return target.description();
  }

  @Override
  public Set<Capability> capabilities() throws IOException {
    return target.capabilities();
  }

  @Override
  public void put(ObjectKey key, Content content, PutOptions options) throws IOException {
    target.put(key, new Throttled(content, writing), options);
  }

  @Override
  public InputStream read(ObjectKey key, ByteRange range) throws IOException {
    return throttled(target.read(key, range));
  }

  @Override
  public Cursor<ObjectInfo> list(String prefix) throws IOException {
    return target.list(prefix);
  }

  @Override
  public Map<ObjectKey, BackupException> delete(Collection<ObjectKey> keys) throws IOException {
    return target.delete(keys);
  }

  @Override
  public void retain(Collection<ObjectKey> keys, Instant until) throws IOException {
    target.retain(keys, until);
  }

  @Override
  public void close() throws IOException {
    target.close();
  }

  InputStream throttled(InputStream in) {
    return new ThrottledStream(in, reading);
  }

  /** A content each of whose streams is held to the bandwidth. */
  private record Throttled(Content content, Bandwidth bandwidth) implements Content {

    @Override
    public long length() {
      return content.length();
    }

    @Override
    public InputStream open() throws IOException {
      return new ThrottledStream(content.open(), bandwidth);
    }
  }

  /** The same for a store that keeps versions. */
  static final class Versioned extends ThrottledTarget implements VersionedTarget {

    private final VersionedTarget target;

    private Versioned(VersionedTarget target, Bandwidth reading, Bandwidth writing) {
      super(target, reading, writing);
      this.target = target;
    }

    @Override
    public List<ObjectVersion> versions(ObjectKey key) throws IOException {
      return target.versions(key);
    }

    @Override
    public InputStream read(ObjectKey key, ObjectVersion version, ByteRange range)
        throws IOException {
      return throttled(target.read(key, version, range));
    }
  }
}
