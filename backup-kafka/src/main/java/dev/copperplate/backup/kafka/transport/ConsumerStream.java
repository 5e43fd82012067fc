package dev.copperplate.backup.kafka.transport;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.kafka.transport.HistoryChangedException.Change;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/** One partition over a {@link ConsumerTransport}. */
final class ConsumerStream implements BatchStream {

  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration ANSWER = Duration.ofSeconds(10);

  /** Polls may come back early, and the first ones only look for the leader. */
  private static final int EMPTY_IS_THE_END = 10;

  private final ConsumerTransport transport;
  private final TopicIdPartition partition;
  private final TopicPartition name;
  private final long to;
  private long offset;
  private int epoch;
  private int empty;

  ConsumerStream(
      ConsumerTransport transport, TopicIdPartition partition, long from, long to, int epoch) {
    this.transport = transport;
    this.partition = partition;
    this.name = partition.topicPartition();
    this.offset = from;
    this.to = to;
    this.epoch = epoch;
  }

  @Override
  public @Nullable ByteBuffer next() throws IOException, InterruptedException {
    synchronized (transport) {
      return read(transport.patience("Reading " + name + " at offset " + offset));
    }
  }

  private @Nullable ByteBuffer read(Patience patience) throws IOException, InterruptedException {
    patience.check();
    while (offset < to) {
      // A consumer goes on in a topic that was made anew.
      transport.topics().look(partition, patience);
      List<ConsumerRecord<byte[], byte[]>> records = poll(patience);
      if (!records.isEmpty()) {
        return transport.batcher().batches(records);
      }
      patience.leftMillis();
    }
    return null;
  }

  private List<ConsumerRecord<byte[], byte[]>> poll(Patience patience)
      throws IOException, InterruptedException {
    KafkaConsumer<byte[], byte[]> consumer = transport.consumer();
    try {
      if (transport.takeTurn(this)) {
        seek(consumer);
      }
      List<ConsumerRecord<byte[], byte[]>> all = consumer.poll(POLL).records(name);
      advance(consumer, patience);
      epoch = all.isEmpty() ? epoch : all.get(all.size() - 1).leaderEpoch().orElse(-1);
      return all.stream().filter(each -> each.offset() < to).toList();
    } catch (WakeupException woken) {
      patience.check();
      return List.of();
    } catch (InterruptException interrupted) {
      Thread.interrupted(); // that exception sets the flag again
      throw new InterruptedException();
    } catch (LogTruncationException truncated) {
      throw truncated("the broker has another history up to there");
    } catch (OffsetOutOfRangeException outside) {
      outOfRange(patience);
      return List.of();
    } catch (KafkaException failed) {
      transport.endTurn();
      hindered(failed, patience);
      return List.of();
    }
  }

  private void seek(KafkaConsumer<byte[], byte[]> consumer) {
    consumer.assign(List.of(name));
    consumer.seek(
        name, new OffsetAndMetadata(offset, epoch < 0 ? Optional.empty() : Optional.of(epoch), ""));
  }

  /** Also behind what is no record: markers, what was aborted, what was compacted. */
  private void advance(KafkaConsumer<byte[], byte[]> consumer, Patience patience) {
    long position = consumer.position(name, POLL);
    if (position > offset) {
      offset = position;
      empty = 0;
      patience.moved();
      return;
    }
    long stable = Objects.requireNonNull(consumer.endOffsets(List.of(name), ANSWER).get(name));
    if (stable < to) {
      patience.hindered("the last stable offset is " + stable + ", not " + to, null);
    } else if (++empty == EMPTY_IS_THE_END) {
      offset = to;
    }
  }

  private void outOfRange(Patience patience) throws IOException, InterruptedException {
    Topics.Bounds bounds = transport.topics().bounds(partition, patience);
    if (bounds != null && bounds.start() > offset) {
      throw new OffsetsGoneException(name.toString(), offset, bounds.start());
    }
    if (bounds != null && bounds.end() < offset) {
      throw truncated("the log ends at " + bounds.end());
    }
    transport.endTurn();
    patience.pause("the broker does not have the offset", null);
  }

  private HistoryChangedException truncated(String found) {
    return new HistoryChangedException(
        Change.TRUNCATED, name + " was truncated below offset " + offset + ": " + found);
  }

  private void hindered(KafkaException failed, Patience patience)
      throws IOException, InterruptedException {
    if (failed instanceof AuthorizationException) {
      throw new BackupException(
          Kind.DENIED,
          patience.doing()
              + " is not permitted: this client lacks Read on topic "
              + partition.topic(),
          failed);
    }
    if (failed instanceof AuthenticationException) {
      throw new BackupException(
          Kind.DENIED,
          patience.doing() + " failed: a broker or this client refused the login or certificate",
          failed);
    }
    patience.pause("the consumer fails with " + failed.getClass().getSimpleName(), failed);
  }

  /** None: it returns nothing that was aborted. */
  @Override
  public List<Aborted> aborted() {
    return List.of();
  }

  /** There is nothing to close: the consumer is the transport's. */
  @Override
  public void close() {}
}
