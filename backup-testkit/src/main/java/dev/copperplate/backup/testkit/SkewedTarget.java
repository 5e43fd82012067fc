package dev.copperplate.backup.testkit;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.Content;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.ObjectInfo;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.ObjectVersion;
import dev.copperplate.backup.PutOptions;
import dev.copperplate.backup.VersionedTarget;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A target whose clock is not ours: the times in its listings are off, by an offset that can jump
 * between two puts, as clocks of file servers do when somebody sets them. What was written before a
 * jump keeps its time. Thread-safe.
 */
public class SkewedTarget extends ForwardingTarget {

  private final Duration original;
  private final Map<ObjectKey, Duration> offsets = new ConcurrentHashMap<>();
  private volatile Duration offset;

  private SkewedTarget(BackupTarget target, Duration offset) {
    super(target);
    this.original = offset;
    this.offset = offset;
  }

  /**
   * Decorates a target; a {@link VersionedTarget} stays one.
   *
   * @param offset what its clock is ahead; negative if it is behind
   */
  public static SkewedTarget over(BackupTarget target, Duration offset) {
    return target instanceof VersionedTarget
        ? new Versioned(target, offset)
        : new SkewedTarget(target, offset);
  }

  /** The same for a store that keeps versions. */
  private static final class Versioned extends SkewedTarget implements VersionedTarget {
    Versioned(BackupTarget target, Duration offset) {
      super(target, offset);
    }
  }

  /** Sets the store's clock ahead by that much more; back if it is negative. */
  public final synchronized void jump(Duration ahead) {
    offset = offset.plus(ahead);
  }

  @Override
  public void put(ObjectKey key, Content content, PutOptions options) throws IOException {
    super.put(key, content, options);
    offsets.putIfAbsent(key, offset);
  }

  @Override
  public Cursor<ObjectInfo> list(String prefix) throws IOException {
    Cursor<ObjectInfo> all = super.list(prefix);
    return new Cursor<>() {
      @Override
      public @Nullable ObjectInfo next() throws IOException {
        ObjectInfo info = all.next();
        return info == null ? null : skewed(info);
      }

      @Override
      public void close() throws IOException {
        all.close();
      }
    };
  }

  private ObjectInfo skewed(ObjectInfo info) {
    Instant told = info.modified().plus(offsets.getOrDefault(info.key(), original));
    return new ObjectInfo(info.key(), info.size(), told, info.retainedUntil());
  }

  @Override
  public List<ObjectVersion> versions(ObjectKey key) throws IOException {
    Duration ahead = offsets.getOrDefault(key, original);
    return super.versions(key).stream()
        .map(
            each -> new ObjectVersion(each.id(), each.modified().plus(ahead), each.retainedUntil()))
        .toList();
  }

  @Override
  public Map<ObjectKey, BackupException> delete(Collection<ObjectKey> keys) throws IOException {
    Map<ObjectKey, BackupException> remaining = super.delete(keys);
    for (ObjectKey key : keys) {
      if (!remaining.containsKey(key)) {
        offsets.remove(key);
      }
    }
    return remaining;
  }
}
