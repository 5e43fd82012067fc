package dev.copperplate.backup.kafka.batch;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A record of a batch. Equal are records of the same content.
 *
 * <p>Arrays are not copied: they are not to be changed.
 */
public final class BatchRecord {

  private final long offset;
  private final long timestamp;
  private final byte @Nullable [] key;
  private final byte @Nullable [] value;
  private final List<BatchHeader> headers;

  /**
   * A record.
   *
   * @param timestamp in ms; -1 for none
   * @param value null for a tombstone
   * @param headers in their order; several may have the same name
   */
  public BatchRecord(
      long offset,
      long timestamp,
      byte @Nullable [] key,
      byte @Nullable [] value,
      List<BatchHeader> headers) {
    this.offset = offset;
    this.timestamp = timestamp;
    this.key = key;
    this.value = value;
    this.headers = List.copyOf(headers);
  }

  public long offset() {
    return offset;
  }

  /** When it was created or appended, in ms; -1 for unknown. */
  public long timestamp() {
    return timestamp;
  }

  public byte @Nullable [] key() {
    return key;
  }

  public byte @Nullable [] value() {
    return value;
  }

  public List<BatchHeader> headers() {
    return headers;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof BatchRecord that
        && offset == that.offset
        && timestamp == that.timestamp
        && Arrays.equals(key, that.key)
        && Arrays.equals(value, that.value)
        && headers.equals(that.headers);
  }

  @Override
  public int hashCode() {
    return Objects.hash(offset, timestamp, Arrays.hashCode(key), Arrays.hashCode(value), headers);
  }

  /** Without the content, which may be secret. */
  @Override
  public String toString() {
    return "Record at offset " + offset;
  }
}
