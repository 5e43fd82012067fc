package dev.copperplate.backup;

import java.time.Instant;
import java.util.Optional;

/**
 * How an object is to be stored.
 *
 * @param ifAbsent fail with {@code ALREADY_EXISTS} if the key exists; needs {@link
 *     Capability#CONDITIONAL_PUT}
 * @param hot must never need thawing: keep it out of archive storage
 * @param retainUntil refuse deletion until then; needs {@link Capability#RETENTION}
 */
public record PutOptions(boolean ifAbsent, boolean hot, Optional<Instant> retainUntil) {

  /** For bulk data. */
  public static final PutOptions DATA = new PutOptions(false, false, Optional.empty());

  /** For what every opening needs. */
  public static final PutOptions METADATA = new PutOptions(false, true, Optional.empty());

  public PutOptions onlyIfAbsent() {
    return new PutOptions(true, hot, retainUntil);
  }
}
