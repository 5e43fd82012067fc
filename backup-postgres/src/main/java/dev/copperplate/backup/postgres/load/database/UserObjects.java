package dev.copperplate.backup.postgres.load.database;

import dev.copperplate.backup.postgres.sql.SqlText;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** Finds what people have put into a database. Extensions and what is theirs does not count. */
final class UserObjects {

  private static final String SOME =
      """
      SELECT o.kind || ' ' || pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(o.name)
      FROM (
        SELECT 'pg_catalog.pg_class'::pg_catalog.regclass AS catalog, oid, relnamespace AS namespace, relname AS name,
          CASE relkind WHEN 'S' THEN 'sequence' WHEN 'v' THEN 'view' WHEN 'c' THEN 'type' ELSE 'table' END AS kind
        FROM pg_catalog.pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'S', 'f', 'c')
        UNION ALL SELECT 'pg_catalog.pg_proc'::pg_catalog.regclass, oid, pronamespace, proname, 'function'
        FROM pg_catalog.pg_proc
        UNION ALL SELECT 'pg_catalog.pg_type'::pg_catalog.regclass, oid, typnamespace, typname, 'type'
        FROM pg_catalog.pg_type WHERE typtype IN ('d', 'e', 'r')) o
        JOIN pg_catalog.pg_namespace n ON n.oid = o.namespace
      WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND %s
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
          WHERE d.classid = o.catalog AND d.objid = o.oid AND d.deptype = 'e')
      ORDER BY 1 LIMIT 5\
      """;

  private static final String LARGE_OBJECTS =
      "SELECT 'large object ' || oid FROM pg_catalog.pg_largeobject_metadata ORDER BY oid LIMIT 1";

  private UserObjects() {}

  /**
   * Some of them.
   *
   * @param schemas in these; in all if there are none
   */
  static List<String> some(TargetSession session, Collection<String> schemas) throws SQLException {
    if (!schemas.isEmpty()) {
      String names = schemas.stream().map(SqlText::literal).collect(Collectors.joining(", "));
      return session.column(SOME.replace("%s", "n.nspname IN (" + names + ")"));
    }
    List<String> found = session.column(SOME.replace("%s", "true"));
    return found.isEmpty() ? session.column(LARGE_OBJECTS) : found;
  }
}
