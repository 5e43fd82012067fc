package dev.copperplate.backup.postgres.replication;

import java.nio.charset.StandardCharsets;

/**
 * An error or a notice of the server. Its detail, hint and context are not kept: they may quote
 * connection strings and rows.
 *
 * @param severity as the server says it, untranslated
 * @param sqlState the five characters of its code
 * @param text the primary message
 * @see <a href="https://www.postgresql.org/docs/17/protocol-error-fields.html">PostgreSQL, "Error
 *     and Notice Message Fields"</a>
 */
public record ServerMessage(String severity, String sqlState, String text) {

  /** Code of a base backup in which pages did not have the checksum that they say. */
  static final String DATA_CORRUPTED = "XX001";

  /** Code of a base backup of a standby that was promoted meanwhile, among others. */
  static final String NOT_IN_STATE = "55000";

  static ServerMessage parse(byte[] fields) {
    String severity = "";
    String sqlState = "";
    String text = "";
    int at = 0;
    while (at < fields.length && fields[at] != 0) {
      int end = at + 1;
      while (end < fields.length && fields[end] != 0) {
        end++;
      }
      String value = new String(fields, at + 1, end - at - 1, StandardCharsets.UTF_8);
      switch (fields[at]) {
        case 'V' -> severity = value;
        case 'C' -> sqlState = value;
        case 'M' -> text = value;
        default -> {
          // not kept
        }
      }
      at = end + 1;
    }
    return new ServerMessage(severity, sqlState, text);
  }

  @Override
  public String toString() {
    return text + " (" + sqlState + ")";
  }
}
