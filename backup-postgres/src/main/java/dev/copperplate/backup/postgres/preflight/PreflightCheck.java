package dev.copperplate.backup.postgres.preflight;

import dev.copperplate.backup.Finding;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;

/** One thing that a preflight looks at. */
interface PreflightCheck {

  /** What findings of it are about. */
  String subject();

  /** Adds what it finds. Remedies are scripts for {@code psql}, see {@link Remedy}. */
  void look(List<Finding> findings) throws IOException, SQLException;
}
