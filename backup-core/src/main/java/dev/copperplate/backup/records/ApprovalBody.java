package dev.copperplate.backup.records;

import dev.copperplate.backup.RunId;
import dev.copperplate.backup.repository.format.FormatException;
import dev.copperplate.backup.repository.format.JsonInput;
import dev.copperplate.backup.repository.format.JsonOutput;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * That somebody agrees to the removal of snapshots.
 *
 * @param snapshots their runs
 * @param approver who agrees
 * @param at when
 * @param expires until when it counts
 * @param signature over the approval, kept as it was given
 */
public record ApprovalBody(
    Set<RunId> snapshots,
    String approver,
    Instant at,
    Instant expires,
    Optional<String> signature) {

  /** The subject of all approvals: what they agree to. The approver's name is for no listing. */
  public static final String SUBJECT = "removal";

  /** The most snapshots that one approval names. */
  public static final int MAX_SNAPSHOTS = 10_000;

  /** The most characters of the name of an approver. */
  public static final int MAX_APPROVER = 200;

  /** The most characters of a signature. */
  public static final int MAX_SIGNATURE = 16 << 10;

  private static final String RECORD = "approval";

  public ApprovalBody {
    snapshots = Set.copyOf(snapshots);
    if (snapshots.isEmpty() || snapshots.size() > MAX_SNAPSHOTS) {
      throw new IllegalArgumentException("An approval names 1 to " + MAX_SNAPSHOTS + " snapshots");
    }
    if (approver.length() > MAX_APPROVER) {
      throw new IllegalArgumentException(
          "The name of an approver has at most " + MAX_APPROVER + " characters");
    }
    if (signature.map(String::length).orElse(0) > MAX_SIGNATURE) {
      throw new IllegalArgumentException(
          "The signature of an approval has at most " + MAX_SIGNATURE + " characters");
    }
  }

  /** The JSON. */
  public String encode() {
    JsonOutput out = new JsonOutput().beginObject().field("record").string(RECORD);
    Set<String> runs = new TreeSet<>();
    snapshots.forEach(each -> runs.add(each.value()));
    out.field("snapshots").strings(List.copyOf(runs));
    out.field("approver").string(approver);
    out.field("at").time(at);
    out.field("expires").time(expires);
    signature.ifPresent(each -> out.field("signature").string(each));
    return out.endObject().text();
  }

  /** Reads the JSON. */
  public static ApprovalBody decode(byte[] json) throws FormatException {
    String record = "";
    List<String> snapshots = new ArrayList<>();
    String approver = "";
    Instant at = null;
    Instant expires = null;
    String signature = null;
    try (JsonInput in = new JsonInput(json)) {
      in.beginObject();
      for (String field = in.nextField(); field != null; field = in.nextField()) {
        switch (field) {
          case "record" -> record = in.string(field);
          case "snapshots" -> snapshots = in.strings(field);
          case "approver" -> approver = in.string(field);
          case "at" -> at = in.time(field);
          case "expires" -> expires = in.time(field);
          case "signature" -> signature = in.string(field);
          default -> in.skip();
        }
      }
      in.end();
    }
    if (!record.equals(RECORD)) {
      throw new FormatException("It is no approval");
    }
    return of(snapshots, approver, at, expires, signature);
  }

  private static ApprovalBody of(
      List<String> snapshots,
      String approver,
      @Nullable Instant at,
      @Nullable Instant expires,
      @Nullable String signature)
      throws FormatException {
    if (at == null || expires == null) {
      throw new FormatException("It lacks its times");
    }
    try {
      Set<RunId> runs = new HashSet<>();
      snapshots.forEach(each -> runs.add(new RunId(each)));
      return new ApprovalBody(runs, approver, at, expires, Optional.ofNullable(signature));
    } catch (IllegalArgumentException wrong) {
      throw new FormatException("It says what no approval says: " + wrong.getMessage(), wrong);
    }
  }
}
