package dev.copperplate.backup.postgres.load.table;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.RestoreContext;
import dev.copperplate.backup.postgres.sql.SqlText;
import java.io.IOException;
import java.sql.SQLException;

/** Decides as which role a table is restored: its owner, wherever that is possible. */
final class RoleChoice {

  private static final int SET_OPTION_SINCE = 16;

  private final LiveSession session;

  RoleChoice(LiveSession session) {
    this.session = session;
  }

  /** The owner of a table that is made: the chosen one, the recorded one, or who restores. */
  String ofNew(TableTree tree, String chosen, RestoreContext context)
      throws IOException, SQLException {
    String wanted = chosen.isEmpty() ? tree.table().owner() : chosen;
    boolean known =
        session.is("SELECT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = ?)", wanted);
    if (known && maySet(wanted)) {
      return wanted;
    }
    String self = self();
    if (!chosen.isEmpty()) {
      throw known
          ? new BackupException(
              Kind.DENIED,
              "Role "
                  + SqlText.name(self)
                  + " may not act as "
                  + SqlText.name(wanted)
                  + grant(wanted, self))
          : new BackupException(Kind.NOT_FOUND, "There is no role " + SqlText.name(wanted));
    }
    context.report(
        Finding.warning(
            tree.target().sql(),
            "It belongs to "
                + SqlText.name(self)
                + ", who restores, because its owner "
                + SqlText.name(wanted)
                + (known ? " is a role as which that one may not act" : " is no role here"),
            "ALTER TABLE " + tree.target() + " OWNER TO …"));
    return self;
  }

  /** The owner of a table that is there. */
  String ofExisting(LiveTable live) throws IOException, SQLException {
    if (maySet(live.owner())) {
      return live.owner();
    }
    throw new BackupException(
        Kind.DENIED,
        "Only its owner "
            + SqlText.name(live.owner())
            + " can restore table "
            + live.name()
            + ", and role "
            + SqlText.name(self())
            + " may not act as that one"
            + grant(live.owner(), self()));
  }

  private String self() throws SQLException {
    return session.value("SELECT current_user");
  }

  private boolean maySet(String role) throws SQLException {
    String how = session.version() < SET_OPTION_SINCE ? "MEMBER" : "SET";
    return session.is("SELECT pg_catalog.pg_has_role(?, ?)", role, how);
  }

  private static String grant(String role, String to) {
    return ": GRANT " + SqlText.name(role) + " TO " + SqlText.name(to);
  }
}
