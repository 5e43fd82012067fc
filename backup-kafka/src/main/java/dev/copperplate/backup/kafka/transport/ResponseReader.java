package dev.copperplate.backup.kafka.transport;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * The primitive types of Kafka's protocol, from bytes that may be anything. No length is believed
 * that goes beyond the end.
 */
final class ResponseReader {

  private static final int VARINT_BYTES = 5;

  private final ByteBuffer bytes;

  ResponseReader(ByteBuffer bytes) {
    this.bytes = bytes;
  }

  /** Takes one tagged field. */
  interface Tag {
    void take(int tag, ResponseReader content) throws MalformedAnswerException;
  }

  byte int8() throws MalformedAnswerException {
    return has(1).get();
  }

  short int16() throws MalformedAnswerException {
    return has(Short.BYTES).getShort();
  }

  int int32() throws MalformedAnswerException {
    return has(Integer.BYTES).getInt();
  }

  long int64() throws MalformedAnswerException {
    return has(Long.BYTES).getLong();
  }

  Uuid uuid() throws MalformedAnswerException {
    return new Uuid(int64(), int64());
  }

  /** Up to 2^31 - 1. */
  int unsignedVarint() throws MalformedAnswerException {
    long value = 0;
    for (int i = 0; i < VARINT_BYTES; i++) {
      byte next = int8();
      value |= (next & 0x7fL) << 7 * i;
      if (next >= 0) {
        if (value > Integer.MAX_VALUE) {
          break;
        }
        return (int) value;
      }
    }
    throw new MalformedAnswerException("A number is too large");
  }

  /**
   * The number of elements of an array; none if it is null.
   *
   * @param least the bytes that an element has at least
   */
  int compactArray(int least) throws MalformedAnswerException {
    return bounded(unsignedVarint() - 1, least);
  }

  /** As {@link #compactArray}, of versions without tags. */
  int array(int least) throws MalformedAnswerException {
    return bounded(int32(), least);
  }

  private int bounded(int size, int least) throws MalformedAnswerException {
    if (size > bytes.remaining() / least) {
      throw new MalformedAnswerException("An array of " + size + " goes beyond the end");
    }
    return Math.max(size, 0);
  }

  /** A view; empty if it is null. */
  ByteBuffer compactBytes() throws MalformedAnswerException {
    return view(Math.max(unsignedVarint() - 1, 0));
  }

  @Nullable String compactString() throws MalformedAnswerException {
    int size = unsignedVarint() - 1;
    return size < 0 ? null : StandardCharsets.UTF_8.decode(view(size)).toString();
  }

  void skipTags() throws MalformedAnswerException {
    tags((tag, content) -> {});
  }

  void tags(Tag each) throws MalformedAnswerException {
    int count = bounded(unsignedVarint(), 2);
    for (int i = 0; i < count; i++) {
      int tag = unsignedVarint();
      each.take(tag, new ResponseReader(view(unsignedVarint())));
    }
  }

  private ByteBuffer view(int size) throws MalformedAnswerException {
    ByteBuffer view = has(size).slice(bytes.position(), size);
    bytes.position(bytes.position() + size);
    return view;
  }

  private ByteBuffer has(int size) throws MalformedAnswerException {
    if (bytes.remaining() < size) {
      throw new MalformedAnswerException(
          "It ends " + (size - bytes.remaining()) + " bytes too early");
    }
    return bytes;
  }
}
