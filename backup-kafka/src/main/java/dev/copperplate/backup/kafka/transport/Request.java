package dev.copperplate.backup.kafka.transport;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * What is asked of a broker, without its header.
 *
 * @param api what is asked
 * @param version of the request and of its answer
 * @param flexible whether the headers of this version have tags
 * @param body the bytes, in pieces so that batches are not copied
 * @param answerLimit the bytes that the answer has at most
 */
record Request(Api api, int version, boolean flexible, List<ByteBuffer> body, int answerLimit) {

  /** For answers without batches. */
  static final int SMALL_ANSWER = 1 << 20;

  /** What brokers can be asked for, and the version that we speak. */
  enum Api {
    PRODUCE(0, 9, "Produce"),
    FETCH(1, 13, "Fetch"),
    API_VERSIONS(18, 0, "ApiVersions"),
    INIT_PRODUCER_ID(22, 4, "InitProducerId");

    private final int key;
    private final int spoken;
    private final String title;

    Api(int key, int spoken, String title) {
      this.key = key;
      this.spoken = spoken;
      this.title = title;
    }

    int key() {
      return key;
    }

    int spoken() {
      return spoken;
    }

    @Override
    public String toString() {
      return title + " " + spoken;
    }
  }

  static Request of(Api api, int answerLimit, ByteBuffer... body) {
    return new Request(api, api.spoken(), api != Api.API_VERSIONS, List.of(body), answerLimit);
  }

  /** As it goes over the network, in pieces. */
  ByteBuffer[] framed(int correlation, String clientId) {
    RequestWriter header =
        new RequestWriter().int16(api.key()).int16(version).int32(correlation).string(clientId);
    ByteBuffer head = (flexible ? header.noTags() : header).done();
    int size = head.remaining() + body.stream().mapToInt(ByteBuffer::remaining).sum();
    ByteBuffer[] pieces = new ByteBuffer[body.size() + 2];
    pieces[0] = new RequestWriter().int32(size).done();
    pieces[1] = head;
    for (int i = 0; i < body.size(); i++) {
      pieces[i + 2] = body.get(i).duplicate();
    }
    return pieces;
  }
}
