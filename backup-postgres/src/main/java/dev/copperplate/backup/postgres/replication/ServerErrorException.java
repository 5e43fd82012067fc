package dev.copperplate.backup.postgres.replication;

import dev.copperplate.backup.BackupException;
import java.util.Map;

/** The server refused or ended a command. */
public final class ServerErrorException extends BackupException {

  private static final long serialVersionUID = 1;

  /** Kinds by the code, or by its class: the first two characters. */
  private static final Map<String, Kind> KINDS =
      Map.ofEntries(
          Map.entry("42501", Kind.DENIED),
          Map.entry("28", Kind.DENIED),
          Map.entry("42704", Kind.NOT_FOUND),
          Map.entry("42710", Kind.ALREADY_EXISTS),
          Map.entry("55006", Kind.LOCKED),
          Map.entry("53100", Kind.FULL),
          Map.entry("53", Kind.UNAVAILABLE),
          Map.entry("57", Kind.UNAVAILABLE),
          Map.entry("08", Kind.UNAVAILABLE),
          Map.entry("58P01", Kind.MISSING),
          Map.entry("XX001", Kind.DAMAGED),
          Map.entry("XX002", Kind.DAMAGED),
          Map.entry("0A000", Kind.UNSUPPORTED));

  private final transient ServerMessage error;

  ServerErrorException(String doing, ServerMessage error) {
    super(kind(error.sqlState()), doing + " failed: " + error, null);
    this.error = error;
  }

  public ServerMessage error() {
    return error;
  }

  /** Whether the server had sent all, and then says that pages were damaged. */
  public boolean isDataCorrupted() {
    return error.sqlState().equals(ServerMessage.DATA_CORRUPTED);
  }

  /** Whether the server is in no state for it: at a backup's end, because it was promoted. */
  public boolean isOfState() {
    return error.sqlState().equals(ServerMessage.NOT_IN_STATE);
  }

  static Kind kind(String sqlState) {
    Kind exact = KINDS.get(sqlState);
    if (exact != null) {
      return exact;
    }
    Kind ofClass = sqlState.length() < 2 ? null : KINDS.get(sqlState.substring(0, 2));
    return ofClass == null ? Kind.INVALID : ofClass;
  }
}
