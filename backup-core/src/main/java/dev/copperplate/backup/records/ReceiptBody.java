package dev.copperplate.backup.records;

import dev.copperplate.backup.ContentId;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Proof;
import dev.copperplate.backup.RunId;
import dev.copperplate.backup.Verification;
import dev.copperplate.backup.repository.format.FormatException;
import dev.copperplate.backup.repository.format.JsonInput;
import dev.copperplate.backup.repository.format.JsonOutput;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a receipt says: all that a signature has to stand for, its repository and content included,
 * so that it proves nothing anywhere else.
 *
 * @param repository the id of the repository, 64 hexadecimal digits
 * @param content what was verified
 * @param snapshot the run of the snapshot that was verified
 * @param run the run of the verification
 * @param at when it ended
 * @param verification what was found
 */
public record ReceiptBody(
    String repository,
    ContentId content,
    RunId snapshot,
    RunId run,
    Instant at,
    Verification verification) {

  /** So many findings are kept; one more counts the others. */
  public static final int MAX_FINDINGS = 1_000;

  /** So many facts are kept, the first by their keys. */
  public static final int MAX_FACTS = 1_000;

  private static final int MAX_FACT_BYTES = 1 << 20;
  private static final String RECORD = "receipt";

  /** The JSON. What is beyond the bounds is cut, or counted. */
  public String encode() throws IOException {
    JsonOutput out = new JsonOutput().beginObject().field("record").string(RECORD);
    out.field("repository").string(repository);
    out.field("content").string(content.hex());
    out.field("snapshot").string(snapshot.value());
    out.field("run").string(run.value());
    out.field("at").time(at);
    out.field("verifier").string(FindingJson.cut(verification.verifier()));
    out.field("proof").string(word(verification.proof()));
    out.field("passed").bool(verification.passed());
    writeFacts(out.field("facts"), verification.facts());
    List<Finding> findings = verification.findings();
    FindingJson.write(
        out.field("findings"),
        Cursor.of(findings),
        findings.size(),
        FindingJson.worst(findings),
        MAX_FINDINGS);
    return out.endObject().text();
  }

  private static void writeFacts(JsonOutput out, Map<String, String> facts) {
    int written = 0;
    out.beginArray();
    for (Map.Entry<String, String> each : new TreeMap<>(facts).entrySet()) {
      if (each.getKey().length() > FindingJson.MAX_TEXT) {
        continue;
      }
      if (written == MAX_FACTS || out.size() > MAX_FACT_BYTES) {
        break;
      }
      out.element().beginObject();
      out.field("key").string(each.getKey());
      out.field("value").string(FindingJson.cut(each.getValue())).endObject();
      written++;
    }
    out.endArray();
  }

  /** Reads the JSON. */
  public static ReceiptBody decode(byte[] json) throws FormatException {
    Fields fields = new Fields();
    try (JsonInput in = new JsonInput(json)) {
      in.beginObject();
      for (String field = in.nextField(); field != null; field = in.nextField()) {
        fields.read(field, in);
      }
      in.end();
    }
    try {
      return fields.receipt();
    } catch (IllegalArgumentException wrong) {
      throw new FormatException("It says what no receipt says: " + wrong.getMessage(), wrong);
    }
  }

  private static String word(Proof proof) {
    return proof.name().toLowerCase(Locale.ROOT);
  }

  /** The fields as far as they were read. */
  private static final class Fields {

    private String record = "";
    private String repository = "";
    private String content = "";
    private String snapshot = "";
    private String run = "";
    private @Nullable Instant at;
    private String verifier = "";
    private @Nullable Proof proof;
    private boolean passed;
    private List<Finding> findings = List.of();
    private Map<String, String> facts = Map.of();

    void read(String field, JsonInput in) throws FormatException {
      switch (field) {
        case "record" -> record = in.string(field);
        case "repository" -> repository = in.string(field);
        case "content" -> content = in.string(field);
        case "snapshot" -> snapshot = in.string(field);
        case "run" -> run = in.string(field);
        case "at" -> at = in.time(field);
        case "verifier" -> verifier = FindingJson.cut(in.string(field));
        case "proof" -> proof = proof(in.string(field));
        case "passed" -> passed = in.bool(field);
        case "findings" -> findings = FindingJson.readAll(in, field);
        case "facts" -> facts = facts(in, field);
        default -> in.skip();
      }
    }

    private static Proof proof(String word) throws FormatException {
      for (Proof each : Proof.values()) {
        if (word.equals(word(each))) {
          return each;
        }
      }
      throw new FormatException("It names a proof that is not known");
    }

    private static Map<String, String> facts(JsonInput in, String field) throws FormatException {
      SortedMap<String, String> facts = new TreeMap<>();
      in.beginArray(field);
      while (in.nextElement()) {
        String key = "";
        String value = "";
        in.requireObject(field);
        for (String part = in.nextField(); part != null; part = in.nextField()) {
          switch (part) {
            case "key" -> key = in.string(part);
            case "value" -> value = FindingJson.cut(in.string(part));
            default -> in.skip();
          }
        }
        facts.put(key, value);
      }
      return facts;
    }

    ReceiptBody receipt() throws FormatException {
      if (!record.equals(RECORD) || at == null || proof == null) {
        throw new FormatException("It is no receipt, or lacks its time or its proof");
      }
      return new ReceiptBody(
          repository,
          new ContentId(content),
          new RunId(snapshot),
          new RunId(run),
          at,
          new Verification(verifier, proof, passed, findings, facts));
    }
  }
}
