package dev.copperplate.backup.records;

import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Finding.Severity;
import dev.copperplate.backup.RunId;
import dev.copperplate.backup.repository.format.FormatException;
import dev.copperplate.backup.repository.format.JsonInput;
import dev.copperplate.backup.repository.format.JsonOutput;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/**
 * What went wrong while a snapshot was made.
 *
 * @param run of the snapshot
 * @param at when the run began
 * @param findings all of them, as far as 8 MiB of JSON hold them; then the last one counts the rest
 */
public record FindingsBody(RunId run, Instant at, List<Finding> findings) {

  private static final String RECORD = "findings";

  public FindingsBody {
    findings = List.copyOf(findings);
  }

  /** The JSON. What is beyond the bounds is cut, or counted. */
  public String encode() throws IOException {
    return encode(run, at, Cursor.of(findings), findings.size(), FindingJson.worst(findings));
  }

  /**
   * The JSON of findings that need not be in memory.
   *
   * @param all the first of them; not closed
   * @param total how many there are
   * @param worst the worst severity of all
   */
  public static String encode(
      RunId run, Instant at, Cursor<Finding> all, long total, Severity worst) throws IOException {
    JsonOutput out = new JsonOutput().beginObject().field("record").string(RECORD);
    out.field("run").string(run.value());
    out.field("at").time(at);
    FindingJson.write(out.field("findings"), all, total, worst, Long.MAX_VALUE);
    return out.endObject().text();
  }

  /** Reads the JSON. */
  public static FindingsBody decode(byte[] json) throws FormatException {
    String record = "";
    String run = "";
    Instant at = null;
    List<Finding> findings = List.of();
    try (JsonInput in = new JsonInput(json)) {
      in.beginObject();
      for (String field = in.nextField(); field != null; field = in.nextField()) {
        switch (field) {
          case "record" -> record = in.string(field);
          case "run" -> run = in.string(field);
          case "at" -> at = in.time(field);
          case "findings" -> findings = FindingJson.readAll(in, field);
          default -> in.skip();
        }
      }
      in.end();
    }
    if (!record.equals(RECORD) || at == null) {
      throw new FormatException("It says nothing of a run, or lacks its time");
    }
    try {
      return new FindingsBody(new RunId(run), at, findings);
    } catch (IllegalArgumentException wrong) {
      throw new FormatException("It says what no run says: " + wrong.getMessage(), wrong);
    }
  }
}
