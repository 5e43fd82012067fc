package dev.copperplate.backup.postgres.load.table;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.RestoreContext;
import dev.copperplate.backup.postgres.dump.DumpedTable;
import dev.copperplate.backup.postgres.dump.DumpedTable.Column;
import dev.copperplate.backup.postgres.sql.SqlText;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Looks at the database that tables come back to, and refuses what cannot or must not be done. */
final class TaskPlanner {

  private static final String SCHEMA =
      """
      SELECT pg_catalog.has_schema_privilege(?, oid, 'USAGE') AND pg_catalog.has_schema_privilege(?, oid, 'CREATE')
      FROM pg_catalog.pg_namespace WHERE nspname = ?\
      """;

  private static final String PUBLICATIONS =
      """
      SELECT p.pubname FROM pg_catalog.pg_publication p
      WHERE p.puballtables
        OR EXISTS (SELECT FROM pg_catalog.pg_publication_namespace s JOIN pg_catalog.pg_namespace n ON n.oid = s.pnnspid
          WHERE s.pnpubid = p.oid AND n.nspname = ANY (?::text[]))
        OR EXISTS (SELECT FROM pg_catalog.pg_publication_rel r WHERE r.prpubid = p.oid AND r.prrelid IN (
          SELECT ?::bigint::oid UNION SELECT relid FROM pg_catalog.pg_partition_tree(?::bigint::oid)
          UNION SELECT relid FROM pg_catalog.pg_partition_ancestors(?::bigint::oid)))
      ORDER BY p.pubname\
      """;

  private final LiveSession session;
  private final TableChoices choices;
  private final RestoreContext context;
  private final NameSearch names;
  private final RoleChoice roles;

  TaskPlanner(LiveSession session, TableChoices choices, RestoreContext context) {
    this.session = session;
    this.choices = choices;
    this.context = context;
    this.names = new NameSearch(session);
    this.roles = new RoleChoice(session);
  }

  TableTask plan(TableTree tree) throws IOException, SQLException {
    session.look();
    Optional<LiveTable> live = LiveTable.find(session, tree.target());
    TableTask task = live.isPresent() ? existing(tree, live.get()) : fresh(tree);
    session.rollback();
    return task;
  }

  // ---- a table that is not there

  private TableTask fresh(TableTree tree) throws IOException, SQLException {
    String role = roles.ofNew(tree, choices.owner(), context);
    Set<String> schemas = new TreeSet<>();
    for (TableTree each : tree.all()) {
      schemas.add(each.target().schema());
      if (LiveTable.find(session, each.target()).isPresent()) {
        throw new BackupException(
            Kind.ALREADY_EXISTS,
            "Table "
                + tree.target()
                + " is not there, but what would be its partition is: "
                + each.target()
                + ". Restore it under another name");
      }
    }
    for (String each : schemas) {
      requireSchema(each, role);
    }
    requireTypes(tree);
    List<String> publications = publications(schemas, 0);
    requireUnpublished(tree, publications);
    session.become(role);
    return new TableTask(tree, Optional.empty(), true, role, names.sequences(tree), publications);
  }

  private void requireSchema(String schema, String role) throws IOException, SQLException {
    List<String> allowed = session.values(SCHEMA, role, role, schema);
    if (allowed.isEmpty()) {
      throw new BackupException(
          Kind.NOT_FOUND,
          "There is no schema "
              + SqlText.name(schema)
              + ": CREATE SCHEMA "
              + SqlText.name(schema)
              + ", or restore into another one");
    }
    if (!allowed.get(0).equals("t")) {
      throw new BackupException(
          Kind.DENIED,
          "Role "
              + SqlText.name(role)
              + " may not make tables in schema "
              + SqlText.name(schema)
              + ": GRANT USAGE, CREATE ON SCHEMA "
              + SqlText.name(schema)
              + " TO "
              + SqlText.name(role)
              + "; or choose another owner");
    }
  }

