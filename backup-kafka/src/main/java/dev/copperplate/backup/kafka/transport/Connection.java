package dev.copperplate.backup.kafka.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import org.apache.kafka.common.network.NetworkReceive;
import org.apache.kafka.common.network.NetworkSend;
import org.apache.kafka.common.network.Selector;

/** One connection to a broker, which answers in the order in which it is asked. */
final class Connection {

  private final String id;
  private final Endpoint broker;
  private final Queue<Exchange> unsent = new ArrayDeque<>();
  private final Queue<Exchange> unanswered = new ArrayDeque<>();
  private boolean sending;
  private Map<Integer, Versions.Range> versions = Map.of();

  Connection(String id, Endpoint broker) {
    this.id = id;
    this.broker = broker;
  }

  String id() {
    return id;
  }

  Endpoint broker() {
    return broker;
  }

  /** Whether the broker has said what it speaks. */
  boolean greeted() {
    return !versions.isEmpty();
  }

  void greeted(Map<Integer, Versions.Range> spoken) {
    versions = spoken;
  }

  /** What the broker speaks. */
  Map<Integer, Versions.Range> versions() {
    return versions;
  }

  void add(Exchange exchange) {
    unsent.add(exchange);
  }

  /** Sends the next request, if the network takes one. */
  void flush(Selector selector) {
    if (!sending && !unsent.isEmpty() && selector.isChannelReady(id)) {
      Exchange next = unsent.remove();
      unanswered.add(next);
      sending = true;
      selector.send(new NetworkSend(id, next.send()));
    }
  }

  void sent() {
    sending = false;
  }

  void received(ByteBuffer answer) throws MalformedAnswerException {
    Exchange first = unanswered.poll();
    if (first == null) {
      throw new MalformedAnswerException("It answers what was not asked");
    }
    try {
      first.answered(new ResponseReader(answer));
    } catch (MalformedAnswerException malformed) {
      first.failed(malformed);
      throw malformed;
    }
  }

  void failed(IOException cause) {
    unanswered.forEach(each -> each.failed(cause));
    unsent.forEach(each -> each.failed(cause));
    unanswered.clear();
    unsent.clear();
  }

  int answerLimit() {
    return unanswered.stream().mapToInt(each -> each.request().answerLimit()).max().orElse(0);
  }

  /** A number that is another one when bytes came or went. */
  static long moved(Selector selector, Exchange exchange) {
    var channel = selector.channel(exchange.connection().id());
    NetworkReceive receive = channel == null ? null : channel.currentReceive();
    return (receive == null ? 0 : receive.bytesRead()) - exchange.send().remaining();
  }
}
