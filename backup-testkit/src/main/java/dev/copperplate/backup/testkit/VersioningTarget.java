package dev.copperplate.backup.testkit;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Capability;
import dev.copperplate.backup.Content;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.ObjectInfo;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.ObjectVersion;
import dev.copperplate.backup.PutOptions;
import dev.copperplate.backup.VersionedTarget;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A target in memory that keeps what is overwritten, as a bucket with versioning does: each put is
 * a new version, and {@link #hide} puts a marker before them. Has {@link
 * Capability#CONDITIONAL_PUT} and {@link Capability#VERSIONS}; together with {@link
 * RetainingTarget} it is a bucket with Object Lock.
 *
 * <p>Unlike {@link MemoryTarget} it takes other bytes under the same key: whoever has a stolen
 * credential does that. Thread-safe. Closing it does nothing.
 */
public final class VersioningTarget implements VersionedTarget {

  private static final String PLACE = "versioned memory";

  private final Map<String, List<Version>> objects = new TreeMap<>();
  private final InstantSource clock;
  private long versions;

  /** Empty, with the clock of the system. */
  public VersioningTarget() {
    this(InstantSource.system());
  }

  /**
   * Empty.
   *
   * @param clock tells when versions were written
   */
  public VersioningTarget(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public String description() {
    return PLACE;
  }

  @Override
  public Set<Capability> capabilities() {
    return Set.of(Capability.CONDITIONAL_PUT, Capability.VERSIONS);
  }

  @Override
  public void put(ObjectKey key, Content content, PutOptions options) throws IOException {
    String doing = "Put of " + key + " to " + PLACE;
    if (options.retainUntil().isPresent()) {
      throw new BackupException(Kind.UNSUPPORTED, doing + " refused: it locks nothing");
    }
    byte[] bytes = MemoryTarget.bytes(content, doing);
    synchronized (this) {
      if (options.ifAbsent() && current(key).isPresent()) {
        throw new BackupException(Kind.ALREADY_EXISTS, doing + " refused: it exists");
      }
      add(key, bytes);
    }
  }

  private synchronized void add(ObjectKey key, byte @Nullable [] bytes) {
    objects
        .computeIfAbsent(key.value(), any -> new ArrayList<>())
        .add(new Version("v" + ++versions, clock.instant(), bytes));
  }

  private synchronized Optional<Version> current(ObjectKey key) {
    List<Version> all = objects.getOrDefault(key.value(), List.of());
    return all.isEmpty()
        ? Optional.empty()
        : Optional.of(all.get(all.size() - 1)).filter(each -> each.bytes() != null);
  }

  @Override
  public InputStream read(ObjectKey key, ByteRange range) throws IOException {
    return current(key)
        .map(each -> each.open(range))
        .orElseThrow(() -> notFound("Read of " + key + " from " + PLACE));
  }

  @Override
  public synchronized List<ObjectVersion> versions(ObjectKey key) {
    return objects.getOrDefault(key.value(), List.of()).stream()
        .filter(each -> each.bytes() != null)
        .map(each -> new ObjectVersion(each.id(), each.modified(), Optional.empty()))
        .toList();
  }

  @Override
  public synchronized InputStream read(ObjectKey key, ObjectVersion version, ByteRange range)
      throws IOException {
    return objects.getOrDefault(key.value(), List.of()).stream()
        .filter(each -> each.id().equals(version.id()) && each.bytes() != null)
        .findFirst()
        .map(each -> each.open(range))
        .orElseThrow(
            () -> notFound("Read of version " + version.id() + " of " + key + " from " + PLACE));
  }

  private static BackupException notFound(String doing) {
    return new BackupException(Kind.NOT_FOUND, doing + " refused: there is no such object");
  }

  /** A list of what was there at the call. */
  @Override
  public synchronized Cursor<ObjectInfo> list(String prefix) {
    List<ObjectInfo> found = new ArrayList<>();
    for (String each : objects.keySet()) {
      ObjectKey key = new ObjectKey(each);
      if (each.startsWith(prefix)) {
        current(key).ifPresent(version -> found.add(version.info(key)));
      }
    }
    return Cursor.of(found);
  }

  @Override
  public synchronized Map<ObjectKey, BackupException> delete(Collection<ObjectKey> keys) {
    keys.forEach(each -> objects.remove(each.value()));
    return Map.of();
  }

  /** Hides objects behind markers, as those do who delete names alone; nothing is lost. */
  public synchronized void hide(Collection<ObjectKey> keys) {
    keys.stream().filter(each -> current(each).isPresent()).forEach(each -> add(each, null));
  }

  /** Removes a version for good, as a rule of the store does after some time. */
  public synchronized void expire(ObjectKey key, ObjectVersion version) {
    objects.getOrDefault(key.value(), List.of()).removeIf(each -> each.id().equals(version.id()));
  }

  @Override
  public void retain(Collection<ObjectKey> keys, Instant until) throws IOException {
    throw new BackupException(
        Kind.UNSUPPORTED, "Retaining " + keys.size() + " objects refused: it locks nothing");
  }

  @Override
  public void close() {}

  /**
   * A version.
   *
   * @param bytes null for a marker that hides the others
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Version(String id, Instant modified, byte @Nullable [] bytes) {

    InputStream open(ByteRange range) {
      byte[] all = bytes == null ? new byte[0] : bytes;
      int length = (int) range.within(all.length);
      return new ByteArrayInputStream(all, length == 0 ? 0 : (int) range.from(), length);
    }

    ObjectInfo info(ObjectKey key) {
      return new ObjectInfo(key, bytes == null ? 0 : bytes.length, modified, Optional.empty());
    }
  }
}
