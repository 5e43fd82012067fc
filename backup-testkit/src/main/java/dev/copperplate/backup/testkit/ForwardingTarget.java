package dev.copperplate.backup.testkit;

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
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Passes everything on to another target; a test overrides what it wants to see or spoil.
 *
 * <p>Has the methods of {@link VersionedTarget} without being one, so that a decorator becomes one
 * by a subclass that adds nothing but the interface. Over a target without versions they fail with
 * {@code UNSUPPORTED}. Thread-safe if the other target is; closing it closes that.
 */
public class ForwardingTarget implements BackupTarget {

  private final BackupTarget target;

  public ForwardingTarget(BackupTarget target) {
    this.target = target;
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
    target.put(key, content, options);
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
    return target.delete(keys);
  }

  @Override
  public void retain(Collection<ObjectKey> keys, Instant until) throws IOException {
    target.retain(keys, until);
  }

  /** As {@link VersionedTarget#versions}. */
  public List<ObjectVersion> versions(ObjectKey key) throws IOException {
    return versioned().versions(key);
  }

  /** As {@link VersionedTarget#read(ObjectKey, ObjectVersion, ByteRange)}. */
  public InputStream read(ObjectKey key, ObjectVersion version, ByteRange range)
      throws IOException {
    return versioned().read(key, version, range);
  }

  private VersionedTarget versioned() throws BackupException {
    if (target instanceof VersionedTarget versioned) {
      return versioned;
    }
    throw new BackupException(Kind.UNSUPPORTED, target.description() + " keeps no versions");
  }

  @Override
  public void close() throws IOException {
    target.close();
  }
}
