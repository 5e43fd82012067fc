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
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Repeats what fails with {@code UNAVAILABLE}, and nothing else, with growing pauses. The calling
 * thread waits; an interruption ends the wait at once.
 *
 * <ul>
 *   <li>A put opens its content again for each attempt. One that asks for absence may fail with
 *       {@code ALREADY_EXISTS} because an earlier attempt was stored and only its answer was lost;
 *       that attempt's failure is then attached as suppressed. Who must know reads the object.
 *   <li>A stream that breaks is opened again where it stopped. Opening and reading share their
 *       attempts; bytes that arrive begin a new time, not a new count.
 *   <li>A listing is begun again as long as it has handed out nothing; afterwards its failures are
 *       passed on, since a second listing could hand out something twice.
 *   <li>A deletion is repeated for the objects that remain because the store was unavailable.
 * </ul>
 *
 * <p>When it gives up, it throws the last failure with the number of attempts. Each pause is
 * logged.
 *
 * <p>Thread-safe if the decorated target is. Closing it closes the decorated target.
 */
public sealed class RetryingTarget implements BackupTarget {

  private final BackupTarget target;
  private final RetryPolicy policy;
  private final Waiting waiting;

  /** Decorates a target; a {@link VersionedTarget} stays one. */
  public static BackupTarget of(BackupTarget target, RetryPolicy policy) {
    return of(target, policy, Waiting.REAL);
  }

  static BackupTarget of(BackupTarget target, RetryPolicy policy, Waiting waiting) {
    return target instanceof VersionedTarget versioned
        ? new Versioned(versioned, policy, waiting)
        : new RetryingTarget(target, policy, waiting);
  }

  private RetryingTarget(BackupTarget target, RetryPolicy policy, Waiting waiting) {
    this.target = target;
    this.policy = policy;
    this.waiting = waiting;
  }

  @Override
  public String description() {
    return target.description();
  }

  @Override
  public Set<Capability> capabilities() throws IOException {
    return attempts().make(target::capabilities);
  }

  @Override
  public void put(ObjectKey key, Content content, PutOptions options) throws IOException {
    attempts()
        .make(
            () -> {
              target.put(key, content, options);
              return key;
            });
  }

  @Override
  public InputStream read(ObjectKey key, ByteRange range) throws IOException {
    return new RetryingStream(part -> target.read(key, part), range, attempts());
  }

  @Override
  public Cursor<ObjectInfo> list(String prefix) throws IOException {
    return new RetryingCursor<>(() -> target.list(prefix), attempts());
  }

  @Override
  public Map<ObjectKey, BackupException> delete(Collection<ObjectKey> keys) throws IOException {
    Attempts attempts = attempts();
    Map<ObjectKey, BackupException> remaining = new LinkedHashMap<>();
    Collection<ObjectKey> left = keys;
    @Nullable BackupException passing;
    do {
      Collection<ObjectKey> asked = left;
      Map<ObjectKey, BackupException> answer = attempts.make(() -> target.delete(asked));
      remaining.keySet().removeAll(asked);
      remaining.putAll(answer);
      left = new ArrayList<>();
      passing = null;
      for (Map.Entry<ObjectKey, BackupException> entry : answer.entrySet()) {
        if (entry.getValue().kind() == Kind.UNAVAILABLE) {
          left.add(entry.getKey());
          passing = entry.getValue();
        }
      }
    } while (passing != null && attempts.pausedAfter(passing));
    return remaining;
  }

  @Override
  public void retain(Collection<ObjectKey> keys, Instant until) throws IOException {
    attempts()
        .make(
            () -> {
              target.retain(keys, until);
              return keys;
            });
  }

  @Override
  public void close() throws IOException {
    target.close();
  }

  Attempts attempts() {
    return new Attempts(policy, waiting);
  }

  /** The same for a store that keeps versions. */
  static final class Versioned extends RetryingTarget implements VersionedTarget {

    private final VersionedTarget target;

    private Versioned(VersionedTarget target, RetryPolicy policy, Waiting waiting) {
      super(target, policy, waiting);
      this.target = target;
    }

    @Override
    public List<ObjectVersion> versions(ObjectKey key) throws IOException {
      return attempts().make(() -> target.versions(key));
    }

    @Override
    public InputStream read(ObjectKey key, ObjectVersion version, ByteRange range)
        throws IOException {
      return new RetryingStream(part -> target.read(key, version, part), range, attempts());
    }
  }
}
