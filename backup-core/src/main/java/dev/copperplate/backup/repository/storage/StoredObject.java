package dev.copperplate.backup.repository.storage;

import dev.copperplate.backup.repository.format.Sha256;
import java.time.Instant;
import java.util.Optional;

/**
 * What a listing tells of an object of the format.
 *
 * @param id its name
 * @param size in bytes, as stored
 * @param modified when it arrived, by the clock of the store
 * @param retainedUntil until when the store refuses to delete it, where the listing tells
 */
public record StoredObject(
    Sha256 id, long size, Instant modified, Optional<Instant> retainedUntil) {}
