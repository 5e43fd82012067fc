package dev.copperplate.backup.postgres.replication;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.PGStream;

/**
 * Messages of the wire protocol, one after the other. Errors of the server become exceptions,
 * notices go to whoever listens. Not thread-safe.
 *
 * @see <a href="https://www.postgresql.org/docs/17/protocol-message-formats.html">PostgreSQL,
 *     "Message Formats"</a>
 */
final class Messages {

  /** What is not data of a copy is small. */
  private static final int MAX_CONTROL = 1 << 20;

  /** How much of what nobody wants is read at once. */
  private static final int PIECE = 8 << 10;

  private static final int LENGTH_SIZE = 4;

  private final PGStream stream;
  private final String server;
  private final Duration silence;
  private String doing = "The connection";
  private Consumer<ServerMessage> notices = notice -> {};

  /** How many bytes of the current message were not read yet. */
  private int remaining;

  Messages(PGStream stream, String server, Duration silence) throws IOException {
    this.stream = stream;
    this.server = server;
    this.silence = silence;
    limit(silence);
  }

  /** Sends a command; what follows is answered to it. */
  void command(String purpose, String command) throws IOException {
    doing = purpose;
    byte[] text = command.getBytes(StandardCharsets.UTF_8);
    send('Q', text, text.length, 1);
  }

  void listen(Consumer<ServerMessage> listener) {
    notices = listener;
  }

  /** Sends a message and, as texts of commands want it, so many zeros behind it. */
  void send(char type, byte[] payload, int size, int zeros) throws IOException {
    try {
      stream.sendChar(type);
      stream.sendInteger4(LENGTH_SIZE + size + zeros);
      stream.send(payload, 0, size);
      stream.sendZeros(zeros);
      stream.flush();
    } catch (IOException e) {
      throw broken(e);
    }
  }

  /** Sends a message without content. */
  void send(char type) throws IOException {
    send(type, new byte[0], 0, 0);
  }

  /**
   * Moves to the next message and returns its type.
   *
   * @throws ServerErrorException if it is an error; the connection is ready for another command if
   *     the error ended this one
   */
  char next() throws IOException {
    while (true) {
      char type = receive();
      switch (type) {
        case 'E' -> fail();
        case 'N' -> notices.accept(ServerMessage.parse(rest()));
        case 'S', 'A' -> skip();
        default -> {
          return type;
        }
      }
    }
  }

  /** Moves to the next message, if one begins within the time; null otherwise. */
  @Nullable Character next(Duration wait) throws IOException {
    limit(wait);
    try {
      stream.peekChar();
    } catch (SocketTimeoutException nothing) {
      return null;
    } catch (IOException e) {
      throw broken(e);
    } finally {
      limit(silence);
    }
    return next();
  }

  /** Moves to the next message, which must be of the type. */
  void expect(char type) throws IOException {
    char found = next();
    if (found != type) {
      throw unexpected(found);
    }
  }

  /** Reads from the current message; -1 at its end. */
  int read(byte[] into, int offset, int length) throws IOException {
    if (remaining == 0) {
      return -1;
    }
    int size = Math.min(length, remaining);
    try {
      stream.receive(into, offset, size);
    } catch (IOException e) {
      throw broken(e);
    }
    remaining -= size;
    return size;
  }

  int remaining() {
    return remaining;
  }

  byte readByte() throws IOException {
    byte[] one = new byte[1];
    if (read(one, 0, 1) < 0) {
      throw malformed();
    }
    return one[0];
  }

  int readInt16() throws IOException {
    return (readByte() & 0xff) << 8 | (readByte() & 0xff);
  }

  int readInt32() throws IOException {
    return readInt16() << 16 | readInt16();
  }

  long readInt64() throws IOException {
    return (long) readInt32() << 32 | (readInt32() & 0xffff_ffffL);
  }

  /** The rest of the current message, which is no data. */
  byte[] rest() throws IOException {
    if (remaining > MAX_CONTROL) {
      throw malformed();
    }
    byte[] bytes = new byte[remaining];
    read(bytes, 0, bytes.length);
    return bytes;
  }

  /** Moves to the end of the message. The driver's own way of it never ends where a stream does. */
  void skip() throws IOException {
    byte[] piece = new byte[Math.min(remaining, PIECE)];
    while (remaining > 0) {
      read(piece, 0, piece.length);
    }
  }

  /** Reads a row: each value as bytes, or null. */
  List<byte @Nullable []> row() throws IOException {
    int columns = readInt16();
    List<byte @Nullable []> values = new ArrayList<>();
    for (int i = 0; i < columns; i++) {
      int size = readInt32();
      if (size > remaining) {
        throw malformed();
      }
      values.add(size < 0 ? null : value(size));
    }
    return values;
  }

  /** Reads result sets to the end of the command; returns the rows of all. */
  List<List<byte @Nullable []>> rowsToTheEnd() throws IOException {
    List<List<byte @Nullable []>> rows = new ArrayList<>();
    while (true) {
      char type = next();
      switch (type) {
        case 'D' -> rows.add(row());
        case 'T', 'C' -> skip();
        case 'Z' -> {
          skip();
          return rows;
        }
        default -> throw unexpected(type);
      }
    }
  }

  BackupException unexpected(char type) {
    return new BackupException(
        Kind.INVALID,
        doing + ": " + server + " sent a message of type '" + type + "' where none is expected");
  }

  /** The server ended a stream by itself, as it does when it is stopped. */
  BackupException stopped() {
    return new BackupException(Kind.UNAVAILABLE, doing + ": " + server + " is stopping");
  }

  BackupException malformed() {
    return new BackupException(Kind.INVALID, doing + ": " + server + " sent a malformed message");
  }

  private byte[] value(int size) throws IOException {
    byte[] value = new byte[size];
    read(value, 0, size);
    return value;
  }

  private char receive() throws IOException {
    if (remaining != 0) {
      throw new IllegalStateException("The message before was not read to its end");
    }
    try {
      char type = (char) stream.receiveChar();
      remaining = stream.receiveInteger4() - LENGTH_SIZE;
      if (remaining < 0) {
        throw malformed();
      }
      return type;
    } catch (BackupException e) {
      throw e;
    } catch (IOException e) {
      throw broken(e);
    }
  }

  /** Reads on to where the next command can be sent, unless the server closes the connection. */
  private void fail() throws IOException {
    ServerErrorException failure = new ServerErrorException(doing, ServerMessage.parse(rest()));
    if (!failure.error().severity().equals("FATAL")) {
      try {
        while (receive() != 'Z') {
          skip();
        }
        skip();
      } catch (IOException e) {
        failure.addSuppressed(e);
      }
    }
    throw failure;
  }

  private void limit(Duration time) throws IOException {
    stream.setNetworkTimeout((int) Math.min(time.toMillis(), Integer.MAX_VALUE));
  }

  private BackupException broken(IOException e) {
    String what =
        e instanceof SocketTimeoutException
            ? " was silent for " + silence.toSeconds() + " s"
            : e instanceof EOFException ? " closed the connection" : " cannot be reached any more";
    return new BackupException(Kind.UNAVAILABLE, doing + ": " + server + what, e);
  }
}
