package dev.copperplate.backup;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a name, a link target or an attribute's value; compared unsigned. Not every name is
 * text: file systems and brokers take bytes that no character set explains.
 */
public final class RawName implements Comparable<RawName> {

  private final byte[] bytes;

  /** Whether it can name an entry, once somebody has asked; as good as unknown to other threads. */
  private @Nullable Boolean entryName;

  private RawName(byte[] bytes) {
    this.bytes = bytes;
  }

  /** The UTF-8 bytes of a text. */
  public static RawName of(String text) {
    return new RawName(text.getBytes(StandardCharsets.UTF_8));
  }

  /** A copy of the bytes. */
  public static RawName of(byte[] bytes) {
    return new RawName(bytes.clone());
  }

  /** A copy of the bytes. */
  public byte[] toByteArray() {
    return bytes.clone();
  }

  /** How many bytes. */
  public int length() {
    return bytes.length;
  }

  @Override
  public int compareTo(RawName other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RawName name && Arrays.equals(bytes, name.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** For messages: the text, or {@code 0x} and hexadecimal digits where the bytes are no UTF-8. */
  @Override
  public String toString() {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException notText) {
      return "0x" + HexFormat.of().formatHex(bytes);
    }
  }

  /**
   * Whether it can name an entry. Looked at once: paths are made for each entry, and of the same
   * names.
   */
  boolean isEntryName() {
    Boolean known = entryName;
    if (known == null) {
      known = bytes.length > 0 && !isDots() && !contains('/') && !contains(0);
      entryName = known;
    }
    return known;
  }

  private boolean isDots() {
    return bytes.length <= 2 && bytes[0] == '.' && bytes[bytes.length - 1] == '.';
  }

  private boolean contains(int value) {
    for (byte each : bytes) {
      if (each == value) {
        return true;
      }
    }
    return false;
  }
}
