package dev.copperplate.backup.repository.repair;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.repository.format.FormatException;
import dev.copperplate.backup.repository.format.IndexReader;
import dev.copperplate.backup.repository.format.IndexVisitor;
import dev.copperplate.backup.repository.format.ListedBlob;
import dev.copperplate.backup.repository.format.PackEntry;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.index.StoredIndex;
import dev.copperplate.backup.repository.lock.RepositoryLock;
import dev.copperplate.backup.repository.pack.PackScan;
import dev.copperplate.backup.repository.storage.ObjectKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Replaces the index files that are damaged, or that list packs which are gone, described wrongly
 * or listed elsewhere too, and lists packs that are in none. The others stay as they are. New files
 * first, then the old ones go. In memory is one index file at a time, and the ids of packs.
 */
public final class IndexRebuild {

  private final Healing healing;
  private final StoredIndex index;
  private final RepositoryLock lock;
  private final Set<Sha256> packs;
  private final Map<Sha256, List<PackEntry>> headers;
  private final Set<Sha256> listed = new HashSet<>();
  private final Set<Sha256> marked = new HashSet<>();
  private final Set<Sha256> replaced = new TreeSet<>();
  private final Map<Sha256, List<PackEntry>> batch = new LinkedHashMap<>();
  private int batchBlobs;
  private long written;

  /**
   * @param packs those that shall be listed: what is there and is not about to go
   * @param headers what they hold, where the indexes do not say it
   */
  public IndexRebuild(
      Healing healing,
      StoredIndex index,
      RepositoryLock lock,
      Set<Sha256> packs,
      Map<Sha256, List<PackEntry>> headers) {
    this.healing = healing;
    this.index = index;
    this.lock = lock;
    this.packs = packs;
    this.headers = headers;
  }

  /** Does it; returns how many index files were made, or removed if those were more. */
  public long rebuild() throws IOException {
    for (Sha256 each : new TreeSet<>(healing.store().ids(ObjectKind.INDEX))) {
      sort(each);
    }
    for (Sha256 each : replaced) {
      relist(each);
    }
    listOrphans();
    flush();
    removeReplaced();
    return Math.max(written, replaced.size());
  }

  /** A sound file stays, and what it lists is listed. */
  private void sort(Sha256 file) throws IOException {
    Listing listing = read(file);
    if (listing != null && isSound(listing)) {
      listed.addAll(listing.packs.keySet());
    } else {
      replaced.add(file);
    }
  }

  private boolean isSound(Listing listing) {
    return !listing.twice
        && listing.packs.entrySet().stream()
            .allMatch(each -> isRight(each.getKey(), each.getValue()));
  }

  private boolean isRight(Sha256 pack, List<PackEntry> entries) {
    List<PackEntry> header = headers.get(pack);
    return packs.contains(pack)
        && !listed.contains(pack)
        && (header == null || PackScan.same(entries, header));
  }

  private void relist(Sha256 file) throws IOException {
    Listing listing = read(file);
    if (listing == null) {
      return;
    }
    for (Map.Entry<Sha256, List<PackEntry>> each : listing.packs.entrySet()) {
      if (packs.contains(each.getKey())) {
        List<PackEntry> entries = each.getValue().stream().distinct().toList();
        list(each.getKey(), headers.getOrDefault(each.getKey(), entries));
      }
    }
  }

  private void listOrphans() throws IOException {
    for (Map.Entry<Sha256, List<PackEntry>> each : headers.entrySet()) {
      if (packs.contains(each.getKey()) && !marked.contains(each.getKey())) {
        list(each.getKey(), each.getValue());
      }
    }
  }

  private void list(Sha256 pack, List<PackEntry> entries) throws IOException {
    if (!listed.add(pack)) {
      return;
    }
    batch.put(pack, entries);
    batchBlobs += entries.size();
    if (batchBlobs >= StoredIndex.BLOBS_PER_FILE) {
      flush();
    }
  }

  private void flush() throws IOException {
    if (batch.isEmpty()) {
      return;
    }
    if (!healing.dryRun()) {
      lock.requireHeld();
      index.add(Map.copyOf(batch), healing.retention());
    }
    written++;
    batch.clear();
    batchBlobs = 0;
  }

  private void removeReplaced() throws IOException {
    if (replaced.isEmpty()) {
      return;
    }
    for (Sha256 each : replaced) {
      healing.done(ObjectKind.INDEX.key(each).value(), "replaced");
    }
    if (healing.dryRun()) {
      return;
    }
    lock.requireHeld();
    Map<ObjectKey, BackupException> kept = healing.store().delete(ObjectKind.INDEX, replaced);
    kept.forEach(
        (key, reason) ->
            healing
                .findings()
                .warning(
                    key.value(),
                    "was replaced and could not be removed: " + reason.getMessage(),
                    "Repair again with a credential that may delete"));
  }

  /** Null if it cannot be read. */
  private @Nullable Listing read(Sha256 file) throws IOException {
    Listing listing = new Listing();
    try {
      IndexReader.read(healing.store().read(ObjectKind.INDEX, file), listing);
      marked.addAll(listing.doomed);
      return listing;
    } catch (FormatException broken) {
      return null;
    } catch (BackupException failure) {
      if (failure.kind() == Kind.DAMAGED || failure.kind() == Kind.NOT_FOUND) {
        return null;
      }
      throw failure;
    }
  }

  /** What one index file lists. */
  private static final class Listing implements IndexVisitor {

    private final Map<Sha256, List<PackEntry>> packs = new LinkedHashMap<>();
    private final Set<Sha256> doomed = new HashSet<>();
    private List<PackEntry> entries = new ArrayList<>();
    private boolean twice;

    @Override
    public void pack(Sha256 pack) {
      twice |= packs.containsKey(pack);
      entries = packs.computeIfAbsent(pack, any -> new ArrayList<>());
    }

    @Override
    public void doomedPack(Sha256 pack) {
      doomed.add(pack);
    }

    @Override
    public void blob(ListedBlob blob) {
      entries.add(blob.entry());
    }
  }
}
