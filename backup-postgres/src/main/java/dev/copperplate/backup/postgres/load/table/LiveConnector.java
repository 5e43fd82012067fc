package dev.copperplate.backup.postgres.load.table;

import java.io.IOException;
import java.sql.Connection;

/** Gives a connection to the database that tables come back to; the caller closes it. */
@FunctionalInterface
public interface LiveConnector {

  Connection connect() throws IOException;
}
