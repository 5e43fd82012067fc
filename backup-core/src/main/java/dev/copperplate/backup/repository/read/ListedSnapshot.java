package dev.copperplate.backup.repository.read;

import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.repository.storage.StoredObject;

/**
 * A snapshot, and what the store's listing told of its file.
 *
 * @param snapshot as its file tells it, which its writer chose
 * @param file as the store tells it, which the writer could not choose
 */
public record ListedSnapshot(Snapshot snapshot, StoredObject file) {}
