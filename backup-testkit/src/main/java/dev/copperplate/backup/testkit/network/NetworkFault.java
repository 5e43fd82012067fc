package dev.copperplate.backup.testkit.network;

import java.time.Duration;
import java.util.Map;

/**
 * One way in which networks fail, as a {@link FaultProxy} plays it. It befalls a connection or one
 * exchange of it; bytes are counted from the begin of that. The methods are the moments; a fault of
 * one's own overrides those that it spoils, and is asked by several threads at once. Several faults
 * of one connection act one after the other.
 *
 * <p>None looks at the time or at chance: the same bytes in the same pieces fail alike.
 */
public interface NetworkFault {

  /** Whether a client gets a reset as soon as it comes, before the server is asked. */
  default boolean refuses() {
    return false;
  }

  /** Before a piece passes: it can be shortened, changed, and kept waiting. */
  default void before(Piece piece) throws InterruptedException {}

  /**
   * What becomes of the connection when the piece has passed. Asked before it goes, as whoever gets
   * it may answer at once. Who lets nothing of it pass ends the connection.
   */
  default Fate after(Piece piece) {
    return Fate.LIVES;
  }

  /**
   * Clients get a reset instead of a connection. Befalls connections only. For a port that nobody
   * listens on see {@link FaultProxy#listening}.
   */
  static NetworkFault refused() {
    return new Refusal();
  }

  /** Each piece is so late. Pieces of one direction wait for each other. */
  static NetworkFault latency(Direction direction, Duration each) {
    return new Trickle(direction, Integer.MAX_VALUE, each);
  }

  /** At most so many bytes pass in each interval. */
  static NetworkFault trickles(Direction direction, int bytes, Duration interval) {
    return new Trickle(direction, bytes, interval);
  }

  /**
   * The connection is {@linkplain Fate#CLOSED closed} in order when so many bytes have passed; if
   * none may, then when the first one comes.
   */
  static NetworkFault closesAfter(Direction direction, long bytes) {
    return new Ending(direction, bytes, Fate.CLOSED);
  }

  /** The same with a {@linkplain Fate#RESET reset}. */
  static NetworkFault resetsAfter(Direction direction, long bytes) {
    return new Ending(direction, bytes, Fate.RESET);
  }

  /** The same, but the connection {@linkplain Fate#STALLED stays}, and nothing passes any more. */
  static NetworkFault stallsAfter(Direction direction, long bytes) {
    return new Ending(direction, bytes, Fate.STALLED);
  }

  /**
   * The server does what it was asked, and not a byte of its answer arrives: the connection is
   * closed instead. {@code 100 Continue} is no answer yet.
   */
  static NetworkFault answerLost() {
    return closesAfter(Direction.DOWNSTREAM, 0);
  }

  /** The server does what it was asked, and the client waits for the answer for good. */
  static NetworkFault answerStalls() {
    return stallsAfter(Direction.DOWNSTREAM, 0);
  }

  /**
   * One bit is another.
   *
   * @param bit which one, counted from 0; bit 8 is the lowest of the second byte
   */
  static NetworkFault flipsBit(Direction direction, long bit) {
    return new BitFlip(direction, bit);
  }

  /**
   * The proxy answers an HTTP request itself and closes; the server sees nothing of it. It answers
   * as soon as the request begins, as gateways do, and throws away what the client still sends.
   *
   * @param headers as they are sent, without {@code Content-Length} and {@code Connection}
   * @param body sent as UTF-8
   */
  static NetworkFault answers(int status, Map<String, String> headers, String body) {
    return new HttpAnswer(status, headers, body);
  }

  /**
   * A store that is asked too often: 503 with the <a
   * href="https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html">error of S3</a>.
   *
   * @param retryAfter sent in whole seconds
   */
  static NetworkFault slowDown(Duration retryAfter) {
    return HttpAnswer.slowDown(retryAfter);
  }

  /**
   * A gateway that has no server, and says so in HTML, whatever the client speaks.
   *
   * @param status such as 502, 503, 504
   */
  static NetworkFault gatewayPage(int status) {
    return HttpAnswer.gatewayPage(status);
  }
}
