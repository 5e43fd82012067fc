package dev.copperplate.backup.repository;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Capability;
import dev.copperplate.backup.Content;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.ObjectInfo;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.PutOptions;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Set;

/** Passes everything on; tests override what they want to see or spoil. */
public class DecoratedTarget implements BackupTarget {

  private final BackupTarget target;

  public DecoratedTarget(BackupTarget target) {
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

  @Override
  public void close() throws IOException {
    target.close();
  }
}
