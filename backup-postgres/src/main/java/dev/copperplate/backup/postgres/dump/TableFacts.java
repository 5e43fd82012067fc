package dev.copperplate.backup.postgres.dump;

import dev.copperplate.backup.postgres.dump.DumpedTable.RowsFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Describes tables, as the server sees them at the moment of the capture. */
final class TableFacts {

  /** Makes the lines of {@link DumpedTable}, without rows. */
  private static final String FACTS =
      """
      SELECT c.oid, pg_catalog.json_build_object(
        'database', pg_catalog.current_database(), 'schema', n.nspname, 'name', c.relname,
        'kind', CASE c.relkind WHEN 'p' THEN 'partitioned' ELSE 'table' END,
        'owner', pg_catalog.pg_get_userbyid(c.relowner), 'unlogged', c.relpersistence = 'u',
        'accessMethod', coalesce((SELECT a.amname::text FROM pg_catalog.pg_am a WHERE a.oid = c.relam), ''),
        'options', coalesce(pg_catalog.array_to_json(c.reloptions), '[]'),
        'ofType', CASE WHEN c.reloftype = 0 THEN '' ELSE pg_catalog.format_type(c.reloftype, NULL) END,
        'partitionKey', coalesce(CASE WHEN c.relkind = 'p' THEN pg_catalog.pg_get_partkeydef(c.oid) END, ''),
        'partitionBound', coalesce(CASE WHEN c.relispartition THEN pg_catalog.pg_get_expr(c.relpartbound, c.oid) END, ''),
        'parents', coalesce((SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
            'schema', pn.nspname, 'name', p.relname) ORDER BY i.inhseqno)
          FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class p ON p.oid = i.inhparent
            JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace WHERE i.inhrelid = c.oid), '[]'),
        'columns', coalesce((SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
            'name', a.attname, 'type', pg_catalog.format_type(a.atttypid, a.atttypmod), 'notNull', a.attnotnull,
            'default', coalesce(CASE WHEN a.attgenerated = '' THEN pg_catalog.pg_get_expr(f.adbin, f.adrelid) END, ''),
            'identity', CASE a.attidentity WHEN 'a' THEN 'always' WHEN 'd' THEN 'by default' ELSE '' END,
            'generated', coalesce(CASE WHEN a.attgenerated <> '' THEN pg_catalog.pg_get_expr(f.adbin, f.adrelid) END, ''),
            'generation', CASE a.attgenerated WHEN 's' THEN 'stored' WHEN 'v' THEN 'virtual' ELSE '' END,
            'collation', CASE WHEN a.attcollation <> t.typcollation THEN coalesce((
              SELECT pg_catalog.format('%I.%I', cn.nspname, co.collname) FROM pg_catalog.pg_collation co
                JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace WHERE co.oid = a.attcollation), '')
              ELSE '' END,
            'local', a.attislocal) ORDER BY a.attnum)
          FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
            LEFT JOIN pg_catalog.pg_attrdef f ON f.adrelid = a.attrelid AND f.adnum = a.attnum
          WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), '[]'),
        'constraints', coalesce((SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
            'name', k.conname, 'kind', CASE k.contype WHEN 'p' THEN 'primary key' WHEN 'u' THEN 'unique'
              WHEN 'x' THEN 'exclusion' WHEN 'c' THEN 'check' ELSE 'foreign key' END,
            'definition', pg_catalog.pg_get_constraintdef(k.oid),
            'local', k.conislocal AND k.conparentid = 0) ORDER BY k.contype, k.conname)
          FROM pg_catalog.pg_constraint k WHERE k.conrelid = c.oid AND k.contype IN ('p', 'u', 'x', 'c', 'f')), '[]'),
        'indexes', coalesce((SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
            'name', ic.relname, 'definition', pg_catalog.pg_get_indexdef(ic.oid)) ORDER BY ic.relname)
          FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid
          WHERE i.indrelid = c.oid AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k
            WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))), '[]'),
        'sequences', coalesce((SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
            'schema', sn.nspname, 'name', s.relname, 'column', a.attname, 'identity', d.deptype = 'i',
            'type', pg_catalog.format_type(q.seqtypid, NULL), 'options', pg_catalog.format(
              'INCREMENT BY %s MINVALUE %s MAXVALUE %s START WITH %s CACHE %s%s CYCLE', q.seqincrement, q.seqmin,
              q.seqmax, q.seqstart, q.seqcache, CASE WHEN q.seqcycle THEN '' ELSE ' NO' END),
            'last', coalesce(CASE WHEN pg_catalog.has_sequence_privilege(s.oid, 'SELECT, USAGE')
              THEN pg_catalog.pg_sequence_last_value(s.oid)::text END, '')) ORDER BY a.attnum)
          FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_class s ON s.oid = d.objid AND s.relkind = 'S'
            JOIN pg_catalog.pg_sequence q ON q.seqrelid = s.oid
            JOIN pg_catalog.pg_namespace sn ON sn.oid = s.relnamespace
            JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
          WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid = c.oid
            AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.deptype IN ('a', 'i')), '[]'),
        'captured', false, 'files', '[]'::json)::text AS facts
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p') AND c.oid = ANY (?)
      ORDER BY n.nspname, c.relname\
      """;

  private TableFacts() {}

  /**
   * Writes a line for each.
   *
   * @param captured whether the rows of a table are in the snapshot
   * @param files where they are
   */
  static void write(
      Moment moment,
      Predicate<TableRef> captured,
      Function<TableRef, List<RowsFile>> files,
      SqlOutput output)
      throws IOException, SQLException {
    Map<Long, TableRef> tables =
        moment.tables().stream()
            .filter(each -> !each.extension())
            .collect(Collectors.toMap(TableRef::oid, each -> each));
    String numbers =
        tables.keySet().stream()
            .map(each -> Long.toString(each))
            .collect(Collectors.joining(",", "'{", "}'"));
    try (Statement statement = moment.session().statement();
        ResultSet rows = statement.executeQuery(FACTS.replace("(?)", "(" + numbers + ")"))) {
      while (rows.next()) {
        DumpedTable table = DumpedTable.parse(rows.getString("facts"));
        TableRef met = Objects.requireNonNull(tables.get(rows.getLong("oid")));
        DumpedTable line = captured.test(met) ? table.captured(files.apply(met)) : table;
        output.stream().write((line.toLine() + "\n").getBytes(StandardCharsets.UTF_8));
      }
    }
    output.flush();
  }
}
