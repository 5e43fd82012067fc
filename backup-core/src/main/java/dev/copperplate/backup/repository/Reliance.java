package dev.copperplate.backup.repository;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.ObjectInfo;
import dev.copperplate.backup.RunId;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.repository.capture.StoredSubtree;
import dev.copperplate.backup.repository.expiry.Dependencies;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.index.StoredIndex;
import dev.copperplate.backup.repository.lock.RepositoryLock;
import dev.copperplate.backup.repository.pack.BlobWriter;
import dev.copperplate.backup.repository.pack.PackInventory;
import dev.copperplate.backup.repository.read.ListedSnapshot;
import dev.copperplate.backup.repository.run.Run;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.repository.storage.Retention;
import dev.copperplate.backup.repository.storage.StoredObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a snapshot that is about to be stored relies on: looked for again, and where retention is
 * asked for retained as long as the snapshot. That is the packs, the index files that list them,
 * the config, the key files, and all that the snapshots consist of on which it depends.
 */
final class Reliance {

  private final OpenRepository repository;
  private final PackInventory inventory;
  private final BlobWriter blobs;
  private final RepositoryLock lock;
  private final Run run;
  private final Retention retention;

  Reliance(
      OpenRepository repository,
      PackInventory inventory,
      BlobWriter blobs,
      RepositoryLock lock,
      Run run,
      Retention retention) {
    this.repository = repository;
    this.inventory = inventory;
    this.blobs = blobs;
    this.lock = lock;
    this.run = run;
    this.retention = retention;
  }

  /**
   * Makes sure of everything. While nobody writes.
   *
   * @param dependencies the runs that are needed besides what the writer relied on
   * @throws BackupException {@code CONFLICT} if something of it has gone
   */
  void secure(Collection<RunId> dependencies) throws IOException, InterruptedException {
    Optional<Instant> until = retention.until();
    if (until.isEmpty()) {
      inventory.requireRelied();
      return;
    }
    Extension extension = new Extension(repository.store(), lock, run, retention, until.get());
    List<ListedSnapshot> needed = closure(dependencies);
    List<Needed> walked = walk(needed, until.get());
    extension.retain(
        ObjectKind.PACK,
        inventory.requireRelied(
            (number, pack) -> {
              walked.forEach(each -> each.notePack(number, extension.afterwards(pack)));
              return extension.isShort(pack);
            }));
    extension.retain(ObjectKind.INDEX, indexes(extension, walked));
    extension.retain(
        ObjectKind.SNAPSHOT,
        needed.stream()
            .map(ListedSnapshot::file)
            .filter(extension::isShort)
            .map(StoredObject::id)
            .toList());
    extension.retain(ObjectKind.KEY, keyFiles(extension));
    retainConfig(extension);
    walked.forEach(each -> repository.store().retained().note(each.content, each.least));
  }

  /** What a snapshot consists of that is needed, and until when all of it is retained. */
  private static final class Needed {

    private final Sha256 content;
    private final BitSet packs = new BitSet();
    private boolean whole;
    private Instant least = Instant.MAX;

    Needed(Sha256 content) {
      this.content = content;
    }

    void notePack(int pack, Instant until) {
      if (packs.get(pack)) {
        note(until);
      }
    }

    void noteIndex(BitSet listed, Instant until) {
      if (packs.intersects(listed)) {
        note(until);
      }
    }

    private void note(Instant until) {
      least = until.isBefore(least) ? until : least;
    }
  }

  private List<ListedSnapshot> closure(Collection<RunId> runs) throws IOException {
    if (runs.isEmpty()) {
      return List.of();
    }
    List<ListedSnapshot> all = repository.catalog().listed();
    Dependencies stored = new Dependencies(all.stream().map(ListedSnapshot::snapshot).toList());
    Set<RunId> needed = new LinkedHashSet<>(runs);
    needed.addAll(stored.closure(runs.stream().flatMap(each -> stored.of(each).stream()).toList()));
    return all.stream().filter(each -> needed.contains(each.snapshot().run())).toList();
  }

  /** Relies on all that snapshots consist of, unless it is known to be retained as it is. */
  private List<Needed> walk(List<ListedSnapshot> snapshots, Instant until) throws IOException {
    List<Needed> walked = new ArrayList<>();
    Set<Sha256> contents = new LinkedHashSet<>();
    for (ListedSnapshot each : snapshots) {
      Sha256 content = Sha256.parse(each.snapshot().content().hex());
      if (repository.store().retained().until(content).isBefore(until) && contents.add(content)) {
        Needed found = new Needed(content);
        found.packs.or(inventory.reliedBy(() -> found.whole = isWhole(content)));
        if (found.whole) {
          walked.add(found);
        } else {
          warn(each.snapshot());
        }
      }
    }
    return walked;
  }

  private boolean isWhole(Sha256 content) throws IOException {
    return new StoredSubtree(blobs, repository.trees()).rely(content) != null;
  }

  private void warn(Snapshot snapshot) {
    run.report(
        Finding.warning(
            "snapshot " + snapshot.id().shortHex(),
            "is depended on and not stored whole, so that not all that is left of it is retained",
            "Check the repository, and make a backup that does not build on it"));
  }

  /** The index files that list a pack on which the writer relied, and are not retained enough. */
  private List<Sha256> indexes(Extension extension, List<Needed> walked) throws IOException {
    StoredIndex.View view = repository.index().view();
    List<Sha256> found = new ArrayList<>();
    try (Cursor<StoredObject> all = repository.store().list(ObjectKind.INDEX)) {
      for (StoredObject each = all.next(); each != null; each = all.next()) {
        StoredIndex.IndexFile file = view.files().get(each.id());
        BitSet relied = file == null ? new BitSet() : relied(view, file);
        Instant until = extension.afterwards(each);
        walked.forEach(needed -> needed.noteIndex(relied, until));
        if (!relied.isEmpty() && extension.isShort(each)) {
          found.add(each.id());
        }
      }
    }
    return found;
  }

  private BitSet relied(StoredIndex.View view, StoredIndex.IndexFile file) {
    BitSet relied = new BitSet();
    for (int pack : file.packs()) {
      inventory.relied(view.blobs().pack(pack)).ifPresent(relied::set);
    }
    return relied;
  }

  /** As many as stock restic tries; of more, those that came first: junk comes later. */
  private List<Sha256> keyFiles(Extension extension) throws IOException {
    List<StoredObject> found = new ArrayList<>();
    try (Cursor<StoredObject> all = repository.store().list(ObjectKind.KEY)) {
      for (StoredObject each = all.next(); each != null; each = all.next()) {
        found.add(each);
      }
    }
    return found.stream()
        .sorted(Comparator.comparing(StoredObject::modified))
        .limit(KeyRing.MAX_KEYS)
        .filter(extension::isShort)
        .map(StoredObject::id)
        .toList();
  }

  private void retainConfig(Extension extension) throws IOException {
    repository.store().putBack(StoredConfig.KEY, Retention.NONE);
    Sha256 name = Sha256.hash(StoredConfig.KEY.value().getBytes(StandardCharsets.UTF_8));
    try (Cursor<ObjectInfo> all = repository.store().target().list(StoredConfig.KEY.value())) {
      for (ObjectInfo each = all.next(); each != null; each = all.next()) {
        if (each.key().equals(StoredConfig.KEY)
            && extension.isShort(
                new StoredObject(name, each.size(), each.modified(), each.retainedUntil()))) {
          extension.retain(Map.of(name, StoredConfig.KEY));
        }
      }
    }
  }
}
