package dev.copperplate.backup.kafka.layout;

/**
 * A file of batches.
 *
 * @param base the first offset of its first batch, and its name
 * @param next the offset behind its last batch
 * @param bytes its size
 * @param batches how many, those of markers included
 * @param records how many, without markers and those of before Kafka 0.11
 * @param maxTimestamp of its batches, in milliseconds since 1970; -1 if none has one
 * @param sha256 of its bytes, in hexadecimal digits
 */
public record StoredFile(
    long base,
    long next,
    long bytes,
    long batches,
    long records,
    long maxTimestamp,
    String sha256) {

  public StoredFile {
    if (base < 0 || next < base || bytes < 0 || batches < 0 || records < 0) {
      throw new IllegalArgumentException("No file of batches from " + base + " to " + next);
    }
  }

  /** Its name in the directory of the partition. */
  public String name() {
    return TopicPaths.logName(base);
  }
}
