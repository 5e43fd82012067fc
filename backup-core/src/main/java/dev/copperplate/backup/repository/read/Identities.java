package dev.copperplate.backup.repository.read;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.ContentId;
import dev.copperplate.backup.Manifest;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.SourceId;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.index.StoredIndex;
import dev.copperplate.backup.repository.pack.BlobReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the manifests of snapshots say of the systems that were captured, the fact {@link
 * Manifest#IDENTITY}. Each manifest is read once. Thread-safe.
 */
public final class Identities {

  /** Identifiers are short; of a longer one a digest is kept, so that memory stays bounded. */
  private static final int LONGEST = 128;

  private final String repository;
  private final StoredIndex index;
  private final BlobReader blobs;
  private final Trees trees;
  private final Map<ContentId, Optional<String>> known = new ConcurrentHashMap<>();

  public Identities(String repository, StoredIndex index, BlobReader blobs, Trees trees) {
    this.repository = repository;
    this.index = index;
    this.blobs = blobs;
    this.trees = trees;
  }

  /**
   * The identity of what was captured; empty for plain files, where the source noted none, and
   * where the manifest is damaged or gone.
   */
  public Optional<String> of(Snapshot snapshot) throws IOException {
    if (snapshot.source().type().equals(SourceId.FILES)) {
      return Optional.empty();
    }
    Optional<String> identity = known.get(snapshot.content());
    if (identity != null) {
      return identity;
    }
    try {
      identity = read(snapshot);
    } catch (BackupException unreadable) {
      if (unreadable.kind() != Kind.DAMAGED && unreadable.kind() != Kind.MISSING) {
        throw unreadable;
      }
      // Not remembered: it may be healed, or known to an index that is yet to be read.
      return Optional.empty();
    }
    known.put(snapshot.content(), identity);
    return identity;
  }

  /** Forgets all but these, and takes in what the index has learnt since. */
  public void refresh(Collection<Snapshot> stored) throws IOException {
    Set<ContentId> contents = new HashSet<>();
    stored.forEach(each -> contents.add(each.content()));
    known.keySet().retainAll(contents);
    index.refresh();
  }

  private Optional<String> read(Snapshot snapshot) throws IOException {
    try (SnapshotReader reader =
        new StoredSnapshotReader(repository, snapshot, blobs, trees, bytes -> {})) {
      return reader.manifest().get(Manifest.IDENTITY).map(Identities::bounded);
    }
  }

  private static String bounded(String identity) {
    return identity.length() <= LONGEST
        ? identity
        : "sha256:" + Sha256.hash(identity.getBytes(StandardCharsets.UTF_8)).hex();
  }
}
