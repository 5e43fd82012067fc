package dev.copperplate.backup;

import java.time.Instant;
import java.util.Optional;

/**
 * One version of an object.
 *
 * @param id the store's name for it
 * @param modified when it was written, by the store's clock
 * @param retainedUntil until when the store refuses to delete it
 */
public record ObjectVersion(String id, Instant modified, Optional<Instant> retainedUntil) {}
