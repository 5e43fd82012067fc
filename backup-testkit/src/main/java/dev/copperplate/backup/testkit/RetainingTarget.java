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
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A target that keeps objects until a time and deletes none before, as a bucket with Object Lock:
 * when a put or {@link #retain} says so, and for every put where it was given a rule. Has {@link
 * Capability#RETENTION}.
 *
 * <p>Whether an object is still kept is told by the store's own clock, not by the caller's. Over a
 * store with versions it is a version that is kept: putting again makes another one, which is not,
 * and nothing of the object goes as long as one of them is. Thread-safe.
 */
public class RetainingTarget extends ForwardingTarget {

  private final InstantSource clock;
  private final Duration rule;
  // By the version that is kept; by nothing where there are none.
  private final Map<ObjectKey, Map<String, Instant>> kept = new ConcurrentHashMap<>();

  private RetainingTarget(BackupTarget target, InstantSource clock, Duration rule) {
    super(target);
    this.clock = clock;
    this.rule = rule;
  }

  /** Decorates a target; keeps what it is told to. */
  public static RetainingTarget over(BackupTarget target, InstantSource clock) {
    return over(target, clock, Duration.ZERO);
  }

  /**
   * Decorates a target; a {@link VersionedTarget} stays one.
   *
   * @param clock the store's
   * @param rule how long everything that is put is kept at least, as by a default retention
   */
  public static RetainingTarget over(BackupTarget target, InstantSource clock, Duration rule) {
    return target instanceof VersionedTarget
        ? new Versioned(target, clock, rule)
        : new RetainingTarget(target, clock, rule);
  }

  /** The same for a store that keeps versions. */
  private static final class Versioned extends RetainingTarget implements VersionedTarget {
    Versioned(BackupTarget target, InstantSource clock, Duration rule) {
      super(target, clock, rule);
    }

    @Override
    String newest(ObjectKey key) throws IOException {
      List<ObjectVersion> all = super.versions(key);
      return all.isEmpty() ? "" : all.get(all.size() - 1).id();
    }

    @Override
    public List<ObjectVersion> versions(ObjectKey key) throws IOException {
      return super.versions(key).stream().map(each -> withRetention(key, each)).toList();
    }
  }

  @Override
  public Set<Capability> capabilities() throws IOException {
    Set<Capability> all = EnumSet.of(Capability.RETENTION);
    all.addAll(super.capabilities());
    return all;
  }

  @Override
  public void put(ObjectKey key, Content content, PutOptions options) throws IOException {
    super.put(key, content, new PutOptions(options.ifAbsent(), options.hot(), Optional.empty()));
    if (options.retainUntil().isPresent()) {
      keep(key, options.retainUntil().get());
    }
    if (!rule.isZero()) {
      keep(key, clock.instant().plus(rule));
    }
  }

  /** The version that a put has made last; empty where there are none. */
  String newest(ObjectKey key) throws IOException {
    return "";
  }

  private void keep(ObjectKey key, Instant until) throws IOException {
    kept.computeIfAbsent(key, any -> new ConcurrentHashMap<>())
        .merge(newest(key), until, (old, asked) -> old.isAfter(asked) ? old : asked);
  }

  private Optional<Instant> keptUntil(ObjectKey key) {
    return kept.getOrDefault(key, Map.of()).values().stream()
        .max(Comparator.naturalOrder())
        .filter(clock.instant()::isBefore);
  }

  ObjectVersion withRetention(ObjectKey key, ObjectVersion version) {
    return Optional.ofNullable(kept.getOrDefault(key, Map.of()).get(version.id()))
        .filter(clock.instant()::isBefore)
        .map(until -> new ObjectVersion(version.id(), version.modified(), Optional.of(until)))
        .orElse(version);
  }

  @Override
  public Cursor<ObjectInfo> list(String prefix) throws IOException {
    Cursor<ObjectInfo> all = super.list(prefix);
    return new Cursor<>() {
      @Override
      public @Nullable ObjectInfo next() throws IOException {
        ObjectInfo info = all.next();
        return info == null
            ? null
            : new ObjectInfo(info.key(), info.size(), info.modified(), keptUntil(info.key()));
      }

      @Override
      public void close() throws IOException {
        all.close();
      }
    };
  }

  @Override
  public Map<ObjectKey, BackupException> delete(Collection<ObjectKey> keys) throws IOException {
    Map<ObjectKey, BackupException> remaining = new LinkedHashMap<>();
    List<ObjectKey> loose = new ArrayList<>();
    for (ObjectKey key : keys) {
      Optional<Instant> until = keptUntil(key);
      if (until.isEmpty()) {
        loose.add(key);
      } else {
        remaining.put(key, retained(key, until.get()));
      }
    }
    remaining.putAll(super.delete(loose));
    kept.keySet().removeIf(key -> loose.contains(key) && !remaining.containsKey(key));
    return remaining;
  }

  private BackupException retained(ObjectKey key, Instant until) {
    return new BackupException(
        Kind.RETAINED,
        "Delete of " + key + " from " + description() + " refused: it is locked until " + until);
  }

  @Override
  public void retain(Collection<ObjectKey> keys, Instant until) throws IOException {
    for (ObjectKey key : keys) {
      super.read(key, ByteRange.ALL).close(); // NOT_FOUND for what is not there.
      keep(key, until);
    }
  }
}
