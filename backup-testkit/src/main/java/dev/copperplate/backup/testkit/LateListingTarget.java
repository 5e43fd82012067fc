package dev.copperplate.backup.testkit;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Content;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.ObjectInfo;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.PutOptions;
import dev.copperplate.backup.VersionedTarget;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A target that lists late: an object can be read at once, and stands in listings only so many
 * operations later, or when it is told. So did S3 until 2020, so do caches in front of buckets,
 * replicated stores and network file systems with cached directories.
 *
 * <p>An operation is a call of put, read, list, delete or retain. Only objects that are put through
 * it are late. Thread-safe.
 */
public class LateListingTarget extends ForwardingTarget {

  private final long delay;
  private final Map<ObjectKey, Long> listedFrom = new ConcurrentHashMap<>();
  private final AtomicLong operations = new AtomicLong();

  private LateListingTarget(BackupTarget target, long delay) {
    super(target);
    this.delay = delay;
  }

  /**
   * Decorates a target; a {@link VersionedTarget} stays one.
   *
   * @param operations after how many further ones an object is listed; {@link Long#MAX_VALUE} for
   *     when it is told
   */
  public static LateListingTarget over(BackupTarget target, long operations) {
    return target instanceof VersionedTarget
        ? new Versioned(target, operations)
        : new LateListingTarget(target, operations);
  }

  /** The same for a store that keeps versions. */
  private static final class Versioned extends LateListingTarget implements VersionedTarget {
    Versioned(BackupTarget target, long operations) {
      super(target, operations);
    }
  }

  /** From now on everything that was put so far is listed. */
  public final void settle() {
    listedFrom.replaceAll((key, from) -> 0L);
  }

  @Override
  public void put(ObjectKey key, Content content, PutOptions options) throws IOException {
    long now = operations.incrementAndGet();
    super.put(key, content, options);
    listedFrom.putIfAbsent(key, delay > Long.MAX_VALUE - now ? Long.MAX_VALUE : now + delay);
  }

  @Override
  public InputStream read(ObjectKey key, ByteRange range) throws IOException {
    operations.incrementAndGet();
    return super.read(key, range);
  }

  @Override
  public Cursor<ObjectInfo> list(String prefix) throws IOException {
    long now = operations.incrementAndGet();
    Cursor<ObjectInfo> all = super.list(prefix);
    return new Cursor<>() {
      @Override
      public @Nullable ObjectInfo next() throws IOException {
        ObjectInfo info = all.next();
        while (info != null && listedFrom.getOrDefault(info.key(), 0L) >= now) {
          info = all.next();
        }
        return info;
      }

      @Override
      public void close() throws IOException {
        all.close();
      }
    };
  }

  @Override
  public Map<ObjectKey, BackupException> delete(Collection<ObjectKey> keys) throws IOException {
    operations.incrementAndGet();
    Map<ObjectKey, BackupException> remaining = super.delete(keys);
    for (ObjectKey key : keys) {
      if (!remaining.containsKey(key)) {
        listedFrom.remove(key);
      }
    }
    return remaining;
  }

  @Override
  public void retain(Collection<ObjectKey> keys, Instant until) throws IOException {
    operations.incrementAndGet();
    super.retain(keys, until);
  }
}
