package dev.copperplate.backup.repository;

import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.records.RecordKey;
import dev.copperplate.backup.records.RecordKind;
import dev.copperplate.backup.records.RecordStore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds the records that nobody will ask for any more: receipts and findings whose content or run
 * no snapshot has, and approvals that expired long ago. Holds stay for good.
 */
final class RecordCleanup {

  /** How long an approval is kept after it expired, for those who ask who agreed. */
  static final Duration APPROVALS_KEPT = Duration.ofDays(400);

  private final RecordStore records;

  RecordCleanup(OpenRepository repository) {
    this.records = repository.records();
  }

  /**
   * The records that may go; {@link RecordStore#delete} removes them. Under the exclusive lock, so
   * that no snapshot is added meanwhile.
   *
   * @param listed every snapshot of the repository: with one that could not be read left out, its
   *     receipts would go
   */
  List<RecordKey> unneeded(Collection<Snapshot> listed, Instant now) throws IOException {
    List<RecordKey> unneeded = new ArrayList<>();
    Set<String> contents =
        listed.stream().map(each -> each.content().hex()).collect(Collectors.toSet());
    Set<String> runs =
        listed.stream().map(each -> RecordKey.subject(each.run())).collect(Collectors.toSet());
    addOthers(RecordKind.RECEIPT, contents, unneeded);
    addOthers(RecordKind.FINDINGS, runs, unneeded);
    addOldApprovals(now, unneeded);
    return unneeded;
  }

  private void addOthers(RecordKind kind, Set<String> needed, List<RecordKey> unneeded)
      throws IOException {
    for (Map.Entry<String, List<RecordKey>> each : records.keys(kind).entrySet()) {
      if (!needed.contains(each.getKey())) {
        unneeded.addAll(each.getValue());
      }
    }
  }

  private void addOldApprovals(Instant now, List<RecordKey> unneeded) throws IOException {
    for (List<RecordKey> keys : records.keys(RecordKind.APPROVAL).values()) {
      for (RecordKey key : keys) {
        Optional<Approval> approval = records.find(key, Approvals::parse);
        approval
            .filter(each -> each.expires().isBefore(now.minus(APPROVALS_KEPT)))
            .ifPresent(old -> unneeded.add(key));
      }
    }
  }
}
