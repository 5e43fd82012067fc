package dev.copperplate.backup.repository;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.records.RecordKey;
import dev.copperplate.backup.records.RecordKind;
import dev.copperplate.backup.records.RecordStore;
import dev.copperplate.backup.records.StoredRecord;
import dev.copperplate.backup.repository.format.FormatException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads every record, and names those that are refused or prove nothing. Changes nothing. */
final class RecordAudit {

  /** So many are named; one more finding counts the others. */
  static final int MAX_FINDINGS = 1_000;

  private final RecordStore records;
  private final Receipts receipts;
  private final List<Finding> findings = new ArrayList<>();
  private long refused;

  RecordAudit(OpenRepository repository, RepositoryOptions options) {
    this.records = repository.records();
    this.receipts = new Receipts(repository, options);
  }

  /** A warning for each record that is refused, whose subject is its key. To be called once. */
  List<Finding> findings() throws IOException {
    for (RecordKind kind : RecordKind.values()) {
      for (List<RecordKey> keys : records.keys(kind).values()) {
        for (RecordKey key : keys) {
          look(key);
        }
      }
      for (ObjectKey stranger : records.strangers(kind, MAX_FINDINGS)) {
        refuse(
            stranger.value(),
            "It lies among records, but has not the name of one",
            "If nobody of yours put it there, remove it: it counts for nothing");
      }
    }
    if (refused > findings.size()) {
      String more = (refused - findings.size()) + " more records are refused";
      findings.add(Finding.warning("copperplate/", more, "Look who can write into the store"));
    }
    return findings;
  }

  private void look(RecordKey key) throws IOException {
    try {
      records
          .read(key, this::objection)
          .ifPresent(
              objection ->
                  refuse(
                      key.toString(),
                      objection + ": it proves nothing here",
                      "If you trust whoever verified, verify the snapshot again; if you know of"
                          + " nobody, look who has the repository's key"));
    } catch (BackupException failure) {
      if (failure.kind() == Kind.DAMAGED) {
        refuse(
            key.toString(),
            String.valueOf(failure.getMessage()),
            "Bring it back from a replica or an earlier version of the object, or remove it");
      } else if (failure.kind() != Kind.NOT_FOUND) {
        throw failure;
      }
    }
  }

  /** Why a record that is sound counts for nothing all the same. */
  private Optional<String> objection(StoredRecord record) throws FormatException {
    switch (record.key().kind()) {
      case RECEIPT -> {
        return receipts.objection(record, Receipts.body(record));
      }
      case HOLD -> Holds.parse(record);
      case APPROVAL -> Approvals.parse(record);
      case FINDINGS -> RunFindings.parse(record);
      case CHECK, LEASE -> {
        // Whoever writes those reads them, and passes over what says nothing.
      }
    }
    return Optional.empty();
  }

  private void refuse(String subject, String message, String remedy) {
    refused++;
    if (findings.size() < MAX_FINDINGS) {
      findings.add(Finding.warning(subject, message, remedy));
    }
  }
}
