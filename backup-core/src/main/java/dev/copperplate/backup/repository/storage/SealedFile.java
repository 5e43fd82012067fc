package dev.copperplate.backup.repository.storage;

import dev.copperplate.backup.repository.format.Sha256;

/**
 * An index, snapshot or lock file that is sealed and not stored yet: its name is known before.
 *
 * @param id its name
 * @param bytes as they are stored; not to be changed
 */
public record SealedFile(Sha256 id, byte[] bytes) {}
