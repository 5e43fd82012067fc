package dev.copperplate.backup.postgres.load.table;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.postgres.dump.DumpedTable;
import dev.copperplate.backup.postgres.load.StoredTables;
import dev.copperplate.backup.postgres.load.table.TableChoices.Wanted;
import dev.copperplate.backup.postgres.sql.SqlText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds the wanted tables of a snapshot, with their partitions. */
final class TableTrees {

  /** Of partitions of partitions. */
  private static final int MAX_DEPTH = 16;

  private final StoredTables tables;
  private final TableChoices choices;

  TableTrees(StoredTables tables, TableChoices choices) {
    this.tables = tables;
    this.choices = choices;
  }

  /** In the order in which they were chosen. */
  List<TableTree> find() throws IOException {
    String database = database();
    Map<TableName, DumpedTable> found = new LinkedHashMap<>();
    Set<TableName> wanted =
        choices.tables().stream().map(Wanted::stored).collect(Collectors.toSet());
    add(
        tables.all(
            each ->
                each.database().equals(database) && isNamed(each) && wanted.contains(name(each))),
        found);
    Map<TableName, List<DumpedTable>> partitions = partitions(database, found);
    List<TableTree> trees = new ArrayList<>();
    for (Wanted each : choices.tables()) {
      DumpedTable root = stored(each.stored(), found, database);
      trees.add(tree(root, new PartitionNames(each), partitions, 0));
    }
    requireApart(trees);
    return trees;
  }

  private String database() throws IOException {
    List<String> databases = tables.databases();
    if (choices.database().isEmpty() && databases.size() == 1) {
      return databases.get(0);
    }
    if (databases.contains(choices.database())) {
      return choices.database();
    }
    throw new BackupException(
        choices.database().isEmpty() ? Kind.INVALID : Kind.NOT_FOUND,
        (choices.database().isEmpty()
                ? "The snapshot holds several databases, say which"
                : "The snapshot does not hold database " + SqlText.name(choices.database()))
            + ": "
            + SqlText.names(databases));
  }

  private static DumpedTable stored(
      TableName name, Map<TableName, DumpedTable> found, String database) throws BackupException {
    DumpedTable table = found.get(name);
    if (table == null) {
      throw new BackupException(
          Kind.NOT_FOUND,
          "Database " + SqlText.name(database) + " of the snapshot has no table " + name);
    }
    return table;
  }

  private static void add(List<DumpedTable> some, Map<TableName, DumpedTable> found)
      throws BackupException {
    for (DumpedTable each : some) {
      if (found.putIfAbsent(name(each), each) != null) {
        throw damaged(each, "is described twice");
      }
    }
  }

  private Map<TableName, List<DumpedTable>> partitions(
      String database, Map<TableName, DumpedTable> roots) throws IOException {
    Map<TableName, List<DumpedTable>> partitions = new HashMap<>();
    Map<TableName, DumpedTable> seen = new HashMap<>();
    Set<TableName> parents = partitioned(roots.values());
    while (!parents.isEmpty()) {
      Set<TableName> level = parents;
      List<DumpedTable> below =
          tables.all(
              each ->
                  each.database().equals(database)
                      && isNamed(each)
                      && parent(each).filter(level::contains).isPresent());
      add(below, seen);
      for (DumpedTable each : below) {
        partitions.computeIfAbsent(parent(each).get(), none -> new ArrayList<>()).add(each);
      }
      parents = partitioned(below);
      parents.removeAll(partitions.keySet());
    }
    return partitions;
  }

  private static Set<TableName> partitioned(Collection<DumpedTable> tables) {
    return tables.stream()
        .filter(each -> each.kind().equals(DumpedTable.PARTITIONED))
        .map(TableTrees::name)
        .collect(Collectors.toCollection(HashSet::new));
  }

  private TableTree tree(
      DumpedTable table,
      PartitionNames names,
      Map<TableName, List<DumpedTable>> partitions,
      int depth)
      throws BackupException {
    if (depth > MAX_DEPTH) {
      throw damaged(table, "is a partition of too many others");
    }
    requireNames(table);
    if (!table.captured()) {
      throw new BackupException(
          Kind.INVALID, "The rows of " + name(table) + " are not in the snapshot");
    }
    TableName target = names.of(name(table));
    List<TableTree> below = new ArrayList<>();
    for (DumpedTable each : partitions.getOrDefault(name(table), List.of())) {
      below.add(tree(each, names, partitions, depth + 1));
    }
    return new TableTree(table, target, below);
  }

  private static void requireNames(DumpedTable table) throws BackupException {
    boolean named =
        table.sequences().stream()
                .allMatch(each -> TableName.isName(each.schema()) && TableName.isName(each.name()))
            && table.constraints().stream().allMatch(each -> TableName.isName(each.name()))
            && table.indexes().stream().allMatch(each -> TableName.isName(each.name()));
    if (!named) {
      throw damaged(table, "has a part without a name");
    }
  }

  private static void requireApart(List<TableTree> trees) {
    Set<TableName> targets = new HashSet<>();
    for (TableTree tree : trees) {
      for (TableTree each : tree.all()) {
        if (!targets.add(each.target())) {
          throw new IllegalArgumentException("Two tables would become " + each.target());
        }
      }
    }
  }

  private static TableName name(DumpedTable table) {
    return new TableName(table.schema(), table.name());
  }

  private static boolean isNamed(DumpedTable table) {
    return TableName.isName(table.schema()) && TableName.isName(table.name());
  }

  /** Of what it is a partition. */
  private static Optional<TableName> parent(DumpedTable table) {
    if (table.partitionBound().isEmpty() || table.parents().isEmpty()) {
      return Optional.empty();
    }
    DumpedTable.Parent parent = table.parents().get(0);
    return TableName.isName(parent.schema()) && TableName.isName(parent.name())
        ? Optional.of(new TableName(parent.schema(), parent.name()))
        : Optional.empty();
  }

  private static BackupException damaged(DumpedTable table, String what) {
    return new BackupException(
        Kind.DAMAGED, "Table " + name(table) + " of the snapshot " + what + ". Use another");
  }
}
