package dev.copperplate.backup.postgres.load.table;

import dev.copperplate.backup.postgres.load.table.TableChoices.Wanted;
import java.util.HashSet;
import java.util.Set;

/**
 * What partitions of a table are called that is restored under another name: the beginning that
 * they share with its old name is exchanged, or the new name comes before theirs. Not thread-safe.
 */
final class PartitionNames {

  private final Wanted root;
  private final Set<String> given = new HashSet<>();
  private int number;

  PartitionNames(Wanted root) {
    this.root = root;
    this.given.add(root.target().name());
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
    String wanted = before.equals(after) ? name : exchanged(name, before, after);
    return TableName.fits(wanted) && given.add(wanted) ? wanted : numbered(after);
  }

  private static String exchanged(String name, String before, String after) {
    return name.startsWith(before) ? after + name.substring(before.length()) : after + "_" + name;
  }

  private String numbered(String name) {
    String numbered;
    do {
      numbered = cut(name, "_p" + ++number);
    } while (!given.add(numbered));
    return numbered;
  }

  private static String cut(String name, String end) {
    String begin = name;
    while (!TableName.fits(begin + end)) {
      begin = begin.substring(0, begin.offsetByCodePoints(begin.length(), -1));
    }
    return begin + end;
  }
}
