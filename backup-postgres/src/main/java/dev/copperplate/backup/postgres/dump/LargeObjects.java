package dev.copperplate.backup.postgres.dump;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.postgres.sql.SqlText;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;

/** Writes large objects, piece by piece, with owners, rights and comments. */
final class LargeObjects {

  private static final int PIECE = 256 << 10;
  private static final String NO_PRIVILEGE = "42501";

  private static final String OBJECTS =
      """
      SELECT m.oid, pg_catalog.pg_get_userbyid(m.lomowner) AS owner, m.lomacl::text AS acl,
        pg_catalog.obj_description(m.oid, 'pg_largeobject') AS comment
      FROM pg_catalog.pg_largeobject_metadata m ORDER BY m.oid\
      """;

  private LargeObjects() {}

  static void write(DumpSession session, SqlOutput output) throws IOException, SQLException {
    try (Statement statement = session.statement();
        ResultSet rows = statement.executeQuery(OBJECTS)) {
      while (rows.next()) {
        String number = Long.toString(rows.getLong("oid"));
        content(session, number, output);
        described(session, number, rows, output);
      }
    }
  }

  private static void content(DumpSession session, String number, SqlOutput output)
      throws IOException, SQLException {
    long from = 0;
    String piece = piece(session, number, from);
    output.statement("SELECT pg_catalog.lo_from_bytea(", number, ", '", piece, "')");
    while (isFull(piece)) {
      from += PIECE;
      piece = piece(session, number, from);
      if (isFull(piece) || piece.length() > 2) {
        String at = Long.toString(from);
        output.statement("SELECT pg_catalog.lo_put(", number, ", ", at, ", '", piece, "')");
      }
    }
  }

  /** In hexadecimal digits behind {@code \x}. */
  private static boolean isFull(String piece) {
    return piece.length() == 2 + 2 * PIECE;
  }

  private static String piece(DumpSession session, String number, long from)
      throws IOException, SQLException {
    try {
      return session.value(
          "SELECT pg_catalog.lo_get(" + number + ", " + from + ", " + PIECE + ")::text");
    } catch (SQLException e) {
      if (NO_PRIVILEGE.equals(e.getSQLState())) {
        throw new BackupException(
            Kind.DENIED,
            "The role may not read large object "
                + number
                + ": GRANT SELECT ON LARGE OBJECT "
                + number
                + " to it, for each of them, or let their owner or a superuser capture");
      }
      throw e;
    }
  }

  private static void described(DumpSession session, String number, ResultSet row, SqlOutput output)
      throws IOException, SQLException {
    String object = "LARGE OBJECT " + number;
    String owner = Objects.requireNonNull(row.getString("owner"));
    output.statement("ALTER ", object, " OWNER TO ", SqlText.name(owner));
    String comment = row.getString("comment");
    if (comment != null) {
      output.statement("COMMENT ON ", object, " IS ", SqlText.literal(comment));
    }
    String acl = row.getString("acl");
    if (acl != null) {
      new Grants(object, owner)
          .write(session, SqlText.literal(acl) + "::pg_catalog.aclitem[]", output);
    }
  }
}
