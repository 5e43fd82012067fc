package dev.copperplate.backup.kafka.transport;

/**
 * InitProducerId 4, without a transactional id.
 *
 * @see <a href="https://kafka.apache.org/protocol#The_Messages_InitProducerId">Kafka protocol
 *     guide, "InitProducerId"</a>
 */
final class InitProducerId {

  private static final int NONE = -1;

  private InitProducerId() {}

  record Answer(int error, ProducerIdentity identity) {}

  static Request request() {
    RequestWriter body =
        new RequestWriter()
            .compactString(null) // transactional id
            .int32(Integer.MAX_VALUE) // its time-out
            .int64(NONE)
            .int16(NONE)
            .noTags();
    return Request.of(Request.Api.INIT_PRODUCER_ID, Request.SMALL_ANSWER, body.done());
  }

  static Answer read(ResponseReader in) throws MalformedAnswerException {
    in.int32(); // throttle
    int error = in.int16();
    return new Answer(error, new ProducerIdentity(in.int64(), in.int16()));
  }
}
