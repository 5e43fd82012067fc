package dev.copperplate.backup.postgres.dump;

import dev.copperplate.backup.BackupException;
import java.util.List;

/**
 * One moment of a database that several sessions see, with all its tables locked.
 *
 * @param session that of the moment, which ends with it
 * @param snapshot by which others see the same
 * @param tables all of them
 * @param lsn where the server's WAL stood
 */
record Moment(DumpSession session, String snapshot, List<TableRef> tables, String lsn) {

  private static final int NAMED = 5;

  /** Fails if rows that are wanted cannot be read, and says what helps. */
  void requireReadable(List<TableRef> wanted, String role) throws BackupException {
    List<String> unreadable =
        wanted.stream().filter(each -> !each.readable()).map(TableRef::sql).toList();
    if (!unreadable.isEmpty()) {
      throw new BackupException(
          BackupException.Kind.DENIED,
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
          BackupException.Kind.DENIED,
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
