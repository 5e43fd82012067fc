package dev.copperplate.backup.verify;

import dev.copperplate.backup.Finding;
import dev.copperplate.backup.RestoreContext;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.Verification;
import dev.copperplate.backup.Verifier;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/** Compares a snapshot with the ones before it, by what {@link Verifiers#structure} counts. */
final class SizeVerifier implements Verifier {

  private static final String NAME = "size";

  /** A week of days: the median forgives three odd ones. */
  private static final int HISTORY = 7;

  private final double factor;

  SizeVerifier(double factor) {
    if (!(factor > 1 && factor < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("The factor is more than 1, not " + factor);
    }
    this.factor = factor;
  }

  @Override
  public Verification verify(SnapshotReader snapshot, RestoreContext context)
      throws IOException, InterruptedException {
    Verification counted = EntryVerifier.structure(NAME).verify(snapshot, context);
    List<Snapshot> history =
        EarlierSnapshots.of(snapshot.snapshot(), context.snapshots()).stream()
            .filter(each -> each.files() > 0 || each.bytes() > 0) // other tools may not count
            .limit(HISTORY)
            .toList();
    List<Finding> findings = new ArrayList<>(counted.findings());
    Map<String, String> facts = new HashMap<>(counted.facts());
    if (history.isEmpty()) {
      findings.add(
          Finding.info(NAME, "there is no earlier snapshot of this source to compare with"));
    } else {
      compare("files", Snapshot::files, history, facts, findings);
      compare("bytes", Snapshot::bytes, history, facts, findings);
    }
    return Verification.of(NAME, counted.proof(), findings, facts);
  }

  private void compare(
      String what,
      ToLongFunction<Snapshot> count,
      List<Snapshot> history,
      Map<String, String> facts,
      List<Finding> findings) {
    long now = Long.parseLong(facts.getOrDefault(what, "0"));
    long median = history.stream().mapToLong(count).sorted().toArray()[history.size() / 2];
    facts.put("median" + (what.equals("files") ? "Files" : "Bytes"), Long.toString(median));
    String message =
        "it has "
            + now
            + " "
            + what
            + ", and the median of the last "
            + history.size()
            + " is "
            + median;
    if (now * factor < median) {
      findings.add(
          Finding.error(
              NAME,
              message,
              "Look at the source: what is missing there is still in the earlier snapshots"));
    } else if (median > 0 && now > median * factor) {
      findings.add(Finding.warning(NAME, message, "Look at the source for what came to it"));
    }
  }
}
