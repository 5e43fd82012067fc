package dev.copperplate.backup;

import java.time.Instant;
import java.util.Optional;

/**
 * What a listing tells of an object.
 *
 * @param size in bytes
 * @param modified when it was written, by the store's clock
 * @param retainedUntil until when the store refuses to delete it, where the listing tells
 */
public record ObjectInfo(
    ObjectKey key, long size, Instant modified, Optional<Instant> retainedUntil) {}
