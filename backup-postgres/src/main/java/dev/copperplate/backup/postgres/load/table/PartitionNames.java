package dev.copperplate.backup.postgres.load.table;

import dev.copperplate.backup.postgres.load.table.TableChoices.Wanted;

/**
 * What partitions of a table are called that is restored under another name: the beginning that
 * they share with its old name is exchanged, or the new name comes before theirs. Not thread-safe.
 */
final class PartitionNames {

  private final Wanted root;
  private int cut;

  PartitionNames(Wanted root) {
    this.root = root;
  }

  /** The new name of the table or of a partition. */
  TableName of(TableName stored) {
    if (stored.equals(root.stored())) {
      return root.target();
    }
    if (root.target().equals(root.stored())) {
      return stored;
    }
    return new TableName(root.target().schema(), renamed(stored.name()));
  }

  private String renamed(String name) {
    String before = root.stored().name();
    String after = root.target().name();
    if (before.equals(after)) {
      return name;
    }
    String longer =
        name.startsWith(before) ? after + name.substring(before.length()) : after + "_" + name;
    return TableName.fits(longer) ? longer : numbered(after);
  }

  private String numbered(String name) {
    String end = "_p" + ++cut;
    String begin = name;
    while (!TableName.fits(begin + end)) {
      begin = begin.substring(0, begin.offsetByCodePoints(begin.length(), -1));
    }
    return begin + end;
  }
}
