package dev.copperplate.backup.repository.repair;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Finding.Severity;
import dev.copperplate.backup.Workers;
import dev.copperplate.backup.repository.check.BlobHealth;
import dev.copperplate.backup.repository.check.BlobTroubles;
import dev.copperplate.backup.repository.check.BlobTroubles.Blob;
import dev.copperplate.backup.repository.check.Directories;
import dev.copperplate.backup.repository.check.Survey.PackContents;
import dev.copperplate.backup.repository.format.BlobType;
import dev.copperplate.backup.repository.format.PackEntry;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.pack.BlobReader;
import dev.copperplate.backup.repository.pack.BlobWriter;
import dev.copperplate.backup.repository.pack.StoredBlob;
import java.io.IOException;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Stores again, from replicas, what snapshots need and cannot be had here, and what can still be
 * had of damaged packs, so that those can go. In memory are the ids of the blobs that are wanted.
 */
public final class BlobHealing {

  /** Where blobs are stored. */
  @FunctionalInterface
  public interface Sink {
    void store(BlobType type, Sha256 id, StoredBlob blob) throws IOException;

    /** Into a repository, although it may be stored: in a pack that is about to go. */
    static Sink into(BlobWriter writer) {
      return (type, id, blob) -> writer.transfer(type, id, blob, true);
    }
  }

  private final Healing healing;
  private final BlobHealth health;
  private final BlobReader blobs;
  private final Directories directories;
  private final Set<Blob> wanted = new HashSet<>();
  private final Set<Blob> stored = new HashSet<>();
  private final BlobTroubles lost = new BlobTroubles();

  public BlobHealing(Healing healing, BlobHealth health, BlobReader blobs) {
    this.healing = healing;
    this.health = health;
    this.blobs = blobs;
    this.directories = new Directories(health, this::tree, this::want, read -> {});
  }

  /** Finds out what snapshots need and cannot be had, with the directories that replicas have. */
  public void look(Collection<Sha256> roots, Workers workers)
      throws IOException, InterruptedException {
    directories.walk(roots, workers);
  }

  /** Whether anything is to be stored again. */
  public synchronized boolean isNeeded() {
    return !wanted.isEmpty();
  }

  /** What snapshots need and no replica has. */
  public BlobTroubles lost() {
    return lost;
  }

  /** The bytes of a directory, of this repository or of a replica. */
  public byte[] tree(Sha256 id) throws IOException {
    BackupException failure;
    if (health.has(BlobType.TREE, id)) {
      try {
        return blobs.read(BlobType.TREE, id);
      } catch (BackupException unreadable) {
        requireBroken(unreadable);
        failure = unreadable;
      }
    } else {
      Blob missing = new Blob(BlobType.TREE, id);
      failure = new BackupException(Kind.MISSING, missing.name() + " is damaged or missing", null);
      synchronized (this) {
        wanted.add(missing);
      }
    }
    for (Replica each : healing.replicas()) {
      try {
        return each.blobs().read(BlobType.TREE, id);
      } catch (BackupException unreadable) {
        requireBroken(unreadable);
      }
    }
    throw failure;
  }

  private synchronized void want(
      BlobType type, Sha256 id, Severity severity, String message, String remedy) {
    if (severity == Severity.ERROR && !health.has(type, id)) {
      wanted.add(new Blob(type, id));
    }
  }

  /** Stores what is wanted, as far as replicas have it. */
  public void heal(@Nullable Sink sink, Workers workers) throws IOException, InterruptedException {
    for (Blob each : Set.copyOf(wanted)) {
      workers.submit(
          () -> {
            heal(each, sink);
            return null;
          });
    }
    workers.join();
  }

  private void heal(Blob blob, @Nullable Sink sink) throws IOException {
    StoredBlob found = fromReplicas(blob);
    if (found == null) {
      lost.add(
          blob.type(),
          blob.id(),
          Severity.ERROR,
          healing.replicas().isEmpty()
              ? "is damaged or missing"
              : "is damaged or missing, and no replica has it",
          "Back up again what is still there; `restic repair snapshots --forget` gives up what is"
              + " lost");
      return;
    }
    store(blob, found, sink);
    healing.blobs().incrementAndGet();
  }

  private void store(Blob blob, StoredBlob found, @Nullable Sink sink) throws IOException {
    synchronized (this) {
      if (!stored.add(blob)) {
        return;
      }
    }
    if (sink != null) {
      sink.store(blob.type(), blob.id(), found);
    }
  }

  private @Nullable StoredBlob fromReplicas(Blob blob) throws IOException {
    for (Replica each : healing.replicas()) {
      try {
        return each.blobs().readStored(blob.type(), blob.id());
      } catch (BackupException unreadable) {
        requireBroken(unreadable);
      }
    }
    return null;
  }

  /**
   * Stores what can be read of damaged packs, after {@link #heal}; returns the packs of which
   * nothing is left that is needed.
   */
  public BitSet empty(BitSet packs, PackContents contents, @Nullable Sink sink) throws IOException {
    BitSet emptied = new BitSet();
    for (int pack = packs.nextSetBit(0); pack >= 0; pack = packs.nextSetBit(pack + 1)) {
      boolean whole = true;
      for (PackEntry each : contents.entries(pack)) {
        whole &= save(new Blob(each.type(), each.id()), packs, sink);
      }
      if (whole) {
        emptied.set(pack);
      }
    }
    return emptied;
  }

  /** False if the blob is needed and cannot be saved. */
  private boolean save(Blob blob, BitSet going, @Nullable Sink sink) throws IOException {
    synchronized (this) {
      if (stored.contains(blob)) {
        return true;
      }
    }
    int elsewhere =
        health
            .blobs()
            .place(
                blob.type(),
                blob.id(),
                entry -> health.isGood(entry) && !going.get(health.blobs().packAt(entry)));
    if (elsewhere >= 0) {
      return true;
    }
    try {
      store(blob, blobs.readStored(blob.type(), blob.id()), sink);
      return true;
    } catch (BackupException unreadable) {
      requireBroken(unreadable);
      return !directories.isNeeded(health.number(blob.type(), blob.id()));
    }
  }

  private static void requireBroken(BackupException failure) throws BackupException {
    if (failure.kind() != Kind.MISSING && failure.kind() != Kind.DAMAGED) {
      throw failure;
    }
  }
}
