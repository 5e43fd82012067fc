package dev.copperplate.backup.kafka.batch;

/**
 * Where a batch stands in its partition, and in what its producer sent.
 *
 * @param baseOffset the offset that it begins at
 * @param leaderEpoch of the leader that appended it; -1 where the broker is to say
 * @param producerId with epoch and sequence, of an idempotent producer; -1 for another
 */
public record Numbering(
    long baseOffset, int leaderEpoch, long producerId, short producerEpoch, int baseSequence) {

  public Numbering {
    if (baseOffset < 0) {
      throw new IllegalArgumentException("No batch begins at offset " + baseOffset);
    }
  }

  /** Of a producer that is not idempotent. */
  public static Numbering at(long baseOffset) {
    return new Numbering(baseOffset, -1, -1, (short) -1, -1);
  }

  /** The same, appended by a leader. */
  public Numbering epoch(int leaderEpoch) {
    return new Numbering(baseOffset, leaderEpoch, producerId, producerEpoch, baseSequence);
  }

  /** The same, sent by an idempotent producer. */
  public Numbering producer(long producerId, short producerEpoch, int baseSequence) {
    return new Numbering(baseOffset, leaderEpoch, producerId, producerEpoch, baseSequence);
  }
}
