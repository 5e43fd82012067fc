package dev.copperplate.backup.kafka.batch;

import dev.copperplate.backup.BackupException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What follows the length of a record.
 *
 * @see <a href="https://kafka.apache.org/documentation/#record">Kafka, "Record"</a>
 */
final class RecordBody {

  /** What a header takes beside its bytes, about. */
  private static final int HEADER_BYTES = 32;

  private static final byte[] EMPTY = {};

  private final PayloadInput input;
  private final BatchLimits limits;
  private byte[] bytes = EMPTY;
  private int position;
  private int end;

  RecordBody(PayloadInput input, BatchLimits limits) {
    this.input = input;
    this.limits = limits;
  }

  /** Takes the next record. */
  void next() throws BackupException {
    int length = input.varint();
    if (length < 0) {
      throw input.damage("a record has a length of " + length);
    }
    require(length);
    bytes = input.bytes(length);
    position = 0;
    end = length;
  }

  byte octet() throws BackupException {
    if (position == end) {
      throw input.damage("a record ends too early");
    }
    return bytes[position++];
  }

  int varint() throws BackupException {
    int raw = 0;
    for (int shift = 0; shift < Varints.INT_BITS; shift += 7) {
      int next = octet();
      raw |= (next & 0x7f) << shift;
      if (next >= 0) {
        return Varints.signed(raw);
      }
    }
    throw input.damage("a record has a number that is too long");
  }

  long varlong() throws BackupException {
    long raw = 0;
    for (int shift = 0; shift < Varints.LONG_BITS; shift += 7) {
      int next = octet();
      raw |= (next & 0x7fL) << shift;
      if (next >= 0) {
        return Varints.signed(raw);
      }
    }
    throw input.damage("a record has a number that is too long");
  }

  byte @Nullable [] nullable() throws BackupException {
    int length = varint();
    return length < 0 ? null : taken(length);
  }

  List<BatchHeader> headers() throws BackupException {
    int count = varint();
    if (count == 0) {
      return List.of();
    }
    if (count < 0 || count > (end - position) / 2) {
      throw input.damage("a record has " + count + " headers in " + (end - position) + " bytes");
    }
    require(end + (long) HEADER_BYTES * count);
    List<BatchHeader> headers = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      headers.add(header());
    }
    return headers;
  }

  void finish() throws BackupException {
    if (position != end) {
      throw input.damage("a record is longer than its content, by " + (end - position) + " bytes");
    }
  }

  private BatchHeader header() throws BackupException {
    byte[] name = nullable();
    if (name == null) {
      throw input.damage("a header has no name");
    }
    return new BatchHeader(name, nullable());
  }

  private byte[] taken(int length) throws BackupException {
    if (length > end - position) {
      throw input.damage("a field of " + length + " bytes does not fit into its record");
    }
    position += length;
    return length == 0 ? EMPTY : Arrays.copyOfRange(bytes, position - length, position);
  }

  private void require(long length) throws BackupException {
    if (length > limits.recordBytes()) {
      throw input.damage(
          "a record needs " + length + " bytes; the limit is " + limits.recordBytes());
    }
  }
}
