package dev.copperplate.backup.postgres;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Slots, publications and subscriptions of every kind, and what catalogs say of them. */
final class ReplicationObjects {

  /** A database of a name that programs would take for something else. */
  static final String SHOP = "dbname=evil 'shop\\ \"x\" $(touch /tmp/x);é";

  private static final String PUBLICATIONS =
      """
      SELECT coalesce(string_agg(t, E'\\n' ORDER BY t), '') FROM (SELECT concat_ws('|', to_jsonb(p) - 'oid' - 'pubowner',
        pg_get_userbyid(pubowner), obj_description(p.oid, 'pg_publication'),
        (SELECT jsonb_agg(jsonb_build_array(prrelid::regclass, pg_get_expr(prqual, prrelid), prattrs::text)
          ORDER BY prrelid::regclass::text) FROM pg_publication_rel WHERE prpubid = p.oid),
        (SELECT jsonb_agg(pnnspid::regnamespace ORDER BY pnnspid::regnamespace::text)
          FROM pg_publication_namespace WHERE pnpubid = p.oid)) AS t FROM pg_publication p) x\
      """;

  private static final String SLOTS =
      """
      SELECT string_agg(t, E'\\n' ORDER BY t) FROM (SELECT concat_ws('|', slot_name, plugin, slot_type, database, temporary,
        two_phase, to_jsonb(s) ->> 'failover', restart_lsn IS NULL) AS t FROM pg_replication_slots s WHERE NOT temporary) x\
      """;

  private static final String SUBSCRIPTIONS =
      """
      SELECT coalesce(string_agg(t, E'\\n' ORDER BY t), '') FROM (SELECT concat_ws('|', datname, to_jsonb(s) - 'oid' - 'subdbid'
        - 'subowner' - 'subconninfo' - 'subenabled', pg_get_userbyid(subowner)) AS t
        FROM pg_subscription s JOIN pg_database d ON d.oid = subdbid) x\
      """;

  private static final List<String> DROPS =
      List.of(
          "DO $$ DECLARE s text; BEGIN FOR s IN SELECT subname FROM pg_subscription JOIN pg_database d"
              + " ON d.oid = subdbid WHERE datname = current_database() LOOP EXECUTE format('ALTER"
              + " SUBSCRIPTION %I SET (slot_name = NONE)', s); EXECUTE format('DROP SUBSCRIPTION %I',"
              + " s); END LOOP; END $$",
          "DO $$ DECLARE p text; BEGIN FOR p IN SELECT pubname FROM pg_publication LOOP EXECUTE"
              + " format('DROP PUBLICATION %I', p); END LOOP; END $$",
          "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots"
              + " WHERE database IS NULL OR database = current_database()");

  private ReplicationObjects() {}

  /** A server that decodes. */
  static EmbeddedPostgres.Settings server(int version) {
    return EmbeddedPostgres.version(version).set("wal_level", "logical");
  }

  /** The tables and roles that the objects need. */
  static void createTables(EmbeddedPostgres server) throws Exception {
    server.sql("CREATE ROLE \"own\"\"er\" SUPERUSER");
    server.sql("CREATE DATABASE \"" + SHOP.replace("\"", "\"\"") + "\"");
    for (String database : List.of("postgres", SHOP)) {
      sqlIn(server, database, "CREATE SCHEMA \"Odd.\"\"Schema\"");
      sqlIn(server, database, "CREATE TABLE a (id int PRIMARY KEY, t text, n int)");
      sqlIn(
          server,
          database,
          "CREATE TABLE \"Odd.\"\"Schema\".\"t;1\" (\"I'd\" int PRIMARY KEY, \"x y\" int)");
      sqlIn(server, database, "CREATE TABLE p (id int PRIMARY KEY) PARTITION BY RANGE (id)");
      sqlIn(server, database, "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10)");
    }
  }

  static void createPublications(EmbeddedPostgres server) throws Exception {
    for (String each : publications(server.version())) {
      server.sql(each);
      sqlInShop(server, each);
    }
  }

