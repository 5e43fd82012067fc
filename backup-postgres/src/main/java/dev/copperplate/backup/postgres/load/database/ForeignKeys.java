package dev.copperplate.backup.postgres.load.database;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.postgres.dump.DumpedTable;
import dev.copperplate.backup.postgres.sql.SqlText;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * In which order tables are loaded so that no foreign key is broken on the way: those that others
 * point to first. Where they point in circles, a deferrable key lets them be loaded in one
 * transaction; where there is none, nobody but a superuser can load them.
 */
final class ForeignKeys {

  private static final String KEYS =
      """
      SELECT cn.nspname, c.relname, pn.nspname, p.relname, k.conname, k.condeferrable
      FROM pg_catalog.pg_constraint k
        JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
        JOIN pg_catalog.pg_namespace cn ON cn.oid = c.relnamespace
        JOIN pg_catalog.pg_class p ON p.oid = k.confrelid
        JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace
      WHERE k.contype = 'f'\
      """;

  /** A table as keys name it. */
  record Name(String schema, String name) {
    static Name of(DumpedTable table) {
      return new Name(table.schema(), table.name());
    }

    @Override
    public String toString() {
      return SqlText.name(schema, name);
    }
  }

  /** A key. */
  record Key(Name from, Name to, String constraint, boolean deferrable) {}

  private final List<Key> keys;

  ForeignKeys(List<Key> keys) {
    this.keys = List.copyOf(keys);
  }

  static ForeignKeys read(TargetSession session) throws SQLException {
    List<Key> keys = new ArrayList<>();
    try (Statement statement = session.connection().createStatement();
        ResultSet rows = statement.executeQuery(KEYS)) {
      while (rows.next()) {
        keys.add(
            new Key(
                new Name(rows.getString(1), rows.getString(2)),
                new Name(rows.getString(3), rows.getString(4)),
                rows.getString(5),
                rows.getBoolean(6)));
      }
    }
    return new ForeignKeys(keys);
  }

  /**
   * The tables in waves: those of a wave point to nothing that comes in a later one.
   *
   * @throws BackupException {@code UNSUPPORTED} if keys that cannot be deferred make a circle
   */
  List<List<TableGroup>> order(Collection<DumpedTable> tables) throws BackupException {
    Map<Name, DumpedTable> left = new LinkedHashMap<>();
    tables.forEach(each -> left.put(Name.of(each), each));
    requireSelf(left);
    Map<Name, Set<Name>> parents = parents(left.keySet(), true);
    List<List<TableGroup>> waves = new ArrayList<>();
    while (!left.isEmpty()) {
      List<TableGroup> wave = new ArrayList<>();
      Set<Name> ready = ready(left.keySet(), parents);
      if (ready.isEmpty()) {
        Set<Name> circle = circle(left.keySet(), parents);
        wave.add(new TableGroup(sorted(circle, left)));
        ready = circle;
      } else {
        ready.forEach(each -> wave.add(new TableGroup(List.of(get(left, each)))));
      }
      waves.add(wave);
      left.keySet().removeAll(ready);
    }
    return waves;
  }

  private static DumpedTable get(Map<Name, DumpedTable> tables, Name name) {
    return Objects.requireNonNull(tables.get(name));
  }

  /** Those whose parents are not among them. */
  private static Set<Name> ready(Set<Name> left, Map<Name, Set<Name>> parents) {
    return left.stream()
        .filter(each -> parents.getOrDefault(each, Set.of()).stream().noneMatch(left::contains))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** The fewest that point at nothing but each other. */
  private static Set<Name> circle(Set<Name> left, Map<Name, Set<Name>> parents) {
    Set<Name> smallest = new LinkedHashSet<>(left);
    for (Name each : left) {
      Set<Name> reached = new LinkedHashSet<>();
      List<Name> next = new ArrayList<>(List.of(each));
      while (!next.isEmpty() && reached.size() < smallest.size()) {
        Name name = next.remove(next.size() - 1);
        if (left.contains(name) && reached.add(name)) {
          next.addAll(parents.getOrDefault(name, Set.of()));
        }
      }
      smallest = reached.size() < smallest.size() ? reached : smallest;
    }
    return smallest;
  }

  /** In the order of the keys that cannot be deferred. */
  private List<DumpedTable> sorted(Set<Name> circle, Map<Name, DumpedTable> tables)
      throws BackupException {
    Map<Name, Set<Name>> parents = parents(circle, false);
    List<DumpedTable> sorted = new ArrayList<>();
    Set<Name> left = new LinkedHashSet<>(circle);
    while (!left.isEmpty()) {
      Set<Name> ready = ready(left, parents);
      if (ready.isEmpty()) {
        throw refused(circle(left, parents));
      }
      ready.forEach(each -> sorted.add(get(tables, each)));
      left.removeAll(ready);
    }
    return sorted;
  }

  /** Files are loaded one after the other, and a row may point to one of a later file. */
  private void requireSelf(Map<Name, DumpedTable> tables) throws BackupException {
    for (Key each : keys) {
      DumpedTable table = tables.get(each.from());
      if (table != null
          && each.from().equals(each.to())
          && !each.deferrable()
          && table.files().size() > 1) {
        throw refused(Set.of(each.from()));
      }
    }
  }

  private Map<Name, Set<Name>> parents(Set<Name> among, boolean deferrable) {
    Map<Name, Set<Name>> parents = new LinkedHashMap<>();
    for (Key each : keys) {
      boolean counts = deferrable || !each.deferrable();
      if (counts
          && !each.from().equals(each.to())
          && among.contains(each.from())
          && among.contains(each.to())) {
        parents.computeIfAbsent(each.from(), unknown -> new HashSet<>()).add(each.to());
      }
    }
    return parents;
  }

  private BackupException refused(Set<Name> circle) {
    String which =
        keys.stream()
            .filter(each -> circle.contains(each.from()) && circle.contains(each.to()))
            .filter(each -> !each.deferrable())
            .map(
                each ->
                    "ALTER TABLE "
                        + each.from()
                        + " ALTER CONSTRAINT "
                        + SqlText.name(each.constraint())
                        + " DEFERRABLE")
            .limit(5)
            .collect(Collectors.joining("; "));
    return new BackupException(
        Kind.UNSUPPORTED,
        "Foreign keys point in a circle, so that no order of loading keeps them: say "
            + which
            + " before, or restore with psql as a superuser, as RESTORE.md says");
  }
}
