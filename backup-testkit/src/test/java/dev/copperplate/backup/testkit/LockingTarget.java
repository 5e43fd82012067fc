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
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Memory that locks objects until a time, and cannot let one of several writers win. */
final class LockingTarget implements BackupTarget {

  private final BackupTarget memory = new MemoryTarget();
  private final Map<ObjectKey, Instant> locks = new ConcurrentHashMap<>();

  @Override
  public String description() {
    return "memory with locks";
  }

  @Override
  public Set<Capability> capabilities() {
    return Set.of(Capability.RETENTION);
  }

  @Override
  public void put(ObjectKey key, Content content, PutOptions options) throws IOException {
    if (options.ifAbsent()) {
      throw new BackupException(Kind.UNSUPPORTED, "Nobody wins here");
    }
    memory.put(key, content, new PutOptions(false, options.hot(), Optional.empty()));
    options.retainUntil().ifPresent(until -> lock(key, until));
  }

  private void lock(ObjectKey key, Instant until) {
    locks.merge(key, until, (old, asked) -> old.isAfter(asked) ? old : asked);
  }

  @Override
  public InputStream read(ObjectKey key, ByteRange range) throws IOException {
    return memory.read(key, range);
  }

  @Override
  public Cursor<ObjectInfo> list(String prefix) throws IOException {
    return memory.list(prefix);
  }

  @Override
  public Map<ObjectKey, BackupException> delete(Collection<ObjectKey> keys) throws IOException {
    Map<ObjectKey, BackupException> remaining = new HashMap<>();
    for (ObjectKey key : keys) {
      if (locks.getOrDefault(key, Instant.MIN).isAfter(Instant.now())) {
        remaining.put(key, new BackupException(Kind.RETAINED, key + " is locked"));
      }
    }
    Map<ObjectKey, BackupException> others =
        memory.delete(keys.stream().filter(key -> !remaining.containsKey(key)).toList());
    remaining.putAll(others);
    return remaining;
  }

  @Override
  public void retain(Collection<ObjectKey> keys, Instant until) {
    keys.forEach(key -> lock(key, until));
  }

  @Override
  public void close() throws IOException {
    memory.close();
  }
}
