package dev.copperplate.backup.records;

import dev.copperplate.backup.RunId;
import dev.copperplate.backup.repository.format.FormatException;
import dev.copperplate.backup.repository.format.JsonInput;
import dev.copperplate.backup.repository.format.JsonOutput;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * That a snapshot must not be removed, or no longer so. A release names the records that it ends,
 * so that it ends no hold that comes after it, whoever stores it again.
 *
 * @param run of the snapshot
 * @param at when
 * @param reason why it is held; empty for a release
 * @param ends the names of the records that a release ends; empty for a hold
 * @param approvers who agreed to a release
 */
public record HoldBody(
    RunId run, Instant at, Optional<String> reason, List<String> ends, List<String> approvers) {

  /** The most characters of a reason. */
  public static final int MAX_REASON = FindingJson.MAX_TEXT;

  /** The most records that one release ends. */
  public static final int MAX_ENDS = 10_000;

  private static final String HOLD = "hold";
  private static final String RELEASE = "release";

  public HoldBody {
    ends = List.copyOf(ends);
    approvers = List.copyOf(approvers);
    if (reason.map(String::length).orElse(0) > MAX_REASON) {
      throw new IllegalArgumentException("A reason has at most " + MAX_REASON + " characters");
    }
    if (ends.size() > MAX_ENDS) {
      throw new IllegalArgumentException("A release ends at most " + MAX_ENDS + " holds");
    }
  }

  /** A snapshot is held from now on. */
  public static HoldBody hold(RunId run, Instant at, String reason) {
    return new HoldBody(run, at, Optional.of(reason), List.of(), List.of());
  }

  /** Holds are ended. */
  public static HoldBody release(RunId run, Instant at, List<String> ends, List<String> approvers) {
    return new HoldBody(run, at, Optional.empty(), ends, approvers);
  }

  /** The JSON. */
  public String encode() {
    JsonOutput out = new JsonOutput().beginObject();
    out.field("record").string(reason.isPresent() ? HOLD : RELEASE);
    out.field("run").string(run.value());
    out.field("at").time(at);
    reason.ifPresent(each -> out.field("reason").string(each));
    out.optional("ends", ends).optional("approvers", approvers);
    return out.endObject().text();
  }

  /** Reads the JSON. */
  public static HoldBody decode(byte[] json) throws FormatException {
    String record = "";
    String run = "";
    String reason = "";
    Instant at = null;
    List<String> ends = new ArrayList<>();
    List<String> approvers = new ArrayList<>();
    try (JsonInput in = new JsonInput(json)) {
      in.beginObject();
      for (String field = in.nextField(); field != null; field = in.nextField()) {
        switch (field) {
          case "record" -> record = in.string(field);
          case "run" -> run = in.string(field);
          case "at" -> at = in.time(field);
          case "reason" -> reason = in.string(field);
          case "ends" -> ends = in.strings(field);
          case "approvers" -> approvers = in.strings(field);
          default -> in.skip();
        }
      }
      in.end();
    }
    return of(record, run, at, reason, ends, approvers);
  }

  private static HoldBody of(
      String record,
      String run,
      @Nullable Instant at,
      String reason,
      List<String> ends,
      List<String> approvers)
      throws FormatException {
    if (at == null || !record.equals(HOLD) && !record.equals(RELEASE)) {
      throw new FormatException("It is neither a hold nor a release, or lacks its time");
    }
    try {
      return record.equals(HOLD)
          ? hold(new RunId(run), at, reason)
          : release(new RunId(run), at, ends, approvers);
    } catch (IllegalArgumentException wrong) {
      throw new FormatException("It says what no hold says: " + wrong.getMessage(), wrong);
    }
  }
}
