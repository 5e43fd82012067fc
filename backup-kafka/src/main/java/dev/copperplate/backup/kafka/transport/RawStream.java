package dev.copperplate.backup.kafka.transport;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.kafka.transport.HistoryChangedException.Change;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** One partition over a {@link RawTransport}. */
final class RawStream implements BatchStream {

  /** Once may be a broker that is about to learn of more. */
  private static final int EMPTY_IS_THE_END = 2;

  private final RawTransport transport;
  private final TopicIdPartition partition;
  private final TopicPartition name;
  private final long to;
  private long offset;
  private int epoch;
  private boolean started;

  /** Whether nothing is wanted but to know whether the broker has the same history. */
  private boolean historyAlone;

  private List<Aborted> aborted = List.of();

  /** The request for what lies at the offset, if it is on its way. */
  private @Nullable Exchange pending;

  RawStream(RawTransport transport, TopicIdPartition partition, long from, long to, int epoch) {
    this.transport = transport;
    this.partition = partition;
    this.name = partition.topicPartition();
    this.offset = from;
    this.to = to;
    this.epoch = epoch;
    this.historyAlone = from == to && epoch >= 0;
  }

  @Override
  public @Nullable ByteBuffer next() throws IOException, InterruptedException {
    synchronized (transport) {
      return read(transport.patience("Reading " + name + " at offset " + offset));
    }
  }

  private @Nullable ByteBuffer read(Patience patience) throws IOException, InterruptedException {
    patience.check();
    int empty = 0;
    boolean doubted = false;
    while (offset < to || historyAlone) {
      Fetch.Answer answer = ask(patience);
      if (answer == null) {
        continue;
      }
      if (answer.error() != 0) {
        doubted = hindered(answer.error(), doubted, patience);
      } else if (answer.diverged()) {
        doubted = diverged(doubted, patience);
      } else if (historyAlone) {
        historyAlone = false;
      } else if (answer.records().hasRemaining()) {
        ByteBuffer batches = take(answer.records());
        if (batches.hasRemaining()) {
          aborted = answer.aborted();
          return batches;
        }
      } else if (answer.throttleMillis() > 0) {
        patience.throttle(answer.throttleMillis());
      } else if (answer.stable() < to) {
        transport.topics().forget(partition); // may be a follower that is behind
        patience.pause("the last stable offset is " + answer.stable() + ", not " + to, null);
      } else if (++empty == EMPTY_IS_THE_END) {
        offset = to;
      }
    }
    return null;
  }

  @Override
  public List<Aborted> aborted() {
    return aborted;
  }

  /** Null if the connection was lost; it is to be tried again then. */
  private Fetch.@Nullable Answer ask(Patience patience) throws IOException, InterruptedException {
    try {
      Exchange exchange = pending;
      if (exchange == null) {
        Endpoint leader = transport.topics().leader(partition, patience);
        exchange = transport.connections().send(leader, request(), patience);
        pending = exchange;
      }
      return answer(exchange, patience);
    } catch (ConnectionLostException lost) {
      transport.topics().forget(partition);
      patience.pause(String.valueOf(lost.getMessage()), lost);
      return null;
    } catch (OversizeAnswerException oversize) {
      throw new BackupException(
          Kind.UNSUPPORTED,
          patience.doing()
              + " meets a batch of about "
              + oversize.size()
              + " bytes. Allow larger batches than "
              + transport.options().largestBatch(),
          oversize);
    } catch (MalformedAnswerException malformed) {
      throw damaged(malformed);
    }
  }

  private Fetch.Answer answer(Exchange exchange, Patience patience)
      throws IOException, InterruptedException {
    try {
      return Fetch.read(transport.connections().await(exchange, patience), partition);
    } finally {
      pending = exchange.done() ? null : exchange;
    }
  }

  private Request request() {
    return Fetch.request(partition, offset, epoch, transport.options());
  }

  /** Asks for what comes next before anybody deals with what came. */
  private ByteBuffer take(ByteBuffer records) throws IOException {
    BatchRun run = run(records);
    if (started && run.first() < offset) {
      throw truncated("a batch begins at " + run.first() + ", in the middle of what was read");
    }
    if (run.next() == offset && !run.ended()) {
      throw damaged(new MalformedAnswerException("It holds no whole batch"));
    }
    if (run.next() > offset) {
      started = true;
      offset = run.next();
      epoch = run.epoch();
    }
    if (run.ended()) {
      offset = to;
    }
    if (offset < to) {
      askAhead();
    }
    return run.bytes();
  }

  private BatchRun run(ByteBuffer records) throws BackupException {
    try {
      return BatchRun.of(records, offset, to);
    } catch (MalformedAnswerException malformed) {
      throw damaged(malformed);
    }
  }

  private void askAhead() throws IOException {
    Endpoint leader = transport.topics().known(partition);
    if (leader != null) {
      pending = transport.connections().trySend(leader, request());
    }
  }

  /**
   * Deals with an error: waits before another try, or says what it means.
   *
   * @param doubted whether a surprise was seen already in this call
   * @return whether one is seen now
   */
  private boolean hindered(int error, boolean doubted, Patience patience)
      throws IOException, InterruptedException {
    transport.topics().forget(partition);
    switch (ErrorCode.of(error)) {
      case TOPIC_AUTHORIZATION_FAILED ->
          throw new BackupException(
              Kind.DENIED,
              patience.doing()
                  + " is not permitted: this client lacks Read on topic "
                  + partition.topic());
      case CORRUPT_MESSAGE ->
          throw new BackupException(
              Kind.DAMAGED,
              patience.doing() + " failed: the broker finds its own log corrupt there");
      case UNKNOWN_TOPIC_ID, UNKNOWN_TOPIC_OR_PARTITION, INCONSISTENT_TOPIC_ID ->
          transport.topics().look(partition, patience);
      case OFFSET_OUT_OF_RANGE -> {
        if (doubted) {
          outOfRange(patience);
        }
        patience.pause("the broker does not have the offset", null);
        return true;
      }
      default -> {}
    }
    patience.pause("the broker answers " + ErrorCode.text(error), null);
    return doubted;
  }

  /** Any replica answers, so one that is behind may know less than the leader. */
  private boolean diverged(boolean doubted, Patience patience)
      throws IOException, InterruptedException {
    if (doubted) {
      throw truncated("the log has another history up to there, after leader epoch " + epoch);
    }
    transport.topics().forget(partition);
    patience.pause("the broker has another history", null);
    return true;
  }

  private void outOfRange(Patience patience) throws IOException, InterruptedException {
    Topics.Bounds bounds = transport.topics().bounds(partition, patience);
    if (bounds == null) {
      transport.topics().look(partition, patience);
    } else if (bounds.start() > offset) {
      throw new OffsetsGoneException(name.toString(), offset, bounds.start());
    } else if (bounds.end() < offset) {
      throw truncated("the log ends at " + bounds.end());
    } else if (epoch >= 0) {
      throw truncated("the broker knows no leader epoch " + epoch);
    }
  }

  private HistoryChangedException truncated(String found) {
    return new HistoryChangedException(
        Change.TRUNCATED, name + " was truncated below offset " + offset + ": " + found);
  }

  private BackupException damaged(MalformedAnswerException malformed) {
    return new BackupException(
        Kind.DAMAGED,
        "Reading "
            + name
            + " at offset "
            + offset
            + " met an answer that cannot be right: "
            + malformed.getMessage(),
        malformed);
  }

  @Override
  public void close() {
    if (pending != null) {
      pending.abandon();
      pending = null;
    }
  }
}
