package dev.copperplate.backup.testkit.network;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that are about to pass, as many as were read at once: at most {@link #MOST}. How a stream
 * falls into pieces is chance; what a fault does should follow from {@linkplain #position
 * positions}. Not thread-safe; belongs to the thread that passes it.
 */
public final class Piece {

  /** The longest one. */
  public static final int MOST = 8192;

  private final Direction direction;
  private final byte[] bytes;
  private final int at;
  private final Connection connection;
  private int length;
  private long position;
  private byte @Nullable [] reply;

  Piece(Direction direction, byte[] bytes, int from, int to, Connection connection) {
    this.direction = direction;
    this.bytes = bytes;
    this.at = from;
    this.length = to - from;
    this.connection = connection;
  }

  /** Which way it goes. */
  public Direction direction() {
    return direction;
  }

  /**
   * How many bytes went the same way before it, since the connection or exchange began that the
   * fault befalls.
   */
  public long position() {
    return position;
  }

  /** The position after it. */
  public long end() {
    return position + length;
  }

  /** A copy of its bytes. */
  public byte[] bytes() {
    return Arrays.copyOfRange(bytes, at, at + length);
  }

  /** Lets it end there at the latest. The rest is another piece, offered when this has passed. */
  public void endAt(long most) {
    length = (int) Math.max(0, Math.min(length, most - position));
  }

  /** Changes a bit, counted from position 0, if it is in here. */
  public void flip(long bit) {
    long index = bit / 8 - position;
    if (index >= 0 && index < length) {
      bytes[at + (int) index] ^= (byte) (1 << (bit & 7));
    }
  }

  /** Waits, but not longer than the connection is there. */
  public void pause(Duration duration) throws InterruptedException {
    connection.pause(duration);
  }

  /** Sends that to whoever sent the piece, in place of an answer. */
  public void reply(byte[] answer) {
    reply = answer.clone();
  }

  void startsAt(long start) {
    position = start;
  }

  int length() {
    return length;
  }

  void writeTo(Socket receiver) throws IOException {
    if (length > 0) {
      receiver.getOutputStream().write(bytes, at, length);
    }
  }

  void replyTo(Socket sender) throws IOException {
    if (reply != null) {
      sender.getOutputStream().write(reply);
    }
  }
}
