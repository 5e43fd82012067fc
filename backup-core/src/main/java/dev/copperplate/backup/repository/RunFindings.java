package dev.copperplate.backup.repository;

import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Finding.Severity;
import dev.copperplate.backup.RunId;
import dev.copperplate.backup.records.FindingsBody;
import dev.copperplate.backup.records.RecordKey;
import dev.copperplate.backup.records.RecordKind;
import dev.copperplate.backup.records.RecordStore;
import dev.copperplate.backup.records.StoredRecord;
import dev.copperplate.backup.repository.format.FormatException;
import dev.copperplate.backup.repository.run.CaptureRun;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What went wrong while snapshots were made, beside the repository. */
final class RunFindings {

  private static final Logger LOG = LoggerFactory.getLogger(RunFindings.class);

  private final RecordStore records;

  RunFindings(OpenRepository repository) {
    this(repository.records());
  }

  RunFindings(RecordStore records) {
    this.records = records;
  }

  /** The findings of a run: one record has all of them. */
  List<Finding> of(RunId run) throws IOException {
    for (RecordKey key : records.keys(RecordKind.FINDINGS, RecordKey.subject(run))) {
      Optional<FindingsBody> body = records.find(key, RunFindings::parse);
      if (body.isPresent()) {
        return body.get().findings();
      }
    }
    return List.of();
  }

  /** Keeps the findings of a run, if any is worse than informative. */
  void write(RunId run, Instant time, List<Finding> findings) throws IOException {
    if (findings.stream().anyMatch(each -> each.severity() != Severity.INFO)) {
      write(run, time, new FindingsBody(run, time, findings).encode());
    }
  }

  /**
   * Keeps the findings of a run whose snapshot is stored, if any is worse than informative. A
   * failure is logged: the snapshot is there, and the report of the run has the findings, too.
   */
  void keep(CaptureRun run) {
    Severity worst = run.worst();
    if (worst == null || worst == Severity.INFO) {
      return;
    }
    try (Cursor<Finding> all = run.allFindings()) {
      String body = FindingsBody.encode(run.run(), run.time(), all, run.reported(), worst);
      write(run.run(), run.time(), body);
    } catch (IOException | RuntimeException refused) {
      LOG.warn(
          "The findings of run {} are in its report, but could not be kept beside the repository",
          run.run(),
          refused);
    }
  }

  private void write(RunId run, Instant time, String body) throws IOException {
    records.write(RecordKind.FINDINGS, RecordKey.subject(run), time, body, null);
  }

  /** What a record says, if it says it where it belongs. */
  static FindingsBody parse(StoredRecord record) throws FormatException {
    FindingsBody body = FindingsBody.decode(record.utf8());
    if (!RecordKey.subject(body.run()).equals(record.key().subject())) {
      throw new FormatException("it speaks of the run " + body.run());
    }
    return body;
  }
}
