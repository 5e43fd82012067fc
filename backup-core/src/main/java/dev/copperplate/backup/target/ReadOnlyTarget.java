package dev.copperplate.backup.target;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Lets nothing be changed: puts and retention fail with {@code DENIED}, every object that is to be
 * deleted remains with {@code DENIED}, and the decorated target is not even asked. For drills,
 * restores and inspections that must not touch what they read.
 *
 * <p>A repository on it lists, opens, verifies and restores; a backup fails with {@code DENIED}
 * before anything is captured.
 *
 * <p>Thread-safe if the decorated target is. Closing it closes the decorated target.
 */
public sealed class ReadOnlyTarget implements BackupTarget {

  private final BackupTarget target;

  /** Decorates a target; a {@link VersionedTarget} stays one. */
  public static BackupTarget of(BackupTarget target) {
    return target instanceof VersionedTarget versioned
        ? new Versioned(versioned)
        : new ReadOnlyTarget(target);
  }

  private ReadOnlyTarget(BackupTarget target) {
    this.target = target;
  }

  @Override
  public String description() {
    return target.description();
  }

  /** What the store enforces, though nobody can ask for it here. */
  @Override
  public Set<Capability> capabilities() throws IOException {
    return target.capabilities();
  }

  @Override
  public void put(ObjectKey key, Content content, PutOptions options) throws IOException {
    throw denied("Put of " + key + " to ");
  }

  @Override
  public InputStream read(ObjectKey key, ByteRange range) throws IOException {
    return target.read(key, range);
  }

  @Override
  public Cursor<ObjectInfo> list(String prefix) throws IOException {
    return target.list(prefix);
  }

  @Override
  public Map<ObjectKey, BackupException> delete(Collection<ObjectKey> keys) throws IOException {
    Map<ObjectKey, BackupException> remaining = new LinkedHashMap<>();
    for (ObjectKey key : keys) {
      remaining.put(key, denied("Delete of " + key + " from "));
    }
    return remaining;
  }

  @Override
  public void retain(Collection<ObjectKey> keys, Instant until) throws IOException {
    throw denied("Retaining " + keys.size() + " objects in ");
  }

  @Override
  public void close() throws IOException {
    target.close();
  }

  private BackupException denied(String doing) {
    return new BackupException(
        Kind.DENIED,
        doing
            + target.description()
            + " refused: it was opened for reading only. Use the target without ReadOnlyTarget if"
            + " it is to be changed");
  }

  /** The same for a store that keeps versions. */
  static final class Versioned extends ReadOnlyTarget implements VersionedTarget {

    private final VersionedTarget target;

    private Versioned(VersionedTarget target) {
      super(target);
      this.target = target;
    }

    @Override
    public List<ObjectVersion> versions(ObjectKey key) throws IOException {
      return target.versions(key);
    }

    @Override
    public InputStream read(ObjectKey key, ObjectVersion version, ByteRange range)
        throws IOException {
      return target.read(key, version, range);
    }
  }
}
