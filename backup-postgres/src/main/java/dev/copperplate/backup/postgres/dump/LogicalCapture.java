package dev.copperplate.backup.postgres.dump;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.CaptureContext;
import dev.copperplate.backup.EntryOutput;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Manifest;
import dev.copperplate.backup.SnapshotWriter;
import dev.copperplate.backup.postgres.capture.Server;
import dev.copperplate.backup.postgres.replication.Connections;
import dev.copperplate.backup.postgres.sql.SqlText;
import dev.copperplate.backup.postgres.tools.DumpTools;
import dev.copperplate.backup.postgres.tools.LibpqAddress;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.jdbc.PgConnection;
import org.postgresql.util.HostSpec;

/** One logical snapshot on its way into a repository. */
public final class LogicalCapture {

  private static final String IDENTITY =
      "SELECT system_identifier FROM pg_catalog.pg_control_system()";

  private static final String MAY_IDENTIFY =
      "SELECT pg_catalog.has_function_privilege('pg_catalog.pg_control_system()', 'EXECUTE')";

  private static final String DATABASES =
      """
      SELECT datname, pg_catalog.has_database_privilege(oid, 'CONNECT') AS open
      FROM pg_catalog.pg_database WHERE datallowconn AND NOT datistemplate ORDER BY datname\
      """;

  private final String name;
  private final Server server;
  private final DumpChoices choices;
  private final SnapshotWriter writer;
  private final CaptureContext context;
  private final SessionSource sessions;

  public LogicalCapture(
      String name,
      Server server,
      DumpChoices choices,
      SnapshotWriter writer,
      CaptureContext context) {
    this.name = name;
    this.server = server;
    this.choices = choices;
    this.writer = writer;
    this.context = context;
    this.sessions = new SessionSource(server, choices.pool(), context);
  }

  /** Takes the snapshot, or leaves none. */
  public void run() throws IOException, InterruptedException {
    String first = choices.databases().isEmpty() ? server.database() : choices.databases().get(0);
    Begun begun = begin(first);
    Definitions definitions = choices.definitions() ? definitions(begun) : null;
    if (definitions != null) {
      definitions.globals(first, choices.rolePasswords());
    }
    List<DatabaseDump.Result> results = new ArrayList<>();
    try (EntryOutput tables = writer.file(LogicalLayout.TABLES, Attributes.PLAIN)) {
      for (String each : begun.databases()) {
        results.add(
            new DatabaseDump(each, choices, sessions, definitions, writer, context).run(tables));
      }
      tables.commit();
    }
    facts(begun, results);
    LogicalGuide.write(writer, name, context.run(), begun.databases(), definitions != null);
  }

  /**
   * What the server says before anything is captured.
   *
   * @param identity of the system; empty if the role may not know it
   * @param version as {@code server_version_num}
   * @param host where the driver has connected to; null if it is not our connection
   */
  private record Begun(
      List<String> databases, String identity, int version, @Nullable HostSpec host) {}

  private Begun begin(String database) throws IOException {
    try (DumpSession session = sessions.open(database)) {
      boolean known = session.value(MAY_IDENTIFY).equals("t");
      String identity = known ? session.value(IDENTITY) : "";
      int version = Integer.parseInt(session.value("SHOW server_version_num"));
      List<String> databases = choices.all() ? databases(session) : named(database);
      HostSpec host = choices.pool() == null ? host(session.connection()) : null;
      session.rollback();
      return new Begun(databases, identity, version, host);
    } catch (SQLException e) {
      throw Connections.failure("Asking the server what there is", e);
    }
  }

  private List<String> named(String address) {
    return choices.databases().isEmpty() ? List.of(address) : choices.databases();
  }

  private List<String> databases(DumpSession session) throws SQLException {
    List<String> databases = new ArrayList<>();
    try (Statement statement = session.statement();
        ResultSet rows = statement.executeQuery(DATABASES)) {
      while (rows.next()) {
        String database = rows.getString("datname");
        if (rows.getBoolean("open")) {
          databases.add(database);
        } else {
          context.report(
              Finding.warning(
                  database,
                  "The role may not connect to this database, so it is not captured",
                  "GRANT CONNECT ON DATABASE " + SqlText.name(database) + " to the role"));
        }
      }
    }
    return databases;
  }

  private static HostSpec host(Connection connection) throws SQLException {
    return connection.unwrap(PgConnection.class).getQueryExecutor().getHostSpec();
  }

  private Definitions definitions(Begun begun) throws IOException, InterruptedException {
    DumpTools tools = DumpTools.find(choices.tools(), begun.version() / 10_000);
    LibpqAddress address = server.libpq();
    HostSpec host = begun.host();
    return new Definitions(
        tools,
        host == null ? address : address.at(host.getHost(), host.getPort()),
        server.silence(),
        writer,
        context);
  }

  private void facts(Begun begun, List<DatabaseDump.Result> results) {
    writer.fact(LogicalFacts.KIND, LogicalFacts.LOGICAL);
    if (!begun.identity().isEmpty()) {
      writer.fact(Manifest.IDENTITY, begun.identity());
    }
    writer.fact(LogicalFacts.SERVER_VERSION, Integer.toString(begun.version()));
    writer.fact(LogicalFacts.LSN, results.get(0).lsn());
    writer.fact(
        LogicalFacts.DATABASES,
        begun.databases().stream().map(SqlText::name).collect(Collectors.joining(", ")));
    writer.fact(
        LogicalFacts.ROWS,
        Long.toString(results.stream().mapToLong(DatabaseDump.Result::rows).sum()));
    writer.fact(LogicalFacts.DEFINITIONS, choices.definitions() ? "yes" : "no");
  }
}
