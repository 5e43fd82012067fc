package dev.copperplate.backup.repository.repair;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Workers;
import dev.copperplate.backup.repository.check.Survey;
import dev.copperplate.backup.repository.check.Survey.PackContents;
import dev.copperplate.backup.repository.format.PackEntry;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.pack.PackDirectory;
import dev.copperplate.backup.repository.pack.PackScan;
import dev.copperplate.backup.repository.pack.PackScan.BadBlob;
import dev.copperplate.backup.repository.storage.ObjectStore;
import dev.copperplate.backup.repository.storage.StoredObject;
import java.io.IOException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What packs hold by their own headers, as far as the indexes do not say the same. Of packs whose
 * header cannot be read the indexes are believed. Brings the index in memory up to what it should
 * be: what is in no index is added, what is wrong is marked.
 */
public final class PackTruth {

  private final ObjectStore store;
  private final Survey survey;
  private final boolean whole;
  private final Map<Sha256, List<PackEntry>> headers = new HashMap<>();
  private final Map<Sha256, List<PackEntry>> badOrphans = new HashMap<>();
  private final BitSet unsound = new BitSet();
  private final BitSet unreadable = new BitSet();

  private PackTruth(ObjectStore store, Survey survey, boolean whole) {
    this.store = store;
    this.survey = survey;
    this.whole = whole;
  }

  /**
   * Reads the headers of all packs, several at once.
   *
   * @param whole whether to read what no index lists to its end: a pack that an earlier repair did
   *     not come to remove has a sound header, too
   */
  public static PackTruth read(ObjectStore store, Survey survey, boolean whole, Workers workers)
      throws IOException, InterruptedException {
    PackTruth truth = new PackTruth(store, survey, whole);
    PackContents contents = survey.contents();
    for (int pack = survey.present().nextSetBit(0);
        pack >= 0;
        pack = survey.present().nextSetBit(pack + 1)) {
      int number = pack;
      workers.submit(() -> truth.compare(number, contents));
    }
    for (StoredObject each : survey.unlisted()) {
      workers.submit(() -> truth.adopt(each));
    }
    workers.join();
    truth.correct(contents);
    return truth;
  }

  /** What the packs hold that an index does not know, or describes wrongly. */
  public Map<Sha256, List<PackEntry>> headers() {
    return headers;
  }

  /** The packs whose header says something else than an index, and that are damaged as well. */
  public BitSet unsound() {
    return unsound;
  }

  /** The packs that an index lists and whose header the store does not give. */
  public BitSet unreadable() {
    return unreadable;
  }

  private @Nullable Void compare(int pack, PackContents contents) throws IOException {
    Sha256 id = survey.blobs().pack(pack);
    List<PackEntry> header = header(id, survey.size(pack));
    // What index files that contradict each other say together may be right, and neither is.
    boolean doubtful = survey.indexes().contradictory().get(pack);
    if (header != null && (doubtful || !PackScan.same(contents.entries(pack), header))) {
      boolean sound = isSound(id, header);
      synchronized (this) {
        if (sound) {
          headers.put(id, header);
        } else {
          unsound.set(pack);
        }
      }
    }
    return null;
  }

  /** Two packs that were exchanged have sound headers, too: a contradiction is worth a reading. */
  private boolean isSound(Sha256 pack, List<PackEntry> header) throws IOException {
    try (PackScan scan = new PackScan(store)) {
      return scan.read(pack, header, more -> {}).sound();
    }
  }

  private List<PackEntry> bad(Sha256 pack, List<PackEntry> header) throws IOException {
    try (PackScan scan = new PackScan(store)) {
      return scan.read(pack, header, more -> {}).bad().stream().map(BadBlob::entry).toList();
    }
  }

  private @Nullable Void adopt(StoredObject pack) throws IOException {
    List<PackEntry> header = header(pack.id(), pack.size());
    if (header == null) {
      return null;
    }
    if (!whole && isElsewhere(header) && !isSound(pack.id(), header)) {
      return null;
    }
    List<PackEntry> bad = whole ? bad(pack.id(), header) : List.of();
    synchronized (this) {
      headers.put(pack.id(), header);
      if (!bad.isEmpty()) {
        badOrphans.put(pack.id(), bad);
      }
    }
    return null;
  }

  /** What was stored twice may have been stored again because this pack is damaged. */
  private boolean isElsewhere(List<PackEntry> entries) {
    return entries.stream().anyMatch(each -> survey.health().has(each.type(), each.id()));
  }

  private @Nullable List<PackEntry> header(Sha256 pack, long size) throws IOException {
    try {
      return PackDirectory.read(store, pack, size);
    } catch (BackupException failure) {
      if (failure.kind() != Kind.DAMAGED && failure.kind() != Kind.NOT_FOUND) {
        synchronized (this) {
          survey.blobs().packNumber(pack).ifPresent(unreadable::set);
        }
      }
      return null;
    }
  }

  private void correct(PackContents contents) {
    int known = survey.packs();
    headers.forEach(
        (id, entries) -> {
          int pack = survey.blobs().packNumber(id).orElse(-1);
          Set<PackEntry> right = new HashSet<>(entries);
          if (pack >= 0 && pack < known) {
            for (int number : contents.numbers(pack)) {
              if (!right.remove(survey.blobs().blobAt(number))) {
                survey.health().markBad(number);
              }
            }
          }
          survey.blobs().add(id, List.copyOf(right));
          survey.blobs().packNumber(id).ifPresent(survey.present()::set);
        });
    badOrphans.forEach(
        (id, bad) -> {
          int pack = survey.blobs().packNumber(id).orElse(-1);
          unsound.set(pack);
          bad.forEach(each -> markBad(pack, each));
        });
  }

  private void markBad(int pack, PackEntry bad) {
    int place =
        survey.blobs().place(bad.type(), bad.id(), each -> survey.blobs().packAt(each) == pack);
    if (place >= 0) {
      survey.health().markBad(place);
    }
  }
}
