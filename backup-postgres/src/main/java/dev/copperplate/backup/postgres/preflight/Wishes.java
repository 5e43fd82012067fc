package dev.copperplate.backup.postgres.preflight;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the host means to do with the server.
 *
 * @param slot of the archiver, where there is to be one
 * @param chain the longest time between two backups of a chain, where there are to be chains
 * @param free bytes that the target has
 * @param strict whether plain transport is an error
 */
public record Wishes(
    Optional<String> slot, Optional<Duration> chain, OptionalLong free, boolean strict) {

  private static final String SLOT = "[a-z0-9_]{1,63}";

  public Wishes {
    if (slot.filter(each -> !each.matches(SLOT)).isPresent()) {
      throw new IllegalArgumentException(
          "No name of a slot, which has up to 63 of a-z, 0-9 and _: " + slot.get());
    }
    if (chain.filter(each -> each.isNegative() || each.isZero()).isPresent()) {
      throw new IllegalArgumentException("No time between two backups: " + chain.get());
    }
    if (free.orElse(0) < 0) {
      throw new IllegalArgumentException("Fewer than no bytes: " + free.getAsLong());
    }
  }
}
