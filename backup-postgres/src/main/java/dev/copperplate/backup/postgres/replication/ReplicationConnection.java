package dev.copperplate.backup.postgres.replication;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.postgres.Lsn;
import dev.copperplate.backup.postgres.sql.SqlText;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGProperty;

/**
 * A connection that speaks the replication protocol. The driver finds the host, encrypts and
 * authenticates; the messages are our own, because its copy API cannot carry a base backup. Never
 * pooled. Not thread-safe, but {@link #close} may be called from any thread and frees one that
 * waits.
 */
public final class ReplicationConnection implements Closeable {

  private static final int PIECE = 64 << 10;

  private final Connection connection;
  private final Messages messages;
  private final String server;

  private ReplicationConnection(Connection connection, Messages messages, String server) {
    this.connection = connection;
    this.messages = messages;
    this.server = server;
  }

  /**
   * Connects.
   *
   * @param server how messages call the server
   * @param properties of the driver; completed with what replication needs
   * @param silence after how long without a byte from the server the connection counts as lost
   * @throws BackupException {@code DENIED} if the server refuses the user, {@code UNAVAILABLE} if
   *     it cannot be reached
   */
  public static ReplicationConnection open(
      String url, Properties properties, String server, Duration silence) throws IOException {
    Properties all = new Properties();
    all.putAll(properties);
    PGProperty.REPLICATION.set(all, "true");
    PGProperty.PREFER_QUERY_MODE.set(all, "simple");
    // Without it the driver opens a session that knows no replication, and says nothing.
    PGProperty.ASSUME_MIN_SERVER_VERSION.set(all, "10");
    Connection connection = Connections.open(url, all, server);
    try {
      Messages messages = new Messages(DriverStream.of(connection), server, silence);
      return new ReplicationConnection(connection, messages, server);
    } catch (IOException | RuntimeException e) {
      Connections.close(connection);
      throw e;
    }
  }

  /** Notices of the server go there from now on. */
  public void listen(Consumer<ServerMessage> listener) {
    messages.listen(listener);
  }

  /** Which system it is. */
  public SystemIdentity identify() throws IOException {
    List<@Nullable String> row = one("Asking " + server + " who it is", "IDENTIFY_SYSTEM");
    return new SystemIdentity(text(row, 0), number(row, 1), lsn(row, 2));
  }

  /** The value of a setting that every role may see. */
  public String setting(String name) throws IOException {
    return text(one("Asking " + server + " for " + name, "SHOW " + name), 0);
  }

  /** The number of its version, such as 170011. */
  public int version() throws IOException {
    return Integer.parseInt(setting("server_version_num"));
  }

  /** The bytes of a segment. */
  public long segmentSize() throws IOException {
    String value = setting("wal_segment_size");
    int digits = 0;
    while (digits < value.length() && Character.isDigit(value.charAt(digits))) {
      digits++;
    }
    long number = Long.parseLong(value.substring(0, digits));
    return switch (value.substring(digits)) {
      case "MB" -> number << 20;
      case "GB" -> number << 30;
      case "kB" -> number << 10;
      case "", "B" -> number;
      default -> throw messages.malformed();
    };
  }

  /**
   * Makes the server keep its log from now on, until the connection ends.
   *
   * @param slot letters, digits and underscores
   */
  public void holdWal(String slot) throws IOException {
    run(
        "Holding the WAL of " + server,
        "CREATE_REPLICATION_SLOT " + SqlText.name(slot) + " TEMPORARY PHYSICAL (RESERVE_WAL)");
  }

  /** Creates a physical slot that keeps the log from now on. */
  public void createSlot(String slot) throws IOException {
    run(
        "Creating the slot " + slot + " on " + server,
        "CREATE_REPLICATION_SLOT " + SqlText.name(slot) + " PHYSICAL (RESERVE_WAL)");
  }

  /** Drops a slot that nobody uses. */
  public void dropSlot(String slot) throws IOException {
    run(
        "Dropping the slot " + slot + " on " + server,
        "DROP_REPLICATION_SLOT " + SqlText.name(slot));
  }

