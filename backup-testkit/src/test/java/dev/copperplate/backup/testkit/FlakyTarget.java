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
import dev.copperplate.backup.PutOptions;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Is unavailable at every third call, before doing anything, reads of a stream included. Every
 * second would be for ever: each reopened stream would fail at once.
 */
final class FlakyTarget implements BackupTarget {

  private final BackupTarget target;
  private final AtomicInteger calls = new AtomicInteger();

  FlakyTarget(BackupTarget target) {
    this.target = target;
  }

  private void stumble() throws BackupException {
    if (calls.getAndIncrement() % 3 == 0) {
      throw new BackupException(Kind.UNAVAILABLE, "The store is overloaded");
    }
  }

  @Override
  public String description() {
    return target.description();
  }

  @Override
  public Set<Capability> capabilities() {
    return target.capabilities();
  }

  @Override
  public void put(ObjectKey key, Content content, PutOptions options) throws IOException {
    stumble();
    target.put(key, content, options);
  }

  @Override
  public InputStream read(ObjectKey key, ByteRange range) throws IOException {
    stumble();
    return new FilterInputStream(target.read(key, range)) {
      @Override
      public int read() throws IOException {
        stumble();
        return super.read();
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        stumble();
        return super.read(bytes, offset, length);
      }
    };
  }

  @Override
  public Cursor<ObjectInfo> list(String prefix) throws IOException {
    stumble();
    return target.list(prefix);
  }

  @Override
  public Map<ObjectKey, BackupException> delete(Collection<ObjectKey> keys) throws IOException {
    stumble();
    return target.delete(keys);
  }

  @Override
  public void retain(Collection<ObjectKey> keys, Instant until) throws IOException {
    stumble();
    target.retain(keys, until);
  }

  @Override
  public void close() throws IOException {
    target.close();
  }
}
