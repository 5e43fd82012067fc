package dev.copperplate.backup.records;

import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Finding.Severity;
import dev.copperplate.backup.repository.format.FormatException;
import dev.copperplate.backup.repository.format.JsonInput;
import dev.copperplate.backup.repository.format.JsonOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Findings as records say them: cut to a stated length, and no more than a record has room for. */
public final class FindingJson {

  /** No string of a finding is kept longer, in characters. */
  public static final int MAX_TEXT = 2_000;

  /** Behind so many bytes of a body no further finding begins; the last one counts the rest. */
  static final int MAX_BYTES = 8 << 20;

  private FindingJson() {}

  /** Writes one finding. */
  public static void write(JsonOutput out, Finding finding) {
    out.beginObject()
        .field("severity")
        .string(word(finding.severity()))
        .field("subject")
        .string(cut(finding.subject()))
        .field("message")
        .string(cut(finding.message()));
    out.optional("remedy", cut(finding.remedy())).endObject();
  }

  /** Reads the finding on which the cursor stands. */
  public static Finding read(JsonInput in) throws FormatException {
    in.requireObject("finding");
    Severity severity = null;
    String subject = "";
    String message = "";
    String remedy = "";
    for (String field = in.nextField(); field != null; field = in.nextField()) {
      switch (field) {
        case "severity" -> severity = severity(in.string(field));
        case "subject" -> subject = cut(in.string(field));
        case "message" -> message = cut(in.string(field));
        case "remedy" -> remedy = cut(in.string(field));
        default -> in.skip();
      }
    }
    if (severity == null) {
      throw new FormatException("A finding lacks its severity");
    }
    return new Finding(severity, subject, message, remedy);
  }

  /**
   * Writes an array of findings.
   *
   * @param all the first of them; not closed
   * @param total how many there are
   * @param worst the worst severity of all
   * @param most how many are written; what has no place is counted by one more
   */
  static void write(JsonOutput out, Cursor<Finding> all, long total, Severity worst, long most)
      throws IOException {
    out.beginArray();
    long written = 0;
    // The last one is written however little room there is: it may be the one that counts others.
    while (written < most && out.size() < MAX_BYTES || written == total - 1) {
      Finding next = all.next();
      if (next == null) {
        break;
      }
      write(out.element(), next);
      written++;
    }
    if (written < total) {
      String rest = (total - written) + " more findings, the worst of this severity";
      write(out.element(), new Finding(worst, "all", rest, ""));
    }
    out.endArray();
  }

  /** Reads the array on which the cursor stands; no writer makes a larger one than fits. */
  static List<Finding> readAll(JsonInput in, String field) throws FormatException {
    List<Finding> all = new ArrayList<>();
    in.beginArray(field);
    while (in.nextElement()) {
      all.add(read(in));
    }
    return List.copyOf(all);
  }

  /** The worst severity of some findings; INFO of none. */
  static Severity worst(List<Finding> findings) {
    return findings.stream().map(Finding::severity).reduce(Severity.INFO, FindingJson::worse);
  }

  private static Severity worse(Severity one, Severity other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  /** The beginning of a text that is too long; never half of a character. */
  static String cut(String text) {
    if (text.length() <= MAX_TEXT) {
      return text;
    }
    int end = MAX_TEXT - 1;
    return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + "…";
  }

  private static String word(Severity severity) {
    return severity.name().toLowerCase(Locale.ROOT);
  }

  private static Severity severity(String word) throws FormatException {
    for (Severity each : Severity.values()) {
      if (word.equals(word(each))) {
        return each;
      }
    }
    throw new FormatException("A finding has a severity that is not known");
  }
}
