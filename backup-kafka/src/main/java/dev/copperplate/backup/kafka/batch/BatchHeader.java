package dev.copperplate.backup.kafka.batch;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A header of a record. Its name is text; the bytes are kept, so that a name that is no valid UTF-8
 * stays what it is. Equal are headers of the same bytes.
 *
 * <p>Arrays are not copied: they are not to be changed.
 */
public final class BatchHeader {

  private final byte[] name;
  private final byte @Nullable [] value;

  /** One whose name is given as it is stored. */
  public BatchHeader(byte[] name, byte @Nullable [] value) {
    this.name = name;
    this.value = value;
  }

  public BatchHeader(String name, byte @Nullable [] value) {
    this(name.getBytes(StandardCharsets.UTF_8), value);
  }

  /** The name, with U+FFFD for what is no UTF-8. */
  public String name() {
    return new String(name, StandardCharsets.UTF_8);
  }

  /** The name as it is stored. */
  public byte[] nameBytes() {
    return name;
  }

  public byte @Nullable [] value() {
    return value;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof BatchHeader that
        && Arrays.equals(name, that.name)
        && Arrays.equals(value, that.value);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(name) + Arrays.hashCode(value);
  }

  /** The name alone: values may be secrets. */
  @Override
  public String toString() {
    return name();
  }
}
