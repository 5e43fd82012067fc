package dev.copperplate.backup.postgres.restore;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.EntryType;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.postgres.inventory.BaseFacts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Where the tablespaces of a base go. */
final class TablespacePlaces {

  /** Where bases have them. */
  static final EntryPath ROOT = CombinedCluster.ROOT.child("pg_tblspc");

  private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,9}");

  private TablespacePlaces() {}

  /**
   * The places of those that are not left in the data directory, by number.
   *
   * @throws BackupException {@code INVALID} if a user has to say where one goes
   */
  static SortedMap<String, Path> of(SnapshotReader base, BaseFacts facts, RestoreChoices choices)
      throws IOException {
    SortedMap<String, Path> places = new TreeMap<>();
    List<String> unsaid = new ArrayList<>();
    Map<String, Path> unused = new TreeMap<>(choices.tablespaces());
    for (String number : numbers(base)) {
      String old = facts.tablespaces().getOrDefault(number, "");
      Optional<Path> place =
          Optional.ofNullable(unused.remove(number))
              .or(() -> Optional.ofNullable(unused.remove(old)));
      place.ifPresent(each -> places.put(number, each));
      if (place.isEmpty() && !choices.inPlace()) {
        unsaid.add(".tablespace(\"" + number + "\", Path.of(…)), before in '" + old + "'");
      }
    }
    if (!unsaid.isEmpty()) {
      throw invalid(
          "it has tablespaces, and nobody said where they go. Add to the restorer either"
              + " .tablespacesInPlace(), which leaves them in the data directory, or "
              + String.join("; ", unsaid));
    }
    if (!unused.isEmpty()) {
      throw invalid("it has no tablespace " + unused.keySet() + ", but " + facts.tablespaces());
    }
    return places;
  }

  private static List<String> numbers(SnapshotReader base) throws IOException {
    List<String> numbers = new ArrayList<>();
    if (base.entry(ROOT).isEmpty()) {
      return numbers;
    }
    try (Cursor<Entry> walk = base.walk(ROOT, 1)) {
      for (Entry each = walk.next(); each != null; each = walk.next()) {
        String name = each.path().name().toString();
        if (each.type() != EntryType.DIRECTORY || !NUMBER.matcher(name).matches()) {
          throw new BackupException(
              Kind.DAMAGED, each.path() + " is no tablespace. Restore another base");
        }
        numbers.add(name);
      }
    }
    return numbers;
  }

  private static BackupException invalid(String why) {
    return new BackupException(Kind.INVALID, "The base is not restored: " + why);
  }
}
