package dev.copperplate.backup.repository;

import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.records.HoldBody;
import dev.copperplate.backup.records.RecordKey;
import dev.copperplate.backup.records.RecordKind;
import dev.copperplate.backup.records.RecordStore;
import dev.copperplate.backup.records.StoredRecord;
import dev.copperplate.backup.repository.format.FormatException;
import java.io.IOException;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/**
 * Takes what lies beside a repository along with its snapshots: the holds that stand, the findings,
 * and the receipts as history. A receipt names the repository in which it was earned, so it proves
 * nothing in the replica; one that names the replica was not earned in the source and stays behind.
 * Approvals stay behind, too: nobody has agreed to a removal there.
 *
 * <p>A record has the same name in the replica. So what was copied is not copied again, and a hold
 * that was released in the replica stays released. A release in the source ends nothing there.
 */
final class CopiedRecords {

  private static final List<RecordKind> KINDS =
      List.of(RecordKind.HOLD, RecordKind.FINDINGS, RecordKind.RECEIPT);

  private static final String ORIGIN = " (held in repository ";
  private static final int SHOWN = 8;

  private final OpenRepository source;
  private final OpenRepository replica;
  private final Holds holds;
  private final Map<RecordKind, SortedMap<String, List<RecordKey>>> listed =
      new EnumMap<>(RecordKind.class);
  private final Set<RecordKey> known = new HashSet<>();

  /** Lists the records of both. */
  CopiedRecords(OpenRepository source, RepositoryOptions options, OpenRepository replica)
      throws IOException {
    this.source = source;
    this.replica = replica;
    this.holds = new Holds(source, options);
    for (RecordKind kind : KINDS) {
      listed.put(kind, source.records().keys(kind));
      replica.records().keys(kind).values().forEach(known::addAll);
    }
  }

  /** Copies what the replica does not have about a snapshot. */
  void copy(Snapshot snapshot) throws IOException {
    String run = RecordKey.subject(snapshot.run());
    for (Map.Entry<String, HoldBody> each : holds.held(keys(RecordKind.HOLD, run)).entrySet()) {
      RecordKey key = new RecordKey(RecordKind.HOLD, run, each.getKey());
      if (known.add(key)) {
        replica.records().write(key, withOrigin(each.getValue()).encode(), null);
      }
    }
    copy(keys(RecordKind.FINDINGS, run), CopiedRecords::ofARun);
    copy(keys(RecordKind.RECEIPT, snapshot.content().hex()), this::earnedElsewhere);
  }

  private List<RecordKey> keys(RecordKind kind, String subject) {
    SortedMap<String, List<RecordKey>> all = listed.get(kind);
    return all == null ? List.of() : all.getOrDefault(subject, List.of());
  }

  private void copy(List<RecordKey> keys, RecordStore.Parser<Optional<StoredRecord>> parser)
      throws IOException {
    for (RecordKey key : keys) {
      if (known.add(key)) {
        Optional<StoredRecord> record = source.records().find(key, parser).flatMap(each -> each);
        if (record.isPresent()) {
          replica.records().write(key, record.get().body(), record.get().signature());
        }
      }
    }
  }

  private static Optional<StoredRecord> ofARun(StoredRecord record) throws FormatException {
    RunFindings.parse(record);
    return Optional.of(record);
  }

  private Optional<StoredRecord> earnedElsewhere(StoredRecord record) throws FormatException {
    boolean here = Receipts.body(record).repository().equals(replica.config().id());
    return here ? Optional.empty() : Optional.of(record);
  }

  /** A reason, and where somebody had it; unless it says so already. */
  private HoldBody withOrigin(HoldBody hold) {
    String reason = hold.reason().orElseThrow();
    String origin = ORIGIN + source.config().id().substring(0, SHOWN) + ")";
    return reason.contains(ORIGIN) || reason.length() + origin.length() > HoldBody.MAX_REASON
        ? hold
        : HoldBody.hold(hold.run(), hold.at(), reason + origin);
  }
}
