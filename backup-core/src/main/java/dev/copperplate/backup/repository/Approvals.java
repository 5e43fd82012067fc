package dev.copperplate.backup.repository;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.RunId;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.records.ApprovalBody;
import dev.copperplate.backup.records.RecordKey;
import dev.copperplate.backup.records.RecordKind;
import dev.copperplate.backup.records.RecordStore;
import dev.copperplate.backup.records.StoredRecord;
import dev.copperplate.backup.repository.format.FormatException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Who agrees to the removal of which snapshots, beside the repository. They are sealed, not signed:
 * whoever has the repository's key can write one.
 */
final class Approvals {

  private final RecordStore records;

  Approvals(OpenRepository repository) {
    this.records = repository.records();
  }

  /** Keeps an approval. */
  void add(Approval approval) throws IOException {
    ApprovalBody body =
        new ApprovalBody(
            approval.snapshots(),
            approval.approver(),
            approval.at(),
            approval.expires(),
            approval.signature());
    records.write(RecordKind.APPROVAL, ApprovalBody.SUBJECT, approval.at(), body.encode(), null);
  }

  /** All that are stored, whether they still count or not, oldest first. */
  List<Approval> all() throws IOException {
    List<Approval> approvals = new ArrayList<>();
    for (RecordKey key : records.keys(RecordKind.APPROVAL, ApprovalBody.SUBJECT)) {
      records.find(key, Approvals::parse).ifPresent(approvals::add);
    }
    approvals.sort(Comparator.comparing(Approval::at));
    return approvals;
  }

  /** What a record says. */
  static Approval parse(StoredRecord record) throws FormatException {
    ApprovalBody body = ApprovalBody.decode(record.utf8());
    try {
      return new Approval(
          body.snapshots(), body.approver(), body.at(), body.expires(), body.signature());
    } catch (IllegalArgumentException wrong) {
      throw new FormatException("it says what no approval says: " + wrong.getMessage(), wrong);
    }
  }

  /**
   * Who agrees to the removal of a snapshot at a time. Two names that differ in case, or in the
   * white space around them, are one.
   */
  static List<String> approvers(RunId run, Collection<Approval> approvals, Instant now) {
    SortedMap<String, String> names = new TreeMap<>();
    for (Approval each : approvals) {
      if (each.counts(now) && each.snapshots().contains(run)) {
        String name = each.approver().strip();
        names.putIfAbsent(name.toLowerCase(Locale.ROOT), name);
      }
    }
    return List.copyOf(names.values());
  }

  /**
   * Who agrees to the release of a snapshot, if those are enough.
   *
   * @param given besides those that are stored
   * @throws BackupException {@code DENIED}, saying how many are missing
   */
  List<String> requireRelease(
      ApprovalRule rule, Snapshot snapshot, Collection<Approval> given, Instant now)
      throws IOException {
    if (rule.classes().isEmpty()) {
      return List.of();
    }
    List<Approval> approvals = new ArrayList<>(given);
    approvals.addAll(all());
    List<String> agreed = approvers(snapshot.run(), approvals, now);
    int missing = rule.approvers() - agreed.size();
    if (missing > 0) {
      throw new BackupException(
          Kind.DENIED,
          "The release of snapshot "
              + snapshot.id().shortHex()
              + ", run "
              + snapshot.run()
              + ", needs the approval of "
              + rule.approvers()
              + (rule.approvers() == 1 ? " person" : " different people")
              + " and has that of "
              + (agreed.isEmpty() ? "nobody" : String.join(", ", agreed))
              + ": "
              + missing
              + " missing. It stays held until they approve, naming this run; expired approvals"
              + " do not count");
    }
    return agreed;
  }
}
