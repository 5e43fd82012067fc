package dev.copperplate.backup.repository.repair;

import dev.copperplate.backup.repository.pack.BlobReader;
import dev.copperplate.backup.repository.storage.ObjectStore;

/**
 * Another repository that may hold what is damaged or missing here.
 *
 * @param store its objects
 * @param blobs its blobs, by an index that was just read
 * @param cutsAlike whether it cuts files into the same pieces, so that they have the same ids
 */
public record Replica(ObjectStore store, BlobReader blobs, boolean cutsAlike) {

  String name() {
    return store.target().description();
  }
}
