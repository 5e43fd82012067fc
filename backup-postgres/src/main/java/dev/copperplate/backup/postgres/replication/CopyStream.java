package dev.copperplate.backup.postgres.replication;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.time.Duration;
import org.postgresql.core.PGStream;

/**
 * What a {@code COPY … TO STDOUT} sends, row after row. Not through the driver's copy API, which
 * gives each row in an array of its own: that costs more than to check and store the row, and a row
 * may be larger than the memory. The connection's own limits of time hold. Once this was read to
 * its end, the connection takes other commands, and after a failure none. Not thread-safe; closing
 * it closes nothing.
 */
public final class CopyStream extends InputStream {

  private static final String TAG = "COPY ";

  private final Messages messages;
  private boolean atEnd;
  private long rows;

  private CopyStream(Messages messages) {
    this.messages = messages;
  }

  /**
   * Sends the statement.
   *
   * @param connection of the driver, in a transaction that was begun
   * @param doing begins what is said of a failure
   * @throws ServerErrorException if the server refuses it
   */
  public static CopyStream begin(Connection connection, String doing, String sql)
      throws IOException {
    PGStream stream = DriverStream.of(connection);
    Messages messages =
        new Messages(stream, "the server", Duration.ofMillis(stream.getNetworkTimeout()));
    messages.command(doing, sql);
    messages.expect('H');
    messages.skip();
    return new CopyStream(messages);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  /** Reads as much as was asked for, unless the rows end before. */
  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    int done = 0;
    while (done < length && (messages.remaining() > 0 || advance())) {
      done += messages.read(into, offset + done, length - done);
    }
    return done == 0 && length > 0 ? -1 : done;
  }

  /** How many rows there were; to be asked at the end. */
  public long rows() {
    return rows;
  }

  /** Moves to the next row that is not empty; false at the end of all. */
  private boolean advance() throws IOException {
    while (!atEnd) {
      char type = messages.next();
      switch (type) {
        case 'd' -> {
          if (messages.remaining() > 0) {
            return true;
          }
        }
        case 'c' -> messages.skip();
        case 'C' -> rows = count(messages.rest());
        case 'Z' -> {
          messages.skip();
          atEnd = true;
        }
        default -> throw messages.unexpected(type);
      }
    }
    return false;
  }

  private long count(byte[] command) throws IOException {
    String tag = new String(command, StandardCharsets.US_ASCII);
    try {
      return Long.parseLong(tag, TAG.length(), tag.length() - 1, 10);
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      throw messages.malformed();
    }
  }
}
