package dev.copperplate.backup.postgres.drill;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The limits of the server that wrote {@code global/pg_control}, as far as a recovery may need as
 * much: what prepared transactions held is taken up again at its end.
 *
 * <p>Read at the places that PostgreSQL 13 to 18 have in common on little-endian machines of 64
 * bits; the number that the file itself holds for that purpose tells every other layout.
 *
 * @param maxConnections {@code max_connections}
 * @param maxPreparedTransactions {@code max_prepared_transactions}
 * @param maxLocksPerTransaction {@code max_locks_per_transaction}
 * @see <a
 *     href="https://git.postgresql.org/gitweb/?p=postgresql.git;a=blob;f=src/include/catalog/pg_control.h;hb=REL_17_STABLE">struct
 *     ControlFileData</a>
 */
public record ControlFile(
    int maxConnections, int maxPreparedTransactions, int maxLocksPerTransaction) {

  private static final int MAX_CONNECTIONS = 180;
  private static final int MAX_PREPARED = 192;
  private static final int MAX_LOCKS = 196;
  private static final int FLOAT_FORMAT = 208;
  private static final double FLOAT_VALUE = 1234567.0;

  /** The server has no more processes than these; more can only be damage. */
  private static final int MOST = 262_143;

  /**
   * Reads the file.
   *
   * @throws BackupException {@code DAMAGED} if it is none of such a server
   */
  public static ControlFile parse(byte[] file) throws BackupException {
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    if (file.length < FLOAT_FORMAT + Double.BYTES || bytes.getDouble(FLOAT_FORMAT) != FLOAT_VALUE) {
      throw damaged("it is not laid out as PostgreSQL 13 to 18 do on this kind of machine");
    }
    return new ControlFile(
        limit(bytes.getInt(MAX_CONNECTIONS)),
        limit(bytes.getInt(MAX_PREPARED)),
        limit(bytes.getInt(MAX_LOCKS)));
  }

  private static int limit(int value) throws BackupException {
    if (value < 0 || value > MOST) {
      throw damaged("it asks for " + value + " of something that has a limit of " + MOST);
    }
    return value;
  }

  private static BackupException damaged(String why) {
    return new BackupException(Kind.DAMAGED, "No drill on this global/pg_control: " + why);
  }
}
