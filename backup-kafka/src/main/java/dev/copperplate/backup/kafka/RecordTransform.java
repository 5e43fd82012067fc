package dev.copperplate.backup.kafka;

import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/**
 * Changes or drops records on their way back.
 *
 * <p>Called by several threads, for each partition by one at a time in the order of offsets. The
 * answer must depend on the arguments alone: a restore that begins again asks again, and what it
 * has sent already it does not send another time.
 */
@FunctionalInterface
public interface RecordTransform {

  /**
   * What becomes of a record.
   *
   * @param partition of the source
   * @param offset in the source
   * @return empty to leave it out
   */
  Optional<RecordContent> apply(TopicPartition partition, long offset, RecordContent record);
}