  /**
   * From where a physical slot keeps the log; empty if there is no such slot. A slot that keeps
   * nothing yet, or was invalidated, has {@link Lsn#NONE}.
   */
  public Optional<WalPosition> slot(String slot) throws IOException {
    List<@Nullable String> row =
        one(
            "Reading the slot " + slot + " of " + server,
            "READ_REPLICATION_SLOT " + SqlText.name(slot));
    if (row.get(0) == null) {
      return Optional.empty();
    }
    boolean reserved = row.get(1) != null && row.get(2) != null;
    return Optional.of(
        reserved ? new WalPosition(lsn(row, 1), number(row, 2)) : new WalPosition(Lsn.NONE, 0));
  }

  /** The content of a timeline's {@code .history} file. */
  public byte[] history(int timeline) throws IOException {
    messages.command(
        "Reading the history of timeline " + timeline + " of " + server,
        "TIMELINE_HISTORY " + timeline);
    List<List<byte @Nullable []>> rows = messages.rowsToTheEnd();
    byte[] content = rows.size() == 1 && rows.get(0).size() == 2 ? rows.get(0).get(1) : null;
    if (content == null) {
      throw messages.malformed();
    }
    return content;
  }

  /** Gives the server the manifest of the backup on which an incremental is to be based. */
  public void uploadManifest(InputStream manifest) throws IOException {
    messages.command("Sending the parent's manifest to " + server, "UPLOAD_MANIFEST");
    messages.expect('G');
    messages.skip();
    byte[] piece = new byte[PIECE];
    for (int size; (size = manifest.readNBytes(piece, 0, PIECE)) > 0; ) {
      messages.send('d', piece, size, 0);
    }
    messages.send('c');
    messages.rowsToTheEnd();
  }

  /**
   * Starts a base backup; its start is known when this returns. Nothing else can be asked until it
   * was read to its end.
   */
  public BaseBackup baseBackup(BaseBackupOptions options) throws IOException {
    messages.command("The base backup of " + server, options.command());
    return BaseBackup.begin(messages);
  }

  /**
   * Starts to stream the log. Nothing else can be asked until the stream has ended.
   *
   * @param slot empty without one
   */
  public WalStream stream(Optional<String> slot, WalPosition from) throws IOException {
    String with = slot.map(each -> "SLOT " + SqlText.name(each) + " ").orElse("");
    messages.command(
        "Streaming the WAL of " + server,
        "START_REPLICATION " + with + "PHYSICAL " + from.lsn() + " TIMELINE " + from.timeline());
    return WalStream.begin(messages);
  }

  @Override
  public void close() {
    Connections.close(connection);
  }

  private void run(String purpose, String command) throws IOException {
    messages.command(purpose, command);
    messages.rowsToTheEnd();
  }

  private List<@Nullable String> one(String purpose, String command) throws IOException {
    messages.command(purpose, command);
    List<List<byte @Nullable []>> rows = messages.rowsToTheEnd();
    if (rows.size() != 1) {
      throw messages.malformed();
    }
    return texts(rows.get(0));
  }

  static List<@Nullable String> texts(List<byte @Nullable []> row) {
    List<@Nullable String> texts = new ArrayList<>();
    for (byte[] each : row) {
      texts.add(each == null ? null : new String(each, StandardCharsets.UTF_8));
    }
    return texts;
  }

  private String text(List<@Nullable String> row, int column) throws BackupException {
    String value = column < row.size() ? row.get(column) : null;
    if (value == null) {
      throw messages.malformed();
    }
    return value;
  }

  private int number(List<@Nullable String> row, int column) throws BackupException {
    try {
      return Integer.parseUnsignedInt(text(row, column));
    } catch (NumberFormatException e) {
      throw new BackupException(Kind.INVALID, server + " sent no number where one is due", e);
    }
  }

  private Lsn lsn(List<@Nullable String> row, int column) throws BackupException {
    try {
      return Lsn.parse(text(row, column));
    } catch (IllegalArgumentException e) {
      throw new BackupException(Kind.INVALID, server + " sent no position where one is due", e);
    }
  }
}
