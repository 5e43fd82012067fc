package dev.copperplate.backup.repository.check;

import dev.copperplate.backup.Finding;
import dev.copperplate.backup.repository.check.AffectedPlaces.Places;
import dev.copperplate.backup.repository.check.BlobTroubles.Blob;
import dev.copperplate.backup.repository.check.BlobTroubles.Trouble;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.repository.storage.ObjectStore;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Makes findings of troubles with blobs: each with its packs, and the snapshots and paths. */
public final class TroubleReport {

  private static final int NAMED = 10;

  private final ObjectStore store;
  private final Survey survey;
  private final Directories.Source trees;

  public TroubleReport(ObjectStore store, Survey survey, Directories.Source trees) {
    this.store = store;
    this.survey = survey;
    this.trees = trees;
  }

  /** Says what there is to say of all of them. */
  public void report(BlobTroubles troubles, Findings findings) throws IOException {
    Map<Blob, Trouble> all = troubles.kept();
    if (all.isEmpty()) {
      return;
    }
    Map<Blob, Places> places =
        new AffectedPlaces(survey.health(), trees).find(survey.snapshots(), all.keySet());
    all.forEach((blob, trouble) -> findings.add(finding(blob, trouble, places)));
    if (troubles.more() > 0) {
      findings.error(
          store.target().description(),
          troubles.more() + " more blobs that snapshots need are damaged or missing",
          "");
    }
  }

  private Finding finding(Blob blob, Trouble trouble, Map<Blob, Places> places) {
    Places affected = places.get(blob);
    String of =
        affected == null ? "; no snapshot names it any more" : "; it is part of " + affected;
    return new Finding(
        trouble.severity(), blob.name(), trouble.message() + where(blob) + of, trouble.remedy());
  }

  /** The packs that an index gives for a blob. */
  private String where(Blob blob) {
    List<String> packs =
        survey.blobs().locations(blob.type(), blob.id()).stream()
            .map(each -> ObjectKind.PACK.key(each.pack()).value())
            .distinct()
            .limit(NAMED)
            .toList();
    return packs.isEmpty() ? "" : " (" + String.join(", ", packs) + ")";
  }
}
