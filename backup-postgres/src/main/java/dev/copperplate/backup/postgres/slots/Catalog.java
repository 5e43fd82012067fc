package dev.copperplate.backup.postgres.slots;

import dev.copperplate.backup.postgres.slots.Subscription.Address;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a server has of slots, publications and subscriptions, in an order that stays. */
final class Catalog {

  private static final String DATABASES =
      """
      SELECT datname AS name, pg_catalog.has_database_privilege(oid, 'CONNECT') AS open
      FROM pg_catalog.pg_database WHERE datallowconn AND NOT datistemplate ORDER BY datname COLLATE "C"\
      """;

  private static final String SLOTS =
      """
      SELECT * FROM pg_catalog.pg_replication_slots WHERE NOT temporary ORDER BY slot_name COLLATE "C"\
      """;

  private static final String PUBLICATIONS =
      """
      SELECT p.*, pg_catalog.pg_get_userbyid(p.pubowner) AS owner, pg_catalog.current_database() AS database,
        pg_catalog.obj_description(p.oid, 'pg_publication') AS comment,
        ARRAY(SELECT n.nspname::text FROM pg_catalog.pg_publication_namespace m
          JOIN pg_catalog.pg_namespace n ON n.oid = m.pnnspid WHERE m.pnpubid = p.oid
          ORDER BY n.nspname COLLATE "C") AS schemas
      FROM pg_catalog.pg_publication p ORDER BY p.pubname COLLATE "C"\
      """;

  private static final String TABLES =
      """
      SELECT n.nspname AS schema, c.relname AS name, pg_catalog.pg_get_expr(r.prqual, r.prrelid) AS filter,
        ARRAY(SELECT a.attname::text FROM pg_catalog.unnest(r.prattrs::int2[]) WITH ORDINALITY k (number, place)
          JOIN pg_catalog.pg_attribute a ON a.attrelid = r.prrelid AND a.attnum = k.number
          ORDER BY k.place) AS columns
      FROM pg_catalog.pg_publication_rel r
        JOIN pg_catalog.pg_publication p ON p.oid = r.prpubid
        JOIN pg_catalog.pg_class c ON c.oid = r.prrelid
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE p.pubname = ? ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"\
      """;

  private static final String PUBLISHED =
      """
      SELECT DISTINCT schemaname AS schema, tablename AS name FROM pg_catalog.pg_publication_tables ORDER BY 1, 2\
      """;

  /** The role may not read all of them. */
  private static final String READABLE_COLUMNS =
      """
      SELECT attname AS name FROM pg_catalog.pg_attribute
      WHERE attrelid = 'pg_catalog.pg_subscription'::pg_catalog.regclass AND attnum > 0 AND NOT attisdropped
        AND pg_catalog.has_column_privilege(attrelid, attnum, 'SELECT') ORDER BY attnum\
      """;

  private static final String SUBSCRIPTIONS =
      """
      SELECT %s, pg_catalog.pg_get_userbyid(s.subowner) AS owner, d.datname AS database
      FROM pg_catalog.pg_subscription s JOIN pg_catalog.pg_database d ON d.oid = s.subdbid
      ORDER BY d.datname COLLATE "C", s.subname COLLATE "C"\
      """;

  /** Columns that say what is published, in the server's own order. */
  private static final List<String> OPERATIONS = List.of("insert", "update", "delete", "truncate");

  private final Session session;

  Catalog(Session session) {
    this.session = session;
  }

  /**
   * A database that takes connections.
   *
   * @param open whether the role may connect
   */
  record Database(String name, boolean open) {}

  List<Database> databases() throws SQLException {
    return session.rows(DATABASES).stream()
        .map(row -> new Database(row.text("name"), row.flag("open")))
        .toList();
  }

  /** All slots of the server but temporary ones, also those that are being created. */
  List<Slot> slots() throws SQLException {
    return session.rows(SLOTS).stream().map(Slot::of).toList();
  }

  Optional<Slot> slot(String name) throws SQLException {
    return slots().stream().filter(each -> each.name().equals(name)).findFirst();
  }

  /** Those of the database. */
  List<Publication> publications() throws SQLException {
    List<Publication> publications = new ArrayList<>();
    for (Row each : session.rows(PUBLICATIONS)) {
      publications.add(publication(each));
    }
    return publications;
  }

  private Publication publication(Row row) throws SQLException {
    return new Publication(
        row.text("database"),
        row.text("pubname"),
        row.text("owner"),
        row.flag("puballtables"),
        OPERATIONS.stream().filter(each -> row.flag("pub" + each)).toList(),
        row.flag("pubviaroot"),
        row.text("pubgencols").equals("s") ? "stored" : "none",
        row.texts("schemas"),
        session.rows(TABLES, row.text("pubname")).stream()
            .map(
                table ->
                    new Publication.Table(
                        table.text("schema"),
                        table.text("name"),
                        table.texts("columns"),
                        table.text("filter")))
            .toList(),
        row.text("comment"));
  }

  /** Schema and name of each table that any publication of the database publishes. */
  List<Publication.Table> published() throws SQLException {
    return session.rows(PUBLISHED).stream()
        .map(row -> new Publication.Table(row.text("schema"), row.text("name"), List.of(), ""))
        .sorted(
            Comparator.comparing(Publication.Table::schema).thenComparing(Publication.Table::name))
        .toList();
  }

  /** Those of all databases. */
  List<Subscription> subscriptions() throws SQLException {
    List<String> columns =
        session.rows(READABLE_COLUMNS).stream().map(row -> row.text("name")).toList();
    String list =
        columns.stream()
            .map(each -> each.equals("subpublications") ? "s." + each + "::text[]" : "s." + each)
            .collect(Collectors.joining(", "));
    return session.rows(SUBSCRIPTIONS.replace("%s", list)).stream()
        .map(row -> subscription(row, columns.contains("subconninfo")))
        .toList();
  }

  private static Subscription subscription(Row row, boolean readable) {
    Optional<Map<String, String>> all = ConnectionText.parse(row.text("subconninfo"));
    Optional<Map<String, String>> shown = all.flatMap(ConnectionText::harmless);
    Address address =
        !readable
            ? Address.DENIED
            : shown.isEmpty()
                ? Address.UNREADABLE
                : shown.equals(all) ? Address.WHOLE : Address.WITHOUT_SECRETS;
    return new Subscription(
        row.text("database"),
        row.text("subname"),
        row.text("owner"),
        row.flag("subenabled"),
        row.texts("subpublications"),
        row.text("subslotname"),
        SubscriptionOptions.of(row),
        address,
        shown.orElse(Map.of()).entrySet().stream()
            .map(each -> ConnectionText.parameter(each.getKey(), each.getValue()))
            .toList());
  }
}
