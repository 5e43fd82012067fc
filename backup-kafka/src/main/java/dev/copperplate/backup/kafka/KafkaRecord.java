package dev.copperplate.backup.kafka;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A record of a snapshot, as a consumer would get it. Equal are records of the same place and
 * content.
 *
 * <p>Arrays are not copied: they belong to whoever asked for the record.
 */
public final class KafkaRecord {

  private final String topic;
  private final int partition;
  private final long offset;
  private final long timestamp;
  private final TimestampType timestampType;
  private final byte @Nullable [] key;
  private final byte @Nullable [] value;
  private final List<Header> headers;

  /**
   * A record.
   *
   * @param timestamp in ms since 1970; -1 for none
   * @param key null for none
   * @param value null for a tombstone
   * @param headers in their order; several may have the same name
   */
  public KafkaRecord(
      String topic,
      int partition,
      long offset,
      long timestamp,
      TimestampType timestampType,
      byte @Nullable [] key,
      byte @Nullable [] value,
      List<Header> headers) {
    this.topic = Objects.requireNonNull(topic);
    this.partition = partition;
    this.offset = offset;
    this.timestamp = timestamp;
    this.timestampType = Objects.requireNonNull(timestampType);
    this.key = key;
    this.value = value;
    this.headers = List.copyOf(headers);
  }

  /** Whose clock a timestamp is from. */
  public enum TimestampType {
    /** The producer's. */
    CREATE_TIME,
    /** The broker's. */
    LOG_APPEND_TIME
  }

  public String topic() {
    return topic;
  }

  public int partition() {
    return partition;
  }

  /** The offset that it had in the source. */
  public long offset() {
    return offset;
  }

  /** In ms since 1970; -1 for none. */
  public long timestamp() {
    return timestamp;
  }

  public TimestampType timestampType() {
    return timestampType;
  }

  /** The key; null if it has none. */
  public byte @Nullable [] key() {
    return key;
  }

  /** The value; null for a tombstone. */
  public byte @Nullable [] value() {
    return value;
  }

  /** In their order; several may have the same name. */
  public List<Header> headers() {
    return headers;
  }

  /** The same with another timestamp. */
  public KafkaRecord withTimestamp(long other) {
    return with(other, key, value, headers);
  }

  /** The same with another key. */
  public KafkaRecord withKey(byte @Nullable [] other) {
    return with(timestamp, other, value, headers);
  }

  /** The same with another value. */
  public KafkaRecord withValue(byte @Nullable [] other) {
    return with(timestamp, key, other, headers);
  }

  /** The same with other headers. */
  public KafkaRecord withHeaders(List<Header> others) {
    return with(timestamp, key, value, others);
  }

  private KafkaRecord with(
      long time, byte @Nullable [] key, byte @Nullable [] value, List<Header> headers) {
    return new KafkaRecord(topic, partition, offset, time, timestampType, key, value, headers);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof KafkaRecord that
        && topic.equals(that.topic)
        && partition == that.partition
        && offset == that.offset
        && timestamp == that.timestamp
        && timestampType == that.timestampType
        && Arrays.equals(key, that.key)
        && Arrays.equals(value, that.value)
        && headers.equals(that.headers);
  }

  @Override
  public int hashCode() {
    return Objects.hash(topic, partition, offset);
  }

  /** Where it was, without the content, which may be secret. */
  @Override
  public String toString() {
    return "Record of " + topic + "-" + partition + " at offset " + offset;
  }

  /** A header of a record. Equal are headers of the same content. */
  public static final class Header {

    private final String name;
    private final byte @Nullable [] value;

    public Header(String name, byte @Nullable [] value) {
      this.name = Objects.requireNonNull(name);
      this.value = value;
    }

    /** Its name, with U+FFFD for what is no UTF-8. */
    public String name() {
      return name;
    }

    /** Its value, which may be null. */
    public byte @Nullable [] value() {
      return value;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Header that
          && name.equals(that.name)
          && Arrays.equals(value, that.value);
    }

    @Override
    public int hashCode() {
      return 31 * name.hashCode() + Arrays.hashCode(value);
    }

    /** The name alone: values may be secrets. */
    @Override
    public String toString() {
      return name;
    }
  }
}
