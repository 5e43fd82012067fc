package dev.copperplate.backup.postgres.dump;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.postgres.sql.SqlText;
import java.util.List;

/** What a role may read. */
record Privileges(String role) {

  private static final int NAMED = 5;

  /** Fails if rows that are wanted cannot be read, and says what helps. */
  void require(List<TableRef> wanted) throws BackupException {
    List<String> unreadable =
        wanted.stream().filter(each -> !each.readable()).map(TableRef::sql).toList();
    if (!unreadable.isEmpty()) {
      throw new BackupException(
          Kind.DENIED,
          "Role "
              + SqlText.name(role)
              + " may not read "
              + some(unreadable)
              + ": GRANT pg_read_all_data TO "
              + SqlText.name(role)
              + "; or GRANT SELECT ON "
              + unreadable.get(0)
              + " TO "
              + SqlText.name(role)
              + "; or exclude them");
    }
    List<String> filtered =
        wanted.stream()
            .filter(each -> each.stored() && each.filtered())
            .map(TableRef::sql)
            .toList();
    if (!filtered.isEmpty()) {
      throw new BackupException(
          Kind.DENIED,
          "Row-level security would hide rows of "
              + some(filtered)
              + " from role "
              + SqlText.name(role)
              + ": ALTER ROLE "
              + SqlText.name(role)
              + " BYPASSRLS; or exclude them");
    }
  }

  private static String some(List<String> names) {
    String first = String.join(", ", names.subList(0, Math.min(NAMED, names.size())));
    return names.size() > NAMED ? first + " and " + (names.size() - NAMED) + " more" : first;
  }
}
