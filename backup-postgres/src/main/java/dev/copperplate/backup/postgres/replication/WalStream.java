package dev.copperplate.backup.postgres.replication;

import dev.copperplate.backup.postgres.Lsn;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The write-ahead log as it arrives. To be used by one thread.
 *
 * <p>The server's questions whether one is there are answered by {@link #next}, so that has to be
 * called more often than its {@code wal_sender_timeout}.
 */
public final class WalStream {

  /** Microseconds from the epoch of Unix to the server's. */
  private static final long EPOCH = 946_684_800_000_000L;

  private static final int STATUS_SIZE = 34;

  private final Messages messages;
  private Lsn written = Lsn.NONE;
  private Lsn flushed = Lsn.NONE;
  private Lsn serverEnd = Lsn.NONE;
  private Instant serverTime = Instant.MIN;
  private boolean stopping;
  private long heard = System.nanoTime();

  private WalStream(Messages messages) {
    this.messages = messages;
  }

  static WalStream begin(Messages messages) throws IOException {
    messages.expect('W');
    messages.skip();
    return new WalStream(messages);
  }

  /** What {@link WalStream#next} found. */
  public sealed interface Event {}

  /**
   * A piece of the log.
   *
   * @param from its position; always believe this one, as what keepalives say may lie ahead of it
   * @param bytes to be used before the next event is asked for
   */
  public record Data(Lsn from, ByteBuffer bytes) implements Event {}

  /** Nothing arrived in time, or nothing but a sign of life. */
  public record Quiet() implements Event {}

  /**
   * The server wanted to know how far the log is safe, and was told. It asks when it has not been
   * told for half of its {@code wal_sender_timeout}; and, as often as it is answered, when it is
   * stopping and waits until all is safe.
   */
  public record Asked() implements Event {}

  /**
   * The stream has ended, and the connection takes other commands.
   *
   * @param next where the log goes on, if the server has left the timeline
   */
  public record Ended(Optional<WalPosition> next) implements Event {}

  /** Waits for what comes next, so long at most. */
  public Event next(Duration wait) throws IOException {
    Character type = messages.next(wait);
    if (type == null) {
      return new Quiet();
    }
    heard = System.nanoTime();
    return switch (type) {
      case 'd' -> copied();
      case 'c' -> ended();
      case 'C' -> throw messages.stopped();
      default -> throw messages.unexpected(type);
    };
  }

  /** How far the server's log reaches, as it said last. */
  public Lsn serverEnd() {
    return serverEnd;
  }

  /** What its clock showed when it sent the last message; long ago before the first. */
  public Instant serverTime() {
    return serverTime;
  }

  /** Since when nothing at all has come. */
  public Duration silentFor() {
    return Duration.ofNanos(System.nanoTime() - heard);
  }

  /** Asks the server for a sign of life, and tells it again what it was told last. */
  public void ask() throws IOException {
    status((byte) 1);
  }

  /**
   * Tells the server how far the log is safe, so that it may let go of what lies before.
   *
   * @param upToHere what was received
   * @param durable what will not be asked for again
   */
  public void report(Lsn upToHere, Lsn durable) throws IOException {
    written = upToHere;
    flushed = durable;
    status((byte) 0);
  }

  /** Asks the server to end the stream; {@link #next} goes on until it has ended. */
  public void stop() throws IOException {
    if (!stopping) {
      stopping = true;
      messages.send('c');
    }
  }

  private Event copied() throws IOException {
    switch (messages.readByte()) {
      case 'w' -> {
        Lsn from = new Lsn(messages.readInt64());
        serverEnd = new Lsn(messages.readInt64());
        serverTime = time(messages.readInt64());
        return new Data(from, ByteBuffer.wrap(messages.rest()));
      }
      case 'k' -> {
        serverEnd = new Lsn(messages.readInt64());
        serverTime = time(messages.readInt64());
        if (messages.readByte() != 0 && !stopping) {
          status((byte) 0);
          return new Asked();
        }
        return new Quiet();
      }
      default -> throw messages.malformed();
    }
  }

  private static Instant time(long sinceEpoch) {
    return Instant.EPOCH.plus(sinceEpoch + EPOCH, ChronoUnit.MICROS);
  }

  private Event ended() throws IOException {
    messages.skip();
    stop();
    List<List<byte @Nullable []>> rows = messages.rowsToTheEnd();
    return new Ended(
        rows.isEmpty()
            ? Optional.empty()
            : Optional.of(next(ReplicationConnection.texts(rows.get(0)))));
  }

  private WalPosition next(List<@Nullable String> row) throws IOException {
    String timeline = row.size() == 2 ? row.get(0) : null;
    String lsn = row.size() == 2 ? row.get(1) : null;
    if (timeline == null || lsn == null) {
      throw messages.malformed();
    }
    try {
      return new WalPosition(Lsn.parse(lsn), Integer.parseUnsignedInt(timeline));
    } catch (IllegalArgumentException e) {
      throw messages.malformed();
    }
  }

  private void status(byte answerWanted) throws IOException {
    ByteBuffer status = ByteBuffer.allocate(STATUS_SIZE);
    status.put((byte) 'r');
    status.putLong(written.position());
    status.putLong(flushed.position());
    status.putLong(0); // nothing is applied
    Instant now = Instant.now();
    status.putLong(now.getEpochSecond() * 1_000_000 + now.getNano() / 1000 - EPOCH);
    status.put(answerWanted);
    messages.send('d', status.array(), STATUS_SIZE, 0);
  }
}
