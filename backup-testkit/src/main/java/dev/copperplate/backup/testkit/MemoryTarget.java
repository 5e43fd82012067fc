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
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A target in memory, for tests of what stands on a target. Has {@link Capability#CONDITIONAL_PUT}.
 *
 * <p>Stricter than stores are: a key that is put again with other bytes is a {@code CONFLICT},
 * since nobody may do that. Thread-safe. Closing it does nothing, so that a test can open the same
 * objects again.
 */
public final class MemoryTarget implements BackupTarget {

  private static final int BUFFER = 64 * 1024;

  private final Map<ObjectKey, Stored> objects = new ConcurrentHashMap<>();
  private final InstantSource clock;

  /** Empty, with the clock of the system. */
  public MemoryTarget() {
    this(InstantSource.system());
  }

  /**
   * Empty.
   *
   * @param clock tells when objects were written
   */
  public MemoryTarget(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public String description() {
    return "memory";
  }

  @Override
  public Set<Capability> capabilities() {
    return Set.of(Capability.CONDITIONAL_PUT);
  }

  @Override
  public void put(ObjectKey key, Content content, PutOptions options) throws IOException {
    String doing = "Put of " + key + " to memory";
    if (options.retainUntil().isPresent()) {
      throw new BackupException(Kind.UNSUPPORTED, doing + " refused: memory locks nothing");
    }
    Stored added = new Stored(bytes(content, doing), clock.instant());
    Stored existing = objects.putIfAbsent(key, added);
    if (existing == null) {
      return;
    }
    if (options.ifAbsent()) {
      throw new BackupException(Kind.ALREADY_EXISTS, doing + " refused: it exists");
    }
    if (!Arrays.equals(existing.bytes(), added.bytes())) {
      throw new BackupException(Kind.CONFLICT, doing + " refused: it has other bytes");
    }
  }

  static byte[] bytes(Content content, String doing) throws IOException {
    stopIfInterrupted(doing);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = content.open()) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        bytes.write(buffer, 0, count);
        stopIfInterrupted(doing);
      }
    }
    if (bytes.size() != content.length()) {
      throw new BackupException(
          Kind.INVALID,
          doing + " refused: " + bytes.size() + " bytes instead of " + content.length());
    }
    return bytes.toByteArray();
  }

  private static void stopIfInterrupted(String doing) throws InterruptedIOException {
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedIOException(doing + " was interrupted");
    }
  }

  @Override
  public InputStream read(ObjectKey key, ByteRange range) throws IOException {
    Stored stored = objects.get(key);
    if (stored == null) {
      throw new BackupException(
          Kind.NOT_FOUND, "Read of " + key + " from memory refused: there is no such object");
    }
    byte[] bytes = stored.bytes();
    int length = (int) range.within(bytes.length);
    return new ByteArrayInputStream(bytes, length == 0 ? 0 : (int) range.from(), length);
  }

  /** The keys of the objects that there are now, by prefix. */
  public List<ObjectKey> keys(String prefix) {
    return objects.keySet().stream().filter(each -> each.value().startsWith(prefix)).toList();
  }

  /**
   * Flips one bit in the middle of an object, as a bad disk does.
   *
   * @throws IllegalArgumentException if there is no such object, or it is empty
   */
  public void spoil(ObjectKey key) {
    Stored stored = objects.get(key);
    if (stored == null || stored.bytes().length == 0) {
      throw new IllegalArgumentException("No bit to flip in " + key);
    }
    byte[] spoilt = stored.bytes().clone();
    spoilt[spoilt.length / 2] ^= 1;
    objects.put(key, new Stored(spoilt, stored.modified()));
  }

  /** A list of what was there at the call. */
  @Override
  public Cursor<ObjectInfo> list(String prefix) {
    List<ObjectInfo> found =
        objects.entrySet().stream()
            .filter(entry -> entry.getKey().value().startsWith(prefix))
            .map(entry -> entry.getValue().info(entry.getKey()))
            .toList();
    return Cursor.of(found);
  }

  @Override
  public Map<ObjectKey, BackupException> delete(Collection<ObjectKey> keys) {
    objects.keySet().removeAll(Set.copyOf(keys));
    return Map.of();
  }

  @Override
  public void retain(Collection<ObjectKey> keys, Instant until) throws IOException {
    throw new BackupException(
        Kind.UNSUPPORTED, "Retaining " + keys.size() + " objects refused: memory locks nothing");
  }

  @Override
  public void close() {}

  /** Never compared, so the array may stand in a record. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Stored(byte[] bytes, Instant modified) {

    ObjectInfo info(ObjectKey key) {
      return new ObjectInfo(key, bytes.length, modified, Optional.empty());
    }
  }
}
