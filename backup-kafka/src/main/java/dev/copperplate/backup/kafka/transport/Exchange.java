package dev.copperplate.backup.kafka.transport;

import java.io.IOException;
import org.apache.kafka.common.network.ByteBufferSend;
import org.jspecify.annotations.Nullable;

/** A request and what becomes of it. */
final class Exchange {

  private final Connection connection;
  private final Request request;
  private final int correlation;
  private final ByteBufferSend send;
  private boolean abandoned;
  private @Nullable ResponseReader answer;
  private @Nullable IOException failure;

  Exchange(Connection connection, Request request, int correlation, String clientId) {
    this.connection = connection;
    this.request = request;
    this.correlation = correlation;
    this.send = new ByteBufferSend(request.framed(correlation, clientId));
  }

  Connection connection() {
    return connection;
  }

  Request request() {
    return request;
  }

  ByteBufferSend send() {
    return send;
  }

  /** Nobody waits for it any more. */
  void abandon() {
    abandoned = true;
    answer = null;
  }

  /** Takes the whole answer. */
  void answered(ResponseReader reader) throws MalformedAnswerException {
    int answers = reader.int32();
    if (answers != correlation) {
      throw new MalformedAnswerException("It answers " + answers + " instead of " + correlation);
    }
    if (request.flexible()) {
      reader.skipTags();
    }
    if (!abandoned) {
      answer = reader;
    }
  }

  void failed(IOException cause) {
    failure = cause;
  }

  boolean done() {
    return answer != null || failure != null;
  }

  /** Null as long as it is not {@link #done}. */
  @Nullable ResponseReader answer() throws IOException {
    if (failure != null) {
      throw failure;
    }
    return answer;
  }
}