  private static List<String> publications(int version) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "CREATE PUBLICATION everything FOR ALL TABLES WITH (publish = 'insert, truncate')",
                "CREATE PUBLICATION \"Emp\"\"ty\"",
                "CREATE PUBLICATION nothing FOR TABLE a WITH (publish = '')",
                "CREATE PUBLICATION rows FOR TABLE ONLY a (id, n) WHERE (id > 5 AND n IN (1, -2)),"
                    + " \"Odd.\"\"Schema\".\"t;1\" WHERE (\"I'd\" IS DISTINCT FROM 4),"
                    + " p WITH (publish_via_partition_root = true)",
                "CREATE PUBLICATION texts FOR TABLE a WHERE (t <> E'it''s;\\\\--:x' AND id > 0)"
                    + " WITH (publish = 'insert')",
                "CREATE PUBLICATION schemas FOR TABLES IN SCHEMA \"Odd.\"\"Schema\", TABLE a",
                "ALTER PUBLICATION rows OWNER TO \"own\"\"er\"",
                "COMMENT ON PUBLICATION rows IS E'it''s \\\\ a\\nline'"));
    if (version >= 18) {
      all.add("CREATE PUBLICATION gen FOR TABLE a WITH (publish_generated_columns = stored)");
    }
    return all;
  }

  static void createSlots(EmbeddedPostgres server) throws Exception {
    server.sql("SELECT pg_create_physical_replication_slot('standby', true)");
    server.sql("SELECT pg_create_physical_replication_slot('unused')");
    server.sql("SELECT pg_create_logical_replication_slot('orders', 'pgoutput')");
    sqlInShop(
        server, "SELECT pg_create_logical_replication_slot('shop', 'test_decoding', false, true)");
    if (server.version() >= 17) {
      server.sql("SELECT pg_create_logical_replication_slot('ha', 'pgoutput', false, false, true)");
    }
  }

  static void createSubscriptions(EmbeddedPostgres server, String connection) throws Exception {
    String begin = " CONNECTION '" + connection.replace("'", "''") + "' PUBLICATION ";
    sqlInShop(server, "CREATE SUBSCRIPTION plain" + begin + "\"A\"\"b\", c WITH (connect = false)");
    server.sql(
        "CREATE SUBSCRIPTION \"sub;'x\""
            + begin
            + "c WITH (connect = false, slot_name = 'other_slot', binary = true, streaming = on,"
            + " two_phase = true, disable_on_error = true, synchronous_commit = local"
            + (server.version() >= 16
                ? ", origin = none, run_as_owner = true, password_required = false)"
                : ")"));
    if (server.version() >= 17) {
      server.sql("CREATE SUBSCRIPTION ha" + begin + "c WITH (connect = false, failover = true)");
    }
    server.sql("ALTER SUBSCRIPTION \"sub;'x\" OWNER TO \"own\"\"er\"");
  }

  /** Tables stay. */
  static void dropAll(EmbeddedPostgres server) throws Exception {
    for (String each : DROPS) {
      server.sql(each);
      sqlInShop(server, each);
    }
  }

  static String sqlInShop(EmbeddedPostgres server, String sql) throws Exception {
    return sqlIn(server, SHOP, sql);
  }

  private static String sqlIn(EmbeddedPostgres server, String database, String sql)
      throws Exception {
    return server.sqlIn(URLEncoder.encode(database, StandardCharsets.UTF_8), sql);
  }

  /** Everything but the connection strings. */
  static String describe(EmbeddedPostgres server) throws Exception {
    return String.join(
        "\n", describePublications(server), server.sql(SLOTS), server.sql(SUBSCRIPTIONS));
  }

  static String describePublications(EmbeddedPostgres server) throws Exception {
    return server.sql(PUBLICATIONS) + "\n" + sqlInShop(server, PUBLICATIONS);
  }
}
