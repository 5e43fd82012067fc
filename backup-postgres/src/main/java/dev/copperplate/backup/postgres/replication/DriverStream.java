package dev.copperplate.backup.postgres.replication;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import java.lang.reflect.Field;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.core.PGStream;
import org.postgresql.core.QueryExecutorBase;
import org.postgresql.jdbc.PgConnection;

/**
 * The driver's own stream of a connection, which it has behind a field that is not public. A test
 * takes it from each driver version that is supported.
 */
final class DriverStream {

  private DriverStream() {}

  static PGStream of(Connection connection) throws BackupException {
    try {
      Object executor = connection.unwrap(PgConnection.class).getQueryExecutor();
      Field field = QueryExecutorBase.class.getDeclaredField("pgStream");
      field.setAccessible(true);
      return (PGStream) field.get(executor);
    } catch (ReflectiveOperationException | SQLException | LinkageError e) {
      throw new BackupException(
          Kind.UNSUPPORTED,
          "This version of the PostgreSQL driver does not give its stream away; use the one that"
              + " Copperplate's BOM names",
          e);
    }
  }
}
