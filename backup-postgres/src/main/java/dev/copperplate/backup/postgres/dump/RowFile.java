package dev.copperplate.backup.postgres.dump;

import dev.copperplate.backup.postgres.sql.SqlText;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A file of rows as {@code psql} runs it: settings, one {@code COPY … FROM stdin}, the rows as the
 * server sent them, and a line that ends them.
 */
public final class RowFile {

  /** In which encoding the rows of a database are that says nothing about its bytes. */
  public static final String RAW = "SQL_ASCII";

  public static final String UTF8 = "UTF8";

  private static final String SETTINGS =
      """
      SET statement_timeout = 0;
      SET client_encoding = '%s';
      SET standard_conforming_strings = on;
      SET search_path = '';
      SET check_function_bodies = false;
      SET xmloption = content;
      SET client_min_messages = warning;
      SET row_security = off;

      """;

  private static final String END = "\\.\n";

  private RowFile() {}

  /**
   * What stands before other statements.
   *
   * @param encoding {@link #UTF8} or {@link #RAW}
   */
  public static byte[] settings(String encoding) {
    return SETTINGS.replace("%s", encoding).getBytes(StandardCharsets.UTF_8);
  }

  /** What stands before the rows of a table, behind the settings. */
  public static byte[] copy(String schema, String table, List<String> columns) {
    return ("COPY " + SqlText.name(schema, table) + list(columns) + " FROM stdin;\n")
        .getBytes(StandardCharsets.UTF_8);
  }

  /** None, where there are no columns, is said by leaving the brackets out. */
  public static String list(List<String> columns) {
    return columns.isEmpty() ? "" : " (" + SqlText.names(columns) + ")";
  }

  /** What stands behind the rows. */
  public static byte[] end() {
    return END.getBytes(StandardCharsets.US_ASCII);
  }
}
