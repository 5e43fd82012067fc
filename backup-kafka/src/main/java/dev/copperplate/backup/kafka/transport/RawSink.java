package dev.copperplate.backup.kafka.transport;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.kafka.transport.RefusedBatchException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Writing over a {@link RawTransport}. */
final class RawSink {

  private static final int PRODUCER_ID_AT = 43;
  private static final int SEQUENCE_AT = 53;
  private static final int LEAST_BATCH = 61;

  private final RawTransport transport;

  RawSink(RawTransport transport) {
    this.transport = transport;
  }

  long produce(TopicPartition name, ByteBuffer batch) throws IOException, InterruptedException {
    if (batch.remaining() < LEAST_BATCH) {
      throw new IllegalArgumentException("A batch of " + batch.remaining() + " bytes");
    }
    // Produce 9 knows topics by name alone.
    TopicIdPartition partition = new TopicIdPartition(Topics.ANY, name);
    Patience patience = transport.patience("Writing a batch to " + name);
    patience.check();
    while (true) {
      Produce.Answer answer = ask(partition, batch, patience);
      if (answer != null) {
        if (answer.throttleMillis() > 0) {
          patience.throttle(answer.throttleMillis());
        }
        if (isDelivered(answer)) {
          return answer.offset();
        }
        hindered(answer, partition, isRepeatable(batch), patience);
      }
    }
  }

  private static boolean isDelivered(Produce.Answer answer) {
    return answer.error() == 0
        || ErrorCode.of(answer.error()) == ErrorCode.DUPLICATE_SEQUENCE_NUMBER
            && answer.offset() >= 0;
  }

  /** Whether the broker would notice that it has the batch already. */
  private static boolean isRepeatable(ByteBuffer batch) {
    return batch.getLong(batch.position() + PRODUCER_ID_AT) >= 0
        && batch.getInt(batch.position() + SEQUENCE_AT) >= 0;
  }

  /** Null if the connection was lost and the batch may be sent again. */
  private Produce.@Nullable Answer ask(
      TopicIdPartition partition, ByteBuffer batch, Patience patience)
      throws IOException, InterruptedException {
    Exchange exchange = null;
    try {
      Endpoint leader = transport.topics().leader(partition, patience);
      Request request = Produce.request(partition.topicPartition(), batch);
      exchange = transport.connections().send(leader, request, patience);
      return Produce.read(
          transport.connections().await(exchange, patience), partition.topicPartition());
    } catch (ConnectionLostException lost) {
      if (exchange != null && !isRepeatable(batch)) {
        throw unknown(patience, String.valueOf(lost.getMessage()), lost);
      }
      transport.topics().forget(partition);
      patience.pause(String.valueOf(lost.getMessage()), lost);
      return null;
    } catch (MalformedAnswerException | OversizeAnswerException strange) {
      throw unknown(patience, String.valueOf(strange.getMessage()), strange);
    } finally {
      if (exchange != null && !exchange.done()) {
        exchange.abandon();
      }
    }
  }

  private static BackupException unknown(Patience patience, String why, @Nullable IOException by) {
    return new BackupException(
        Kind.UNAVAILABLE, patience.doing() + " may or may not have been done: " + why, by);
  }

  private void hindered(
      Produce.Answer answer, TopicIdPartition partition, boolean repeatable, Patience patience)
      throws IOException, InterruptedException {
    ErrorCode error = ErrorCode.of(answer.error());
    String why = "the broker answers " + ErrorCode.text(answer.error()) + said(answer);
    switch (error) {
      case MESSAGE_TOO_LARGE, RECORD_LIST_TOO_LARGE ->
          throw new RefusedBatchException(Reason.TOO_LARGE, patience.doing() + " failed: " + why);
      case INVALID_RECORD, UNSUPPORTED_COMPRESSION_TYPE ->
          throw new RefusedBatchException(Reason.INVALID, patience.doing() + " failed: " + why);
      case CORRUPT_MESSAGE, INVALID_TIMESTAMP -> throw failed(Kind.INVALID, patience, why);
      case TOPIC_AUTHORIZATION_FAILED ->
          throw failed(
              Kind.DENIED, patience, "this client lacks Write on topic " + partition.topic());
      case CLUSTER_AUTHORIZATION_FAILED ->
          throw failed(Kind.DENIED, patience, "this client lacks IdempotentWrite on the cluster");
      case POLICY_VIOLATION -> throw failed(Kind.DENIED, patience, why);
      case OUT_OF_ORDER_SEQUENCE_NUMBER,
          DUPLICATE_SEQUENCE_NUMBER,
          INVALID_PRODUCER_EPOCH,
          UNKNOWN_PRODUCER_ID ->
          throw failed(Kind.CONFLICT, patience, why);
      case NOT_ENOUGH_REPLICAS_AFTER_APPEND, REQUEST_TIMED_OUT -> {
        if (!repeatable) {
          throw unknown(patience, why, null);
        }
      }
      default -> transport.topics().forget(partition);
    }
    patience.pause(why, null);
  }

  private static String said(Produce.Answer answer) {
    return answer.message() == null ? "" : ", " + answer.message();
  }

  private static BackupException failed(Kind kind, Patience patience, String why) {
    return new BackupException(kind, patience.doing() + " failed: " + why);
  }

  ProducerIdentity initProducerId() throws IOException, InterruptedException {
    Patience patience = transport.patience("Asking for a producer id");
    patience.check();
    while (true) {
      InitProducerId.Answer answer = askIdentity(patience);
      if (answer == null) {
        continue;
      }
      if (answer.error() == 0) {
        return answer.identity();
      }
      if (ErrorCode.of(answer.error()) == ErrorCode.CLUSTER_AUTHORIZATION_FAILED) {
        throw failed(
            Kind.DENIED, patience, "this client lacks Write on a topic and IdempotentWrite");
      }
      patience.pause("the broker answers " + ErrorCode.text(answer.error()), null);
    }
  }

  private InitProducerId.@Nullable Answer askIdentity(Patience patience)
      throws IOException, InterruptedException {
    try {
      Endpoint broker = transport.topics().any(patience);
      Exchange exchange = transport.connections().send(broker, InitProducerId.request(), patience);
      return InitProducerId.read(transport.connections().await(exchange, patience));
    } catch (ConnectionLostException lost) {
      patience.pause(String.valueOf(lost.getMessage()), lost);
      return null;
    } catch (MalformedAnswerException | OversizeAnswerException strange) {
      throw failed(Kind.DAMAGED, patience, String.valueOf(strange.getMessage()));
    }
  }
}
