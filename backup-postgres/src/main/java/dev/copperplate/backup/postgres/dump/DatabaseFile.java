package dev.copperplate.backup.postgres.dump;

import dev.copperplate.backup.postgres.sql.SqlText;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes a database as such: how it was created, whose it is, and what is set in it. */
final class DatabaseFile {

  /** Through JSON, because each version has columns of its own. */
  private static final String DATABASE =
      """
      SELECT j ->> 'datcollate' AS collate, j ->> 'datctype' AS ctype, j ->> 'datlocprovider' AS provider,
        coalesce(j ->> 'datlocale', j ->> 'daticulocale') AS locale, j ->> 'daticurules' AS rules,
        pg_catalog.pg_encoding_to_char(d.encoding) AS encoding, pg_catalog.pg_get_userbyid(d.datdba) AS owner,
        (SELECT t.spcname FROM pg_catalog.pg_tablespace t WHERE t.oid = d.dattablespace) AS tablespace,
        d.datconnlimit, d.datistemplate, d.datacl IS NOT NULL AS granted,
        pg_catalog.shobj_description(d.oid, 'pg_database') AS comment
      FROM pg_catalog.pg_database d, pg_catalog.to_jsonb(d) j
      WHERE d.datname = pg_catalog.current_database()\
      """;

  private static final String ACL =
      "(SELECT datacl FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())";

  private static final String SETTINGS =
      """
      SELECT r.rolname, pg_catalog.split_part(c.setting, '=', 1) AS name,
        pg_catalog.substr(c.setting, pg_catalog.strpos(c.setting, '=') + 1) AS value
      FROM pg_catalog.pg_db_role_setting s
        JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase
        LEFT JOIN pg_catalog.pg_roles r ON r.oid = s.setrole,
        pg_catalog.unnest(s.setconfig) WITH ORDINALITY c (setting, place)
      WHERE d.datname = pg_catalog.current_database() AND (s.setrole = 0 OR r.rolname IS NOT NULL)
      ORDER BY r.rolname NULLS FIRST, c.place\
      """;

  /** What a server keeps as a list of names. */
  private static final Set<String> LISTS =
      Set.of(
          "local_preload_libraries",
          "search_path",
          "session_preload_libraries",
          "shared_preload_libraries",
          "temp_tablespaces",
          "unix_socket_directories");

  /** Exists in every cluster. */
  private static final String INITIAL = "postgres";

  private final String name;
  private final String quoted;

  DatabaseFile(String name) {
    this.name = name;
    this.quoted = SqlText.name(name);
  }

  void write(DumpSession session, SqlOutput output) throws IOException, SQLException {
    try (Statement statement = session.statement();
        ResultSet row = statement.executeQuery(DATABASE)) {
      if (!row.next()) {
        throw new SQLException("No row", "02000");
      }
      if (!name.equals(INITIAL)) {
        output.statement("CREATE DATABASE ", quoted, " WITH", created(row));
      }
      String owner = Objects.requireNonNull(row.getString("owner"));
      output.statement("ALTER DATABASE ", quoted, " OWNER TO ", SqlText.name(owner));
      described(row, output);
      if (row.getBoolean("granted")) {
        new Grants("DATABASE " + quoted, owner).write(session, ACL, output);
      }
    }
    settings(session, output);
  }

  private static String created(ResultSet row) throws SQLException {
    StringBuilder how = new StringBuilder(" TEMPLATE = template0");
    option(how, "ENCODING", row.getString("encoding"));
    String tablespace = row.getString("tablespace");
    if (tablespace != null && !tablespace.equals("pg_default")) {
      how.append(" TABLESPACE = ").append(SqlText.name(tablespace));
    }
    String provider = Objects.requireNonNullElse(row.getString("provider"), "c");
    how.append(" LOCALE_PROVIDER = ");
    how.append(provider.equals("i") ? "icu" : provider.equals("b") ? "builtin" : "libc");
    option(how, "LC_COLLATE", row.getString("collate"));
    option(how, "LC_CTYPE", row.getString("ctype"));
    option(how, provider.equals("b") ? "BUILTIN_LOCALE" : "ICU_LOCALE", row.getString("locale"));
    option(how, "ICU_RULES", row.getString("rules"));
    return how.toString();
  }

  private static void option(StringBuilder how, String name, @Nullable String value) {
    if (value != null) {
      how.append(' ').append(name).append(" = ").append(SqlText.literal(value));
    }
  }

  private void described(ResultSet row, SqlOutput output) throws IOException, SQLException {
    String comment = row.getString("comment");
    if (comment != null) {
      output.statement("COMMENT ON DATABASE ", quoted, " IS ", SqlText.literal(comment));
    }
    if (row.getInt("datconnlimit") >= 0) {
      String limit = Integer.toString(row.getInt("datconnlimit"));
      output.statement("ALTER DATABASE ", quoted, " CONNECTION LIMIT = ", limit);
    }
    if (row.getBoolean("datistemplate")) {
      output.statement("ALTER DATABASE ", quoted, " IS_TEMPLATE = true");
    }
  }

  private void settings(DumpSession session, SqlOutput output) throws IOException, SQLException {
    try (Statement statement = session.statement();
        ResultSet rows = statement.executeQuery(SETTINGS)) {
      while (rows.next()) {
        String role = rows.getString("rolname");
        String setting = Objects.requireNonNull(rows.getString("name"));
        output.statement(
            role == null
                ? "ALTER DATABASE " + quoted
                : "ALTER ROLE " + SqlText.name(role) + " IN DATABASE " + quoted,
            " SET ",
            parameter(setting),
            " TO ",
            value(setting, Objects.requireNonNull(rows.getString("value"))));
      }
    }
  }

  /** The name of a parameter of an extension has two parts. */
  private static String parameter(String name) {
    return List.of(name.split("\\.", -1)).stream()
        .map(SqlText::name)
        .collect(Collectors.joining("."));
  }

  private static String value(String name, String value) {
    if (!LISTS.contains(name.toLowerCase(Locale.ROOT))) {
      return SqlText.literal(value);
    }
    List<String> all = elements(value);
    return all.isEmpty()
        ? "''"
        : all.stream().map(SqlText::literal).collect(Collectors.joining(", "));
  }

  /** The names of a list, where commas and quotes may be inside quotes. */
  private static List<String> elements(String list) {
    List<String> names = new ArrayList<>();
    int at = 0;
    while (at < list.length()) {
      StringBuilder element = new StringBuilder();
      boolean quoted = false;
      for (; at < list.length() && (quoted || list.charAt(at) != ','); at++) {
        char each = list.charAt(at);
        boolean doubled =
            each == '"' && quoted && at + 1 < list.length() && list.charAt(at + 1) == '"';
        if (doubled) {
          element.append('"');
          at++;
        } else if (each == '"') {
          quoted = !quoted;
        } else if (quoted || each != ' ') {
          element.append(each);
        }
      }
      names.add(element.toString());
      at++;
    }
    return names;
  }
}
