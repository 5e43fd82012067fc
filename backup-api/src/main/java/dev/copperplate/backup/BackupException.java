package dev.copperplate.backup;

import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A failure with a kind to branch on. The message says what was being done, to what, and what a
 * person can try; the provider's exception is the cause. Neither holds a secret.
 */
public class BackupException extends IOException {

  private static final long serialVersionUID = 1;

  private final Kind kind;
  private final @Nullable Duration retryAfter;

  public BackupException(Kind kind, String message, @Nullable Throwable cause) {
    this(kind, message, cause, null);
  }

  /**
   * A failure of a store that says when it wants to be asked again.
   *
   * @param retryAfter how long it asks to be left alone; null if it does not say
   */
  public BackupException(
      Kind kind, String message, @Nullable Throwable cause, @Nullable Duration retryAfter) {
    super(message, cause);
    this.kind = Objects.requireNonNull(kind);
    this.retryAfter = retryAfter;
  }

  public BackupException(Kind kind, String message) {
    this(kind, message, null);
  }

  public Kind kind() {
    return kind;
  }

  /** Whether the same call may succeed later without anybody doing anything. */
  public boolean retryable() {
    return kind == Kind.UNAVAILABLE || kind == Kind.LOCKED;
  }

  /** How long the store asks to be left alone, where it says. */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }

  /** What went wrong, as far as a caller can act on it. Closed: new causes get one of these. */
  public enum Kind {
    /** What was asked for by name does not exist. */
    NOT_FOUND,
    /** What was to be created exists. */
    ALREADY_EXISTS,
    /** Something that a snapshot or the repository relies on is not stored. */
    MISSING,
    /** Stored bytes do not authenticate, do not match their hash, or break the format. */
    DAMAGED,
    /** The store or the file system refused permission. */
    DENIED,
    /** No key file opens with the password. */
    WRONG_KEY,
    /** The store keeps the object until a later time. */
    RETAINED,
    /** No space or quota is left. */
    FULL,
    /** Somebody else holds a lock. */
    LOCKED,
    /** Something changed meanwhile; a new run will see the new state. */
    CONFLICT,
    /** It would destroy something that was not confirmed by name. */
    NOT_CONFIRMED,
    /** The store, system or format cannot do it. */
    UNSUPPORTED,
    /** A passing failure: network, overload, time-out. */
    UNAVAILABLE,
    /** The input is not what it should be. */
    INVALID
  }
}
