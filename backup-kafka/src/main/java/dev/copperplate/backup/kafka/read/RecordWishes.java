package dev.copperplate.backup.kafka.read;

import dev.copperplate.backup.kafka.batch.BatchRecord;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;

/**
 * Which records are read.
 *
 * @param topic of all if there is none
 * @param partition of all if there is none
 * @param from the first offset
 * @param to the first offset behind them
 * @param since the least timestamp in ms
 * @param before a greater timestamp than all, in ms
 * @param keys what a key has to be like, if that matters
 * @param aborted whether records of aborted transactions are read, too
 */
public record RecordWishes(
    Optional<String> topic,
    OptionalInt partition,
    long from,
    long to,
    long since,
    long before,
    Optional<Predicate<byte[]>> keys,
    boolean aborted) {

  /** All that were committed. */
  public static final RecordWishes DEFAULT =
      new RecordWishes(
          Optional.empty(),
          OptionalInt.empty(),
          0,
          Long.MAX_VALUE,
          Long.MIN_VALUE,
          Long.MAX_VALUE,
          Optional.empty(),
          false);

  public RecordWishes topic(String name) {
    return new RecordWishes(Optional.of(name), partition, from, to, since, before, keys, aborted);
  }

  public RecordWishes partition(int number) {
    return new RecordWishes(topic, OptionalInt.of(number), from, to, since, before, keys, aborted);
  }

  public RecordWishes offsets(long first, long next) {
    return new RecordWishes(topic, partition, first, next, since, before, keys, aborted);
  }

  public RecordWishes between(long first, long next) {
    return new RecordWishes(topic, partition, from, to, first, next, keys, aborted);
  }

  public RecordWishes keys(Predicate<byte[]> wanted) {
    return new RecordWishes(
        topic, partition, from, to, since, before, Optional.of(wanted), aborted);
  }

  public RecordWishes aborted(boolean wanted) {
    return new RecordWishes(topic, partition, from, to, since, before, keys, wanted);
  }

  boolean hold(BatchRecord record) {
    return record.offset() >= from
        && record.offset() < to
        && record.timestamp() >= since
        && (record.timestamp() < before || before == Long.MAX_VALUE)
        && (keys.isEmpty() || (record.key() != null && keys.get().test(record.key())));
  }
}
