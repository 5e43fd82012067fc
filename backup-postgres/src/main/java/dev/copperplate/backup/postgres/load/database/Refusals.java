package dev.copperplate.backup.postgres.load.database;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.postgres.load.LoadFailure;
import java.sql.SQLException;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * What a server refused, for people. Of its words only those are repeated that name objects; others
 * can hold values of rows, or passwords.
 */
final class Refusals {

  private static final int LONGEST = 300;

  private static final Pattern REPEATED =
      Pattern.compile(
          "(permission denied .*|must be .*|only roles with .*"
              + "|(role|tablespace|schema|database|extension|relation|type|collation|language|server"
              + "|publication|column|access method|foreign-data wrapper|text search [a-z]+) \".*\""
              + "( of relation \".*\")? (does not exist|already exists)"
              + "|function .* does not exist|operator does not exist: .*"
              + "|extension \".*\" is not available|access to .* is not .*"
              + "|could not (open|access) .*|subscription was created, but is not connected"
              + "|\"?wal_level\"? is insufficient to publish logical changes"
              + "|collation \".*\" for encoding .* does not exist|source database .* is being .*"
              + "|encoding \".*\" does not match locale \".*\"|invalid LC_.*"
              + "|canceling statement due to .*|terminating connection due to .*"
              + "|.* already exists with same argument types|unrecognized configuration parameter .*"
              + "|no unpinned buffers available|out of memory|out of shared memory|disk full"
              + "|cannot execute .* in a read-only transaction)");

  private static final Map<String, String> REMEDIES =
      Map.of(
          "42704",
          "What it names is not there: globals() brings roles and tablespaces of the snapshot,"
              + " staging() leaves them out",
          "42501",
          "Restore as a superuser or as the owner, or leave out what needs one: owner() and"
              + " staging()",
          "58P01",
          "Install what it needs on the server, such as the files of an extension",
          "0A000",
          "Install what it needs on the server, such as the files of an extension");

  private Refusals() {}

  static BackupException failure(String doing, SQLException e) {
    BackupException failure = LoadFailure.of(doing, e);
    String state = e.getSQLState() == null ? "" : e.getSQLState();
    String remedy = REMEDIES.getOrDefault(state, "");
    String words = words(e);
    return new BackupException(
        failure.kind(),
        failure.getMessage()
            + (words.isEmpty() ? "" : ": " + words)
            + (remedy.isEmpty() ? "" : ". " + remedy),
        failure.getCause());
  }

  /** The message of it alone. */
  static String text(String doing, SQLException e) {
    return String.valueOf(failure(doing, e).getMessage());
  }

  /** What the server said, if it can be repeated. */
  static String words(SQLException e) {
    ServerErrorMessage said = e instanceof PSQLException p ? p.getServerErrorMessage() : null;
    return words(said == null ? null : said.getMessage());
  }

  static String words(@Nullable String said) {
    if (said == null) {
      return "";
    }
    String line = said.lines().findFirst().orElse("").replaceFirst("^[A-Z]+: +", "");
    return line.length() <= LONGEST && REPEATED.matcher(line).matches() ? line : "";
  }

  static boolean is(SQLException e, String state) {
    return state.equals(e.getSQLState());
  }
}
