package dev.copperplate.backup.postgres.preflight;

import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Finding.Severity;
import java.sql.SQLException;
import java.util.List;

/**
 * Whether a pooler answers in the server's place. It gives its clients keys for cancelling that are
 * its own, since a client has another server process each time: the number that came with the
 * connection is not that of the process which runs the query. Measured on PgBouncer 1.18.0, pooling
 * sessions and transactions.
 *
 * @see <a href="https://www.pgbouncer.org/features.html">PgBouncer, "Features"</a>
 */
final class PoolerCheck implements PreflightCheck {

  private final Catalog catalog;
  private final boolean replicates;

  PoolerCheck(Catalog catalog, boolean replicates) {
    this.catalog = catalog;
    this.replicates = replicates;
  }

  @Override
  public String subject() {
    return "pooler";
  }

  @Override
  public void look(List<Finding> findings) throws SQLException {
    if (catalog.count("SELECT pg_catalog.pg_backend_pid()") != catalog.cancelledBy()) {
      findings.add(
          new Finding(
              replicates ? Severity.WARNING : Severity.ERROR,
              subject(),
              "A pooler such as PgBouncer answers at this address"
                  + (replicates ? "" : ", and refuses replication"),
              "-- connect to the server itself: port "
                  + catalog.setting("port")
                  + " of the machine that it runs on"));
    }
  }
}
