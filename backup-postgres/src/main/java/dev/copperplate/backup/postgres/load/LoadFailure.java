package dev.copperplate.backup.postgres.load;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.postgres.replication.Connections;
import dev.copperplate.backup.postgres.sql.SqlText;
import java.sql.SQLException;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * Says what a server refused without what it may quote: its text, detail and context can hold
 * values of rows. Names of constraints and columns, and the number of a line, are none.
 */
public final class LoadFailure {

  /** How the server says where in the rows it was, in whatever language it speaks. */
  private static final Pattern LINE = Pattern.compile("^COPY .*?, \\p{L}+ (\\d{1,18})\\b");

  private LoadFailure() {}

  /** A failure of a statement that brings back what a snapshot holds. */
  public static BackupException of(String doing, SQLException e) {
    BackupException failure = Connections.failure(doing, e);
    ServerErrorMessage said = e instanceof PSQLException p ? p.getServerErrorMessage() : null;
    String place = said == null ? "" : place(said);
    return place.isEmpty()
        ? failure
        : new BackupException(
            failure.kind(), failure.getMessage() + ": " + place, failure.getCause());
  }

  private static String place(ServerErrorMessage said) {
    StringJoiner place = new StringJoiner(", ");
    named(place, "constraint ", said.getConstraint());
    named(place, "column ", said.getColumn());
    Matcher line = LINE.matcher(said.getWhere() == null ? "" : said.getWhere());
    if (line.find()) {
      place.add("line " + line.group(1) + " of the rows");
    }
    return place.toString();
  }

  private static void named(StringJoiner place, String what, @Nullable String name) {
    if (name != null) {
      place.add(what + SqlText.name(name));
    }
  }
}
