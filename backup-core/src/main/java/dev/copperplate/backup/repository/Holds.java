package dev.copperplate.backup.repository;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.RunId;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.records.HoldBody;
import dev.copperplate.backup.records.RecordKey;
import dev.copperplate.backup.records.RecordKind;
import dev.copperplate.backup.records.RecordStore;
import dev.copperplate.backup.records.StoredRecord;
import dev.copperplate.backup.repository.expiry.Removals;
import dev.copperplate.backup.repository.format.FormatException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who wants which snapshots kept, beside the repository. Nothing is taken back: a release is a
 * record of its own that names those that it ends.
 *
 * <p>A record that was altered still holds its snapshot, until a release names it: whoever may
 * overwrite objects, but has no key, must not be able to end a hold.
 */
final class Holds {

  private final OpenRepository repository;
  private final RepositoryOptions options;
  private final RecordStore records;

  Holds(OpenRepository repository, RepositoryOptions options) {
    this.repository = repository;
    this.options = options;
    this.records = repository.records();
  }

  /** Holds a snapshot. */
  void hold(Snapshot snapshot, String reason) throws IOException {
    if (reason.isBlank()) {
      throw new IllegalArgumentException("A hold needs a reason, for those who wonder later");
    }
    Instant now = options.clock().instant();
    write(HoldBody.hold(snapshot.run(), now, reason));
    requireStored(snapshot);
  }

  /** A removal that had looked for holds before this one came may have gone on. */
  private void requireStored(Snapshot snapshot) throws IOException {
    String name = "snapshot " + snapshot.id().shortHex() + ", run " + snapshot.run() + ",";
    Removals.await(repository.leases(), Removals.PATIENCE, name);
    if (!repository.catalog().contains(snapshot)
        && repository.catalog().list(SnapshotFilter.of(snapshot.run())).isEmpty()) {
      throw new BackupException(
          Kind.CONFLICT,
          "The " + name + " was removed by somebody else just before it was held: it is not held");
    }
  }

  /** Ends all holds of a snapshot that are there now. */
  void release(Snapshot snapshot, List<Approval> given) throws IOException {
    String subject = RecordKey.subject(snapshot.run());
    List<String> held = List.copyOf(held(records.keys(RecordKind.HOLD, subject)).keySet());
    if (held.isEmpty()) {
      return;
    }
    Instant now = options.clock().instant();
    List<String> agreed =
        new Approvals(repository).requireRelease(options.approvals(), snapshot, given, now);
    for (int from = 0; from < held.size(); from += HoldBody.MAX_ENDS) {
      List<String> ends = held.subList(from, Math.min(held.size(), from + HoldBody.MAX_ENDS));
      write(HoldBody.release(snapshot.run(), now, ends, agreed));
    }
  }

  /** The reasons for which runs are held now, oldest first. */
  Map<RunId, List<String>> reasons() throws IOException {
    Map<String, List<RecordKey>> listed = records.keys(RecordKind.HOLD);
    repository.holds().retain(listed.values().stream().flatMap(List::stream).toList());
    Map<RunId, List<String>> reasons = new HashMap<>();
    for (Map.Entry<String, List<RecordKey>> each : listed.entrySet()) {
      for (HoldBody hold : held(each.getValue()).values()) {
        reasons
            .computeIfAbsent(hold.run(), any -> new ArrayList<>())
            .add(hold.reason().orElseThrow());
      }
    }
    return reasons;
  }

  private void write(HoldBody body) throws IOException {
    records.write(RecordKind.HOLD, RecordKey.subject(body.run()), body.at(), body.encode(), null);
  }

  /** Of the records about one run, the holds that no release ends; by name. */
  Map<String, HoldBody> held(List<RecordKey> keys) throws IOException {
    Map<String, HoldBody> held = new LinkedHashMap<>();
    Set<String> ended = new HashSet<>();
    for (RecordKey key : keys) {
      Optional<HoldBody> body = body(key);
      body.ifPresent(each -> ended.addAll(each.ends()));
      body.filter(each -> each.reason().isPresent()).ifPresent(each -> held.put(key.name(), each));
    }
    held.keySet().removeAll(ended);
    return held;
  }

  /** What a record says; empty if it has gone. */
  private Optional<HoldBody> body(RecordKey key) throws IOException {
    HoldBody known = repository.holds().get(key);
    if (known != null) {
      return Optional.of(known);
    }
    try {
      HoldBody read = records.read(key, Holds::parse);
      repository.holds().add(key, read);
      return Optional.of(read);
    } catch (BackupException failure) {
      if (failure.kind() == Kind.NOT_FOUND) {
        return Optional.empty();
      }
      if (failure.kind() != Kind.DAMAGED) {
        throw failure;
      }
      return Optional.of(unreadable(key));
    }
  }

  private static HoldBody unreadable(RecordKey key) {
    return HoldBody.hold(
        new RunId(key.subject()),
        Instant.EPOCH,
        "a record that cannot be read may be a hold: " + key + "; a release ends it");
  }

  /** What a record says, if it says it where it belongs. */
  static HoldBody parse(StoredRecord record) throws FormatException {
    HoldBody body = HoldBody.decode(record.utf8());
    if (!RecordKey.subject(body.run()).equals(record.key().subject())) {
      throw new FormatException("it speaks of the run " + body.run());
    }
    return body;
  }
}
