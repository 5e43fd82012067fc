package dev.copperplate.backup.kafka.transport;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * The primitive types of Kafka's protocol.
 *
 * @see <a href="https://kafka.apache.org/protocol#protocol_types">Kafka protocol guide, "Protocol
 *     Primitive Types"</a>
 */
final class RequestWriter {

  private ByteBuffer bytes = ByteBuffer.allocate(256);

  RequestWriter int8(int value) {
    room(1).put((byte) value);
    return this;
  }

  RequestWriter int16(int value) {
    room(Short.BYTES).putShort((short) value);
    return this;
  }

  RequestWriter int32(int value) {
    room(Integer.BYTES).putInt(value);
    return this;
  }

  RequestWriter int64(long value) {
    room(Long.BYTES).putLong(value);
    return this;
  }

  RequestWriter uuid(Uuid value) {
    return int64(value.getMostSignificantBits()).int64(value.getLeastSignificantBits());
  }

  RequestWriter unsignedVarint(int value) {
    int rest = value;
    while ((rest & ~0x7f) != 0) {
      int8(rest & 0x7f | 0x80);
      rest >>>= 7;
    }
    return int8(rest);
  }

  /** The number of elements, which follow. */
  RequestWriter compactArray(int size) {
    return unsignedVarint(size + 1);
  }

  /** The number of bytes, which follow. */
  RequestWriter compactBytes(int size) {
    return unsignedVarint(size + 1);
  }

  RequestWriter compactString(@Nullable String value) {
    if (value == null) {
      return unsignedVarint(0);
    }
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    compactBytes(utf8.length);
    room(utf8.length).put(utf8);
    return this;
  }

  /** The string of old headers, with a length of two bytes. */
  RequestWriter string(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    int16(utf8.length);
    room(utf8.length).put(utf8);
    return this;
  }

  RequestWriter noTags() {
    return unsignedVarint(0);
  }

  /** What was written. */
  ByteBuffer done() {
    return bytes.flip();
  }

  private ByteBuffer room(int size) {
    if (bytes.remaining() < size) {
      ByteBuffer larger =
          ByteBuffer.allocate(Math.max(bytes.capacity() * 2, bytes.position() + size));
      bytes = larger.put(bytes.flip());
    }
    return bytes;
  }
}
