package dev.copperplate.backup.kafka.transport;

import java.nio.ByteBuffer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Produce 9, of one batch.
 *
 * @see <a href="https://kafka.apache.org/protocol#The_Messages_Produce">Kafka protocol guide,
 *     "Produce"</a>
 */
final class Produce {

  private static final int ALL_IN_SYNC = -1;
  private static final int TIMEOUT_MILLIS = 30_000;
  private static final int LEAST_TOPIC = 3;
  private static final int LEAST_PARTITION = 34;
  private static final int LEAST_RECORD = 6;

  private Produce() {}

  /**
   * What came.
   *
   * @param offset of the first record; -1 with most errors
   * @param message of the broker about an error
   */
  record Answer(int error, long offset, @Nullable String message, int throttleMillis) {}

  static Request request(TopicPartition partition, ByteBuffer batch) {
    ByteBuffer before =
        new RequestWriter()
            .compactString(null) // transactional id
            .int16(ALL_IN_SYNC)
            .int32(TIMEOUT_MILLIS)
            .compactArray(1)
            .compactString(partition.topic())
            .compactArray(1)
            .int32(partition.partition())
            .compactBytes(batch.remaining())
            .done();
    ByteBuffer after = new RequestWriter().noTags().noTags().noTags().done();
    return Request.of(Request.Api.PRODUCE, Request.SMALL_ANSWER, before, batch, after);
  }

  static Answer read(ResponseReader in, TopicPartition partition) throws MalformedAnswerException {
    int topics = in.compactArray(LEAST_TOPIC);
    String topic = topics == 1 ? in.compactString() : null;
    int partitions = topics == 1 ? in.compactArray(LEAST_PARTITION) : 0;
    if (!partition.topic().equals(topic) || partitions != 1) {
      throw new MalformedAnswerException("It tells of partitions that were not asked for");
    }
    int index = in.int32();
    if (index != partition.partition()) {
      throw new MalformedAnswerException("It tells of partition " + index);
    }
    int error = in.int16();
    long offset = in.int64();
    in.int64(); // time of the append
    in.int64(); // log start
    String reason = reason(in);
    String message = in.compactString();
    in.skipTags();
    in.skipTags();
    return new Answer(error, offset, reason == null ? message : reason, in.int32());
  }

  /** What is said about the first record that is wrong. */
  private static @Nullable String reason(ResponseReader in) throws MalformedAnswerException {
    String first = null;
    int records = in.compactArray(LEAST_RECORD);
    for (int i = 0; i < records; i++) {
      in.int32();
      String message = in.compactString();
      first = first == null ? message : first;
      in.skipTags();
    }
    return first;
  }
}
