package dev.copperplate.backup.repository.storage;

import dev.copperplate.backup.repository.format.Sha256;
import java.time.Instant;

/**
 * What a listing tells of an object of the format.
 *
 * @param id its name
 * @param size in bytes, as stored
 * @param modified by the clock of the store
 */
public record StoredObject(Sha256 id, long size, Instant modified) {}
