package dev.copperplate.backup.kafka.replay;

import dev.copperplate.backup.kafka.RecordTransform;
import dev.copperplate.backup.kafka.TopicSelection;
import java.math.BigInteger;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** How topics are brought back. Immutable. */
public final class ReplayChoices {

  /** What is done about a topic that is there already. */
  public enum Existing {
    REFUSED,
    /** Taken if it has no records. */
    EMPTY,
    /** Written to behind what it has. */
    APPENDED
  }

  /** Numbers from the first to before the last. */
  record Range(long from, long to) {

    static final Range ALL = new Range(Long.MIN_VALUE, Long.MAX_VALUE);

    boolean contains(long number) {
      return number >= from && number < to;
    }
  }

  private TopicSelection topics = TopicSelection.all();
  private UnaryOperator<String> names = name -> name;
  private ToIntFunction<TopicPartition> partitions = TopicPartition::partition;
  private Map<TopicPartition, Range> offsets = Map.of();
  private Range times = Range.ALL;
  private @Nullable RecordTransform transform;
  private Existing existing = Existing.REFUSED;
  private long bytesPerSecond;
  private long padding;
  private Predicate<String> groups = name -> false;
  private OptionalInt replicationFactor = OptionalInt.empty();

  /** All topics as they were, no groups. */
  public ReplayChoices() {}

  private ReplayChoices(ReplayChoices other) {
    topics = other.topics;
    names = other.names;
    partitions = other.partitions;
    offsets = other.offsets;
    times = other.times;
    transform = other.transform;
    existing = other.existing;
    bytesPerSecond = other.bytesPerSecond;
    padding = other.padding;
    groups = other.groups;
    replicationFactor = other.replicationFactor;
  }

  public ReplayChoices topics(TopicSelection some) {
    ReplayChoices changed = new ReplayChoices(this);
    changed.topics = some;
    return changed;
  }

  public ReplayChoices renamed(UnaryOperator<String> name) {
    ReplayChoices changed = new ReplayChoices(this);
    changed.names = name;
    return changed;
  }

  public ReplayChoices partitions(ToIntFunction<TopicPartition> number) {
    ReplayChoices changed = new ReplayChoices(this);
    changed.partitions = number;
    return changed;
  }

  public ReplayChoices offsets(TopicPartition partition, long from, long to) {
    if (from < 0 || to < from) {
      throw new IllegalArgumentException("Offsets " + from + " to " + to + " of " + partition);
    }
    ReplayChoices changed = new ReplayChoices(this);
    changed.offsets = new HashMap<>(offsets);
    changed.offsets.put(partition, new Range(from, to));
    return changed;
  }

  public ReplayChoices between(Instant from, Instant to) {
    if (to.isBefore(from)) {
      throw new IllegalArgumentException("Between " + from + " and " + to);
    }
    ReplayChoices changed = new ReplayChoices(this);
    changed.times = new Range(millis(from), millis(to));
    return changed;
  }

  /** The first millisecond that does not begin before it. */
  private static long millis(Instant time) {
    BigInteger nanos =
        BigInteger.valueOf(time.getEpochSecond())
            .multiply(BigInteger.valueOf(1000))
            .add(BigInteger.valueOf((time.getNano() + 999_999) / 1_000_000));
    return nanos
        .max(BigInteger.valueOf(Long.MIN_VALUE))
        .min(BigInteger.valueOf(Long.MAX_VALUE))
        .longValueExact();
  }

  public ReplayChoices transformed(RecordTransform by) {
    ReplayChoices changed = new ReplayChoices(this);
    changed.transform = by;
    return changed;
  }

  public ReplayChoices existing(Existing policy) {
    ReplayChoices changed = new ReplayChoices(this);
    changed.existing = policy;
    return changed;
  }

  public ReplayChoices bytesPerSecond(long rate) {
    if (rate <= 0) {
      throw new IllegalArgumentException("Bytes per second: " + rate);
    }
    ReplayChoices changed = new ReplayChoices(this);
    changed.bytesPerSecond = rate;
    return changed;
  }

  public ReplayChoices padded(long most) {
    if (most <= 0) {
      throw new IllegalArgumentException("At most " + most + " records of padding");
    }
    ReplayChoices changed = new ReplayChoices(this);
    changed.padding = most;
    return changed;
  }

  public ReplayChoices groups(Predicate<String> some) {
    ReplayChoices changed = new ReplayChoices(this);
    changed.groups = some;
    return changed;
  }

  public ReplayChoices replicationFactor(int factor) {
    if (factor < 1 || factor > Short.MAX_VALUE) {
      throw new IllegalArgumentException("Replication factor " + factor);
    }
    ReplayChoices changed = new ReplayChoices(this);
    changed.replicationFactor = OptionalInt.of(factor);
    return changed;
  }

  TopicSelection topics() {
    return topics;
  }

  String name(String source) {
    return names.apply(source);
  }

  int partition(TopicPartition source) {
    return partitions.applyAsInt(source);
  }

  Range offsets(TopicPartition source) {
    return offsets.getOrDefault(source, Range.ALL);
  }

  /** In milliseconds. */
  Range times() {
    return times;
  }

  boolean isTimed() {
    return !times.equals(Range.ALL);
  }

  @Nullable RecordTransform transform() {
    return transform;
  }

  Existing existing() {
    return existing;
  }

  /** 0 for as fast as it goes. */
  long bytesPerSecond() {
    return bytesPerSecond;
  }

  /** The most records of padding of a partition; 0 for none at all. */
  long padding() {
    return padding;
  }

  boolean includesGroup(String name) {
    return groups.test(name);
  }

  OptionalInt replicationFactor() {
    return replicationFactor;
  }
}
