package dev.copperplate.backup.postgres.replication;

import dev.copperplate.backup.postgres.Lsn;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A base backup as it arrives: archives, then the manifest, then its end. To be read in this order,
 * by one thread.
 */
public final class BaseBackup {

  private final Messages messages;
  private final WalPosition start;
  private final List<Tablespace> tablespaces;

  /** The part that begins with the message that was read last. */
  private @Nullable Part next;

  private boolean ended;

  private BaseBackup(Messages messages, WalPosition start, List<Tablespace> tablespaces) {
    this.messages = messages;
    this.start = start;
    this.tablespaces = tablespaces;
  }

  /**
   * A tablespace of the server.
   *
   * @param oid its number
   * @param location its directory on the server
   */
  public record Tablespace(long oid, String location) {}

  /**
   * One archive, or the manifest.
   *
   * @param archive its name, such as {@code base.tar} or {@code 16385.tar}; empty for the manifest
   */
  public record Part(Optional<String> archive) {}

  static BaseBackup begin(Messages messages) throws IOException {
    List<List<@Nullable String>> starts = resultSet(messages);
    List<List<@Nullable String>> spaces = resultSet(messages);
    messages.expect('H');
    messages.skip();
    List<Tablespace> tablespaces = new ArrayList<>();
    for (List<@Nullable String> row : spaces) {
      String oid = row.get(0);
      String location = row.get(1);
      if (oid != null && location != null) {
        tablespaces.add(new Tablespace(Long.parseLong(oid), location));
      }
    }
    return new BaseBackup(messages, position(messages, starts), tablespaces);
  }

  public WalPosition start() {
    return start;
  }

  /** The tablespaces, without those that the data directory holds. */
  public List<Tablespace> tablespaces() {
    return List.copyOf(tablespaces);
  }

  /** Moves to the next part, past the rest of the current one; empty after the last. */
  public Optional<Part> next() throws IOException {
    while (next == null) {
      if (!advance()) {
        return Optional.empty();
      }
      if (next == null) {
        messages.skip();
      }
    }
    Part part = next;
    next = null;
    return Optional.of(part);
  }

  /** The content of the current part. Closing it closes nothing. */
  public InputStream content() {
    return new PartStream();
  }

  /**
   * Reads the end of the backup.
   *
   * @throws ServerErrorException {@linkplain ServerErrorException#isDataCorrupted data corrupted}
   *     if the server found damaged pages in what it sent
   */
  public WalPosition finish() throws IOException {
    List<List<byte @Nullable []>> rows = messages.rowsToTheEnd();
    List<List<@Nullable String>> texts = new ArrayList<>();
    rows.forEach(each -> texts.add(ReplicationConnection.texts(each)));
    return position(messages, texts);
  }

  /** Moves to the next data of the current part; false at the end of the copy. */
  private boolean advance() throws IOException {
    if (ended) {
      return false;
    }
    char type = messages.next();
    if (type == 'c') {
      messages.skip();
      ended = true;
      return false;
    }
    if (type != 'd') {
      throw messages.unexpected(type);
    }
    switch (messages.readByte()) {
      case 'd' -> {
        // the content follows
      }
      case 'p' -> messages.skip();
      case 'm' -> next = new Part(Optional.empty());
      case 'n' -> next = new Part(Optional.of(name(messages.rest())));
      default -> throw messages.malformed();
    }
    return true;
  }

  private static String name(byte[] archive) {
    int end = 0;
    while (end < archive.length && archive[end] != 0) {
      end++;
    }
    return new String(archive, 0, end, StandardCharsets.UTF_8);
  }

  private static List<List<@Nullable String>> resultSet(Messages messages) throws IOException {
    messages.expect('T');
    messages.skip();
    List<List<@Nullable String>> rows = new ArrayList<>();
    while (true) {
      char type = messages.next();
      switch (type) {
        case 'D' -> rows.add(ReplicationConnection.texts(messages.row()));
        case 'C' -> {
          messages.skip();
          return rows;
        }
        default -> throw messages.unexpected(type);
      }
    }
  }

  private static WalPosition position(Messages messages, List<List<@Nullable String>> rows)
      throws IOException {
    try {
      List<@Nullable String> row = rows.get(rows.size() - 1);
      String lsn = row.get(0);
      String timeline = row.get(1);
      if (lsn != null && timeline != null) {
        return new WalPosition(Lsn.parse(lsn), Integer.parseUnsignedInt(timeline));
      }
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      // said below: whatever it sent, it is no position
    }
    throw messages.malformed();
  }

  /** What arrives of one part. */
  private final class PartStream extends InputStream {

    private boolean atEnd;

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      while (!atEnd && messages.remaining() == 0) {
        atEnd = next != null || !advance() || next != null;
      }
      return atEnd ? -1 : messages.read(into, offset, length);
    }
  }
}
