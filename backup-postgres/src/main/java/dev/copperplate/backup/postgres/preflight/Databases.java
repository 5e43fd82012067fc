package dev.copperplate.backup.postgres.preflight;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.postgres.capture.Server;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks into each database that the role may connect to. */
final class Databases implements PreflightCheck {

  private static final String NAMES =
      """
      SELECT datname FROM pg_catalog.pg_database WHERE datallowconn AND NOT datistemplate
      AND pg_catalog.has_database_privilege(oid, 'CONNECT') ORDER BY datname\
      """;

  private final Catalog catalog;
  private final Server server;
  private final Look look;

  Databases(Catalog catalog, Server server, Look look) {
    this.catalog = catalog;
    this.server = server;
    this.look = look;
  }

  /** What is looked at in each. */
  interface Look {
    String subject();

    void into(String database, Catalog catalog, List<Finding> findings) throws SQLException;
  }

  @Override
  public String subject() {
    return look.subject();
  }

  @Override
  public void look(List<Finding> findings) throws IOException, SQLException {
    for (@Nullable String name : catalog.texts(NAMES)) {
      if (name != null) {
        look(name, findings);
      }
    }
  }

  private void look(String name, List<Finding> findings) throws IOException, SQLException {
    try (Catalog inside = new Catalog(server.connect(name))) {
      look.into(name, inside, findings);
    } catch (BackupException e) {
      if (e.kind() == BackupException.Kind.UNAVAILABLE) {
        throw e;
      }
      findings.add(
          Finding.info(subject(), "The database " + name + " lets nobody look: " + e.getMessage()));
    }
  }
}
