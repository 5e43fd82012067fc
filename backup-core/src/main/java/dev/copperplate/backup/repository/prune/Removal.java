package dev.copperplate.backup.repository.prune;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.lock.RepositoryLock;
import dev.copperplate.backup.repository.run.Run;
import dev.copperplate.backup.repository.storage.ObjectKind;
import java.io.IOException;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The end of a prune, under an exclusive lock, by a survey that was taken under it: new index files
 * first, then the old ones go, then the packs that no index lists any more. Killed anywhere, it
 * leaves packs in two index files, or in none, and nothing that is needed is gone.
 */
public final class Removal {

  private final Survey survey;
  private final Run run;
  private final RepositoryLock lock;
  private final Deletions deletions;
  private final BitSet free = new BitSet();
  private boolean complete = true;
  private long packs;
  private long bytes;
  private long accountedFor;
  private long retained;
  private int indexes;

  public Removal(Survey survey, Run run, RepositoryLock lock) {
    this.survey = survey;
    this.run = run;
    this.lock = lock;
    this.deletions = new Deletions(survey.store(), lock);
  }

  /** Removes what nobody needs. */
  public void remove() throws IOException {
    for (int pack = 0; pack < survey.stock().packs(); pack++) {
      free.set(pack, survey.use().isFree(pack));
    }
    BitSet stillListed = replaceIndexes();
    Map<Sha256, Long> going = new HashMap<>();
    for (int pack = free.nextSetBit(0); pack >= 0; pack = free.nextSetBit(pack + 1)) {
      if (!stillListed.get(pack)) {
        going.put(survey.stock().index().pack(pack), survey.stock().size(pack));
      }
    }
    if (survey.isComplete()) {
      going.putAll(survey.unlisted());
    } else if (!survey.unlisted().isEmpty()) {
      keepUnlisted();
    }
    removePacks(going);
  }

  /** Returns the packs that are listed all the same, because an index file did not go. */
  private BitSet replaceIndexes() throws IOException {
    IndexRewrite rewrite = survey.rewrite(free);
    lock.requireHeld();
    List<Sha256> written = rewrite.write(survey.store());
    Map<Sha256, BackupException> remaining = deletions.delete(ObjectKind.INDEX, rewrite.replaced());
    indexes = rewrite.replaced().size() - remaining.size();
    if (!remaining.isEmpty()) {
      note("index files", remaining);
    }
    if (indexes == 0 && !written.isEmpty()) {
      // All is listed as it was; what is listed twice would be in the way of other tools.
      deletions.delete(ObjectKind.INDEX, written);
    }
    return IndexRewrite.listedBy(remaining.keySet(), survey.files());
  }

  private void removePacks(Map<Sha256, Long> going) throws IOException {
    Map<Sha256, BackupException> remaining = deletions.delete(ObjectKind.PACK, going.keySet());
    packs = (long) going.size() - remaining.size();
    for (int pack = free.nextSetBit(0); pack >= 0; pack = free.nextSetBit(pack + 1)) {
      Sha256 id = survey.stock().index().pack(pack);
      BackupException reason = remaining.get(id);
      if (going.containsKey(id) && (reason == null || reason.kind() == Kind.RETAINED)) {
        accountedFor += survey.stock().size(pack);
      }
    }
    bytes = sum(going, going.keySet()) - sum(going, remaining.keySet());
    if (!remaining.isEmpty()) {
      note("packs", remaining);
    }
    for (Map.Entry<Sha256, BackupException> each : remaining.entrySet()) {
      if (each.getValue().kind() == Kind.RETAINED) {
        retained += sum(going, Set.of(each.getKey()));
      }
    }
  }

  private static long sum(Map<Sha256, Long> sizes, Collection<Sha256> ids) {
    return ids.stream().mapToLong(id -> sizes.getOrDefault(id, 0L)).sum();
  }

  private void keepUnlisted() {
    complete = false;
    run.report(
        Finding.warning(
            survey.store().target().description(),
            survey.unlisted().size()
                + " packs that no index lists stay, because something that snapshots need is"
                + " missing and may be in them",
            "Repair the index, then prune again"));
  }

  /** What the store retains is no error: it goes when its time has come. */
  private void note(String what, Map<Sha256, BackupException> remaining) {
    long others = remaining.values().stream().filter(each -> each.kind() != Kind.RETAINED).count();
    BackupException reason = remaining.values().iterator().next();
    String message =
        remaining.size() + " " + what + " were not let go by the store: " + reason.getMessage();
    String place = survey.store().target().description();
    if (others == 0) {
      run.report(Finding.info(place, message));
    } else {
      complete = false;
      run.report(Finding.warning(place, message, "Allow this user to delete, and prune again"));
    }
  }

  /** Whether everything went that was to go. */
  public boolean isComplete() {
    return complete;
  }

  /** How many packs are gone. */
  public long packs() {
    return packs;
  }

  /** What they took. */
  public long bytes() {
    return bytes;
  }

  /** What stays although nobody needs it, and the store would let it go. */
  public long unusedBytes() {
    return survey.unusedBytes() - accountedFor;
  }

  /** What the store did not let go, and did not tell before. */
  public long retained() {
    return retained;
  }

  /** How many index files are gone. */
  public int indexes() {
    return indexes;
  }
}
