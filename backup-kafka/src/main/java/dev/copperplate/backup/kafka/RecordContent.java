package dev.copperplate.backup.kafka;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a record says, without where it stands. Immutable, but arrays are not copied: they are not
 * to be changed.
 */
public final class RecordContent {

  private final long timestamp;
  private final byte @Nullable [] key;
  private final byte @Nullable [] value;
  private final List<Header> headers;

  /** One of several headers of a record; two may have the same name. */
  public static final class Header {

    private final String name;
    private final byte @Nullable [] value;

    public Header(String name, byte @Nullable [] value) {
      this.name = name;
      this.value = value;
    }

    public String name() {
      return name;
    }

    public byte @Nullable [] value() {
      return value;
    }
  }

  /**
   * Some content.
   *
   * @param timestamp in milliseconds since 1970; -1 for none
   * @param value null for a tombstone
   * @param headers in their order
   */
  public RecordContent(
      long timestamp, byte @Nullable [] key, byte @Nullable [] value, List<Header> headers) {
    this.timestamp = timestamp;
    this.key = key;
    this.value = value;
    this.headers = List.copyOf(headers);
  }

  /** In milliseconds since 1970; -1 for none. */
  public long timestamp() {
    return timestamp;
  }

  public byte @Nullable [] key() {
    return key;
  }

  /** Null for a tombstone. */
  public byte @Nullable [] value() {
    return value;
  }

  public List<Header> headers() {
    return headers;
  }

  /** The same with another key. */
  public RecordContent withKey(byte @Nullable [] other) {
    return new RecordContent(timestamp, other, value, headers);
  }

  /** The same with another value. */
  public RecordContent withValue(byte @Nullable [] other) {
    return new RecordContent(timestamp, key, other, headers);
  }

  /** The same with other headers. */
  public RecordContent withHeaders(List<Header> others) {
    return new RecordContent(timestamp, key, value, others);
  }

  /** Without the content, which may be secret. */
  @Override
  public String toString() {
    return "Record of time " + timestamp;
  }
}
