package dev.copperplate.backup.kafka;

import java.util.Optional;

/**
 * Changes or drops records on their way back.
 *
 * <p>Called by several threads, for each partition by one at a time in the order of offsets. The
 * answer must depend on the record alone: a restore that begins again asks again, and what it has
 * sent already it does not send another time.
 */
@FunctionalInterface
public interface RecordTransform {

  /**
   * What becomes of a record: of the answer the timestamp, key, value and headers count. Where it
   * goes is not for it to say.
   *
   * @param record as it was in the source
   * @return empty to leave it out
   */
  Optional<KafkaRecord> apply(KafkaRecord record);
}
