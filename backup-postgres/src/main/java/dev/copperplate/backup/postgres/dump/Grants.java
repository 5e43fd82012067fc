package dev.copperplate.backup.postgres.dump;

import dev.copperplate.backup.postgres.sql.SqlText;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Writes who may do what with an object, so that its access list becomes what it was.
 *
 * @param object such as {@code DATABASE "orders"}
 * @param owner whose default rights are taken first
 */
record Grants(String object, String owner) {

  /**
   * Privileges in the order in which they were given.
   *
   * @param acl an expression of SQL, of type {@code aclitem[]}
   */
  void write(DumpSession session, String acl, SqlOutput output) throws IOException, SQLException {
    output.statement("REVOKE ALL ON ", object, " FROM PUBLIC");
    output.statement("REVOKE ALL ON ", object, " FROM ", SqlText.name(owner));
    String query =
        "SELECT pg_catalog.pg_get_userbyid(a.grantor) AS grantor,"
            + " CASE WHEN a.grantee = 0 THEN '' ELSE pg_catalog.pg_get_userbyid(a.grantee) END AS grantee,"
            + " a.privilege_type, a.is_grantable FROM pg_catalog.aclexplode("
            + acl
            + ") WITH ORDINALITY a (grantor, grantee, privilege_type, is_grantable, place) ORDER BY a.place";
    try (Statement statement = session.statement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        grant(rows, output);
      }
    }
  }

  private void grant(ResultSet row, SqlOutput output) throws IOException, SQLException {
    String grantor = row.getString("grantor");
    String grantee = row.getString("grantee");
    boolean foreign = !grantor.equals(owner);
    if (foreign) {
      output.statement("SET SESSION AUTHORIZATION ", SqlText.name(grantor));
    }
    output.statement(
        "GRANT ",
        row.getString("privilege_type"),
        " ON ",
        object,
        " TO ",
        grantee.isEmpty() ? "PUBLIC" : SqlText.name(grantee),
        row.getBoolean("is_grantable") ? " WITH GRANT OPTION" : "");
    if (foreign) {
      output.statement("RESET SESSION AUTHORIZATION");
    }
  }
}