  /** Types, collations and access methods by which the snapshot's columns are made. */
  private void requireTypes(TableTree tree) throws IOException, SQLException {
    Set<String> missing = new TreeSet<>();
    for (TableTree each : tree.all()) {
      DumpedTable table = each.table();
      require("type", "pg_catalog.to_regtype(?)", table.ofType(), missing);
      for (Column column : table.columns()) {
        require("type", "pg_catalog.to_regtype(?)", column.type(), missing);
        require("collation", "pg_catalog.to_regcollation(?)", column.collation(), missing);
      }
      require(
          "access method",
          "(SELECT amname FROM pg_catalog.pg_am WHERE amname = ? AND amtype = 't')",
          table.accessMethod(),
          missing);
    }
    if (!missing.isEmpty()) {
      throw new BackupException(
          Kind.NOT_FOUND,
          "Table "
              + tree.stored()
              + " needs what is not here: "
              + String.join(", ", missing)
              + ". Its definition is in 10-pre-data.sql of the snapshot");
    }
  }

  private void require(String what, String found, String name, Set<String> missing)
      throws SQLException {
    if (!name.isEmpty() && session.value("SELECT " + found + "::text", name).isEmpty()) {
      missing.add(what + " " + name);
    }
  }

  // ---- a table that is there

  private TableTask existing(TableTree tree, LiveTable live) throws IOException, SQLException {
    if (!live.isTable()) {
      throw new BackupException(
          Kind.ALREADY_EXISTS, live.name() + " is there and no table. Restore under another name");
    }
    requireColumns(tree, live);
    String role = roles.ofExisting(live);
    List<String> publications = publications(Set.of(live.name().schema()), live.oid());
    requireUnpublished(tree, publications);
    session.become(role);
    if (session.is("SELECT pg_catalog.row_security_active(?::bigint::oid)", live.oid())) {
      throw new BackupException(
          Kind.DENIED,
          "Row-level security of table "
              + live.name()
              + " holds for its owner, too: ALTER TABLE "
              + live.name()
              + " NO FORCE ROW LEVEL SECURITY; or restore under another name");
    }
    boolean empty = live.isEmpty(session);
    requireMayEmpty(live, empty);
    return new TableTask(tree, Optional.of(live), empty, role, Map.of(), publications);
  }

  private static void requireColumns(TableTree tree, LiveTable live) throws BackupException {
    List<String> stored = tree.table().copiedColumns();
    List<String> missing = new ArrayList<>(stored);
    missing.removeAll(live.columns());
    if (!missing.isEmpty() || stored.isEmpty() && !live.columns().isEmpty()) {
      throw new BackupException(
          Kind.INVALID,
          "Table "
              + live.name()
              + " has other columns than the snapshot's"
              + (missing.isEmpty() ? "" : ", without " + SqlText.names(missing))
              + ". Restore under another name");
    }
  }

  private void requireMayEmpty(LiveTable live, boolean empty) throws BackupException {
    if (empty) {
      return;
    }
    if (!choices.truncate()) {
      throw new BackupException(
          Kind.ALREADY_EXISTS,
          "Table "
              + live.name()
              + " is there and holds rows. Restore under another name, or say that it may be truncated");
    }
    if (!live.referrers().isEmpty()) {
      throw new BackupException(
          Kind.INVALID,
          "Table "
              + live.name()
              + " cannot be truncated: foreign keys of "
              + String.join(", ", live.referrers())
              + " refer to it. Restore it under another name, then bring back what is missing: "
              + merge(live));
    }
  }

  private static String merge(LiveTable live) {
    String columns = SqlText.names(live.columns());
    return "INSERT INTO "
        + live.name()
        + " ("
        + columns
        + ") OVERRIDING SYSTEM VALUE SELECT "
        + columns
        + " FROM the_other_name ON CONFLICT DO NOTHING";
  }

  // ---- both

  private List<String> publications(Set<String> schemas, long oid) throws SQLException {
    return session.values(PUBLICATIONS, schemas.toArray(String[]::new), oid, oid, oid).stream()
        .map(SqlText::name)
        .toList();
  }

  private void requireUnpublished(TableTree tree, List<String> publications)
      throws BackupException {
    if (!publications.isEmpty() && !choices.published()) {
      throw new BackupException(
          Kind.INVALID,
          "Table "
              + tree.target()
              + " is not restored: publication "
              + String.join(", ", publications)
              + " would send its rows to subscribers. Restore into a schema that is not published,"
              + " or say that it is meant");
    }
  }
}
