package dev.copperplate.backup.postgres.capture;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.EntryOutput;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.SnapshotWriter;
import dev.copperplate.backup.postgres.replication.Connections;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What stands beside a base backup for people and tools that want to know the server without
 * starting it: JSON Lines below {@code /.backup}, one object a row, made by the server itself. No
 * secrets: of settings only numbers, switches and the texts that are known to hold none; of roles
 * no passwords and of their settings only the names.
 */
final class ServerDescription {

  private static final EntryPath DIRECTORY = EntryPath.of(".backup");
  private static final int FETCH = 1000;

  private static final String SETTINGS =
      """
      SELECT name, vartype, unit, source, context,
        CASE WHEN vartype <> 'string' OR name = ANY ('{TimeZone, DateStyle, IntervalStyle, lc_messages, lc_monetary,
          lc_numeric, lc_time, server_encoding, server_version, default_text_search_config, shared_preload_libraries,
          session_preload_libraries, local_preload_libraries, data_checksums, default_tablespace, temp_tablespaces}')
        THEN setting END AS setting
      FROM pg_catalog.pg_settings WHERE source <> 'default' OR context = 'internal' ORDER BY name\
      """;

  private static final String SLOTS =
      """
      SELECT slot_name, plugin, slot_type, database, temporary, active, restart_lsn, confirmed_flush_lsn, wal_status, two_phase
      FROM pg_catalog.pg_replication_slots WHERE NOT temporary ORDER BY slot_name\
      """;

  private static final String ROLES =
      """
      SELECT rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication, rolbypassrls,
        rolconnlimit, rolvaliduntil,
        ARRAY(SELECT g.rolname FROM pg_catalog.pg_auth_members m JOIN pg_catalog.pg_roles g ON g.oid = m.roleid
          WHERE m.member = r.oid ORDER BY 1) AS member_of,
        ARRAY(SELECT pg_catalog.split_part(c, '=', 1) FROM pg_catalog.unnest(r.rolconfig) c ORDER BY 1) AS settings
      FROM pg_catalog.pg_roles r WHERE rolname !~ '^pg_' ORDER BY rolname\
      """;

  private static final String DATABASES =
      """
      SELECT datname, oid, pg_catalog.pg_get_userbyid(datdba) AS owner, pg_catalog.pg_encoding_to_char(encoding) AS encoding,
        datcollate, datctype, datistemplate, datallowconn, datconnlimit
      FROM pg_catalog.pg_database ORDER BY datname\
      """;

  private static final String CONNECTABLE =
      "SELECT datname FROM pg_catalog.pg_database WHERE datallowconn AND NOT datistemplate"
          + " AND pg_catalog.has_database_privilege(datname, 'CONNECT') ORDER BY datname";

  private static final String PUBLICATIONS =
      """
      SELECT pg_catalog.current_database() AS database, p.pubname, p.puballtables, p.pubinsert, p.pubupdate, p.pubdelete,
        p.pubtruncate, p.pubviaroot,
        ARRAY(SELECT pg_catalog.format('%I.%I', t.schemaname, t.tablename) FROM pg_catalog.pg_publication_tables t
          WHERE t.pubname = p.pubname ORDER BY 1) AS tables
      FROM pg_catalog.pg_publication p ORDER BY p.pubname\
      """;

  /** Only what is complete: a file that breaks off would make the snapshot partial. */
  private final Map<String, ByteArrayOutputStream> files = new LinkedHashMap<>();

  /** Asks the server; what it has said before a failure is kept. */
  void read(Server server) throws IOException {
    List<String> names;
    try (Connection connection = open(server.connect())) {
      file("settings.jsonl", connection, SETTINGS);
      file("slots.jsonl", connection, SLOTS);
      file("roles.jsonl", connection, ROLES);
      file("databases.jsonl", connection, DATABASES);
      names = names(connection);
    } catch (SQLException e) {
      throw Connections.failure("Describing the server", e);
    }
    publications(server, names);
  }

  private void publications(Server server, List<String> names) throws IOException {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    for (String name : names) {
      try (Connection connection = open(server.connect(name))) {
        rows(lines, connection, PUBLICATIONS);
      } catch (SQLException e) {
        throw Connections.failure("Describing the publications of " + name, e);
      }
    }
    files.put("publications.jsonl", lines);
  }

  private void file(String file, Connection connection, String query) throws SQLException {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    rows(lines, connection, query);
    files.put(file, lines);
  }

  /** Stores what was read. */
  void write(SnapshotWriter writer) throws IOException {
    for (Map.Entry<String, ByteArrayOutputStream> each : files.entrySet()) {
      try (EntryOutput out = writer.file(DIRECTORY.child(each.getKey()), Attributes.PLAIN)) {
        each.getValue().writeTo(out);
        out.commit();
      }
    }
  }

  private static Connection open(Connection connection) throws SQLException {
    connection.setReadOnly(true);
    connection.setAutoCommit(false); // so that rows come by the thousand, not all at once
    return connection;
  }

  private static void rows(ByteArrayOutputStream lines, Connection connection, String query)
      throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setFetchSize(FETCH);
      try (ResultSet rows =
          statement.executeQuery("SELECT pg_catalog.row_to_json(t)::text FROM (" + query + ") t")) {
        while (rows.next()) {
          lines.writeBytes((rows.getString(1) + "\n").getBytes(StandardCharsets.UTF_8));
        }
      }
    }
    connection.rollback();
  }

  private static List<String> names(Connection connection) throws SQLException {
    List<String> names = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(CONNECTABLE)) {
      while (rows.next()) {
        names.add(rows.getString(1));
      }
    }
    connection.rollback();
    return names;
  }
}
