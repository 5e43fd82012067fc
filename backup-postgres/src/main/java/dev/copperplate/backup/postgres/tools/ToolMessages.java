package dev.copperplate.backup.postgres.tools;

import dev.copperplate.backup.BackupException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a program of PostgreSQL complained of, fit to be repeated. Its own words are; the server's
 * are where they are known to quote neither rows nor what an event trigger raises; queries, details
 * and hints are not.
 */
final class ToolMessages {

  private static final Pattern LINE =
      Pattern.compile("(?m)^[a-z_]+: (error|warning): (?s:(.*?))(?=^[a-z_]+: |\\z)");
  private static final Pattern SERVER = Pattern.compile("(?s)(ERROR|FATAL|PANIC): +(.*)");

  /** Of the server's messages those that a person can act on. */
  private static final Pattern REPEATED =
      Pattern.compile(
          "(permission denied for .*|must be .*|role \".*\" does not exist"
              + "|password authentication failed for user .*|no pg_hba.conf entry for .*"
              + "|database \".*\" does not exist|invalid snapshot identifier.*"
              + "|snapshot \".*\" does not exist|could not import the requested snapshot"
              + "|canceling statement due to .*|terminating connection due to .*"
              + "|relation \".*\" does not exist|schema \".*\" does not exist"
              + "|could not open relation with OID [0-9]+|cache lookup failed for .*"
              + "|out of shared memory|out of memory|sorry, too many clients already"
              + "|remaining connection slots are reserved .*|too many connections for .*"
              + "|the database system is .*|large object .* does not exist"
              + "|query would be affected by row-level security policy for table .*)");

  private final List<String> errors = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  private ToolMessages() {}

  static ToolMessages of(String program, String complaints) {
    ToolMessages messages = new ToolMessages();
    Matcher lines = LINE.matcher(complaints);
    while (lines.find()) {
      String text = shown(lines.group(2).strip());
      (lines.group(1).equals("error") ? messages.errors : messages.warnings).add(text);
    }
    if (messages.errors.isEmpty()) {
      messages.errors.add(program + " does not say why");
    }
    return messages;
  }

  private static String shown(String text) {
    Matcher server = SERVER.matcher(text);
    if (!server.find()) {
      return firstLine(text);
    }
    String said = firstLine(server.group(2));
    return firstLine(text.substring(0, server.start()))
        + (REPEATED.matcher(said).matches() ? said : "the server refused, its log says why");
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }

  String errors() {
    return String.join("; ", errors);
  }

  List<String> warnings() {
    return List.copyOf(warnings);
  }

  boolean isLockTimeout() {
    return errors.stream()
        .anyMatch(each -> each.contains("lock timeout") || each.contains("statement timeout"));
  }

  /** What it had read of the catalogs was no longer there. */
  boolean isOutdated() {
    return errors.stream()
        .anyMatch(
            each ->
                each.matches(".*(relation|schema) \".*\" does not exist")
                    || each.contains("could not open relation with OID")
                    || each.contains("cache lookup failed"));
  }

  Kind kind() {
    String all = errors();
    if (isLockTimeout()) {
      return Kind.LOCKED;
    }
    if (all.contains("permission denied") || all.contains("authentication failed")) {
      return Kind.DENIED;
    }
    boolean unreachable =
        all.contains("connection to server") || all.contains("could not connect to database");
    return unreachable ? Kind.UNAVAILABLE : Kind.INVALID;
  }
}
