package dev.copperplate.backup.kafka.transport;

import dev.copperplate.backup.kafka.transport.BatchStream.Aborted;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;

/**
 * Fetch 13, for one partition and without a session.
 *
 * @see <a href="https://kafka.apache.org/protocol#The_Messages_Fetch">Kafka protocol guide,
 *     "Fetch"</a>
 */
final class Fetch {

  private static final int CONSUMER = -1;
  private static final int WAIT_MILLIS = 500;
  private static final int MIN_BYTES = 1;
  private static final int READ_COMMITTED = 1;
  private static final int NO_SESSION = -1;
  private static final int UNKNOWN = -1;
  private static final int LEAST_TOPIC = 18;
  private static final int LEAST_PARTITION = 37;
  private static final int LEAST_TRANSACTION = 17;
  private static final int DIVERGING_EPOCH = 0;

  private Fetch() {}

  /**
   * What came.
   *
   * @param throttleMillis how long the broker wants to be left alone
   * @param error of the partition, or of the whole request
   * @param stable the last stable offset; -1 with an error
   * @param diverged whether the broker has another history before the offset that was asked for
   * @param aborted transactions that were, and reach into the records or behind them
   * @param records batches, of which the last one may be cut off
   */
  record Answer(
      int throttleMillis,
      int error,
      long stable,
      boolean diverged,
      List<Aborted> aborted,
      ByteBuffer records) {

    static Answer without(int throttleMillis, int error) {
      return new Answer(throttleMillis, error, -1, false, List.of(), ByteBuffer.allocate(0));
    }
  }

  static Request request(
      TopicIdPartition partition, long offset, int lastEpoch, TransportOptions options) {
    RequestWriter body =
        new RequestWriter()
            .int32(CONSUMER)
            .int32(WAIT_MILLIS)
            .int32(MIN_BYTES)
            .int32(options.fetchBytes())
            .int8(READ_COMMITTED)
            .int32(0)
            .int32(NO_SESSION)
            .compactArray(1)
            .uuid(partition.topicId())
            .compactArray(1)
            .int32(partition.partition())
            .int32(UNKNOWN) // leader epoch
            .int64(offset)
            .int32(lastEpoch)
            .int64(UNKNOWN) // log start
            .int32(options.fetchBytes())
            .noTags()
            .noTags()
            .compactArray(0) // forgotten
            .compactString("") // rack
            .noTags();
    return Request.of(Request.Api.FETCH, options.answerLimit(), body.done());
  }

  static Answer read(ResponseReader in, TopicIdPartition partition)
      throws MalformedAnswerException {
    int throttle = in.int32();
    int error = in.int16();
    in.int32(); // session
    int topics = in.compactArray(LEAST_TOPIC);
    if (error != 0) {
      return Answer.without(throttle, error);
    }
    if (topics == 0) {
      // A broker that throttles may leave out what was asked for.
      return Answer.without(throttle, 0);
    }
    Uuid topic = in.uuid();
    int partitions = in.compactArray(LEAST_PARTITION);
    if (topics != 1 || partitions != 1 || !topic.equals(partition.topicId())) {
      throw new MalformedAnswerException("It tells of partitions that were not asked for");
    }
    return partition(in, throttle, partition.partition());
  }

  private static Answer partition(ResponseReader in, int throttle, int partition)
      throws MalformedAnswerException {
    int index = in.int32();
    if (index != partition) {
      throw new MalformedAnswerException("It tells of partition " + index);
    }
    int error = in.int16();
    in.int64(); // high watermark
    long stable = in.int64();
    in.int64(); // log start; unknown where it would help
    int transactions = in.compactArray(LEAST_TRANSACTION);
    List<Aborted> aborted = new ArrayList<>();
    for (int i = 0; i < transactions; i++) {
      aborted.add(new Aborted(in.int64(), in.int64()));
      in.skipTags();
    }
    in.int32(); // preferred replica
    ByteBuffer records = in.compactBytes();
    boolean[] diverged = new boolean[1];
    in.tags((tag, content) -> diverged[0] |= tag == DIVERGING_EPOCH);
    return new Answer(throttle, error, stable, diverged[0], aborted, records);
  }
}
