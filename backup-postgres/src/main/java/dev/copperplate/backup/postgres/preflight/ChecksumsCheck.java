package dev.copperplate.backup.postgres.preflight;

import dev.copperplate.backup.Finding;
import java.sql.SQLException;
import java.util.List;

/** Whether damaged pages can be told from sound ones. */
final class ChecksumsCheck implements PreflightCheck {

  private final Catalog catalog;

  ChecksumsCheck(Catalog catalog) {
    this.catalog = catalog;
  }

  @Override
  public String subject() {
    return "data_checksums";
  }

  @Override
  public void look(List<Finding> findings) throws SQLException {
    if (catalog.setting(subject()).equals("off")) {
      findings.add(
          Finding.warning(
              subject(),
              "Pages have no checksums: a page that the disk damages is backed up as if it were"
                  + " sound",
              "-- stop the server, pg_checksums --enable --pgdata=DIRECTORY, start it"));
    }
  }
}
