package dev.copperplate.backup.repository.format;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A SHA-256 digest: the id of a blob, or the name of a stored file. Immutable; ordered by its
 * bytes, unsigned, which is also the order of its hexadecimal form.
 */
public final class Sha256 implements Comparable<Sha256> {

  /** Bytes of a digest. */
  public static final int SIZE = 32;

  /** Characters of its hexadecimal form. */
  public static final int HEX_SIZE = 2 * SIZE;

  /** Longs of a digest. */
  static final int WORDS = 4;

  static final int HEX_OF_WORD = 16;

  private static final String DIGITS = "0123456789abcdef";

  private static final MessageDigest UNUSED = firstDigest();

  /** What each byte is worth as a digit; below zero if it is none. */
  private static final byte[] VALUES = values();

  private final long word0;
  private final long word1;
  private final long word2;
  private final long word3;

  public Sha256(long word0, long word1, long word2, long word3) {
    this.word0 = word0;
    this.word1 = word1;
    this.word2 = word2;
    this.word3 = word3;
  }

  /** The digest whose big-endian words these are; see {@link #word}. */
  public static Sha256 ofWords(long word0, long word1, long word2, long word3) {
    return new Sha256(word0, word1, word2, word3);
  }

  /**
   * The digest of these 32 bytes.
   *
   * @throws IllegalArgumentException if they are not 32
   */
  public static Sha256 of(byte[] digest) {
    if (digest.length != SIZE) {
      throw new IllegalArgumentException("A digest has 32 bytes, not " + digest.length);
    }
    return at(digest, 0);
  }

  /** The digest whose 32 bytes begin at the offset. */
  public static Sha256 at(byte[] source, int offset) {
    ByteBuffer words = ByteBuffer.wrap(source, offset, SIZE);
    return new Sha256(words.getLong(), words.getLong(), words.getLong(), words.getLong());
  }

  /**
   * Reads 64 lower-case hexadecimal digits. Upper case is refused: such a name is another file.
   *
   * @throws IllegalArgumentException if it is anything else
   */
  public static Sha256 parse(String hex) {
    long[] words = new long[WORDS];
    parse(hex.toCharArray(), 0, hex.length(), words);
    return new Sha256(words[0], words[1], words[2], words[3]);
  }

  /** Whether the text is what {@link #parse} takes: only such names are objects of a repository. */
  public static boolean isHex(String text) {
    if (text.length() != HEX_SIZE) {
      return false;
    }
    for (int i = 0; i < HEX_SIZE; i++) {
      if (digit(text.charAt(i)) < 0) {
        return false;
      }
    }
    return true;
  }

  /** The SHA-256 of the data. */
  public static Sha256 hash(byte[] data) {
    return hash(data, 0, data.length);
  }

  /** The SHA-256 of part of the data. */
  public static Sha256 hash(byte[] data, int offset, int length) {
    MessageDigest digest = digest();
    digest.update(data, offset, length);
    return at(digest.digest(), 0);
  }

  /** A new digest. A copy of one that is never used: no provider has to be found each time. */
  private static MessageDigest digest() {
    try {
      return (MessageDigest) UNUSED.clone();
    } catch (CloneNotSupportedException e) {
      return firstDigest();
    }
  }

  private static MessageDigest firstDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("This Java runtime lacks SHA-256", e);
    }
  }

  /** One of its four big-endian words, for tables of primitives. */
  public long word(int index) {
    return switch (Objects.checkIndex(index, WORDS)) {
      case 0 -> word0;
      case 1 -> word1;
      case 2 -> word2;
      default -> word3;
    };
  }

  /** Its 64 lower-case hexadecimal digits. */
  public String hex() {
    byte[] digits = new byte[HEX_SIZE];
    writeHex(digits, 0);
    return new String(digits, StandardCharsets.ISO_8859_1);
  }

  /** Puts its 32 bytes into the array. */
  public void writeTo(byte[] target, int offset) {
    ByteBuffer words = ByteBuffer.wrap(target, offset, SIZE);
    words.putLong(word0).putLong(word1).putLong(word2).putLong(word3);
  }

  void writeHex(byte[] target, int offset) {
    for (int i = 0; i < WORDS; i++) {
      writeHex(word(i), target, offset + i * HEX_OF_WORD);
    }
  }

  static void writeHex(long word, byte[] target, int offset) {
    for (int i = 0; i < HEX_OF_WORD; i++) {
      target[offset + i] = (byte) DIGITS.charAt((int) (word >>> (60 - 4 * i)) & 0xf);
    }
  }

  /** Reads 64 digits into four words, as {@link #parse(String)} does. */
  static void parse(char[] hex, int offset, int length, long[] words) {
    if (length != HEX_SIZE) {
      throw new IllegalArgumentException(
          "An id has 64 hexadecimal digits, not " + length + " characters");
    }
    for (int i = 0; i < WORDS; i++) {
      words[i] = parseWord(hex, offset + i * HEX_OF_WORD);
    }
  }

  /** Reads 64 digits into four words; false if they are no lower-case hexadecimal digits. */
  static boolean scan(byte[] hex, int offset, long[] words) {
    int wrong = 0;
    for (int i = 0; i < WORDS; i++) {
      long word = 0;
      int from = offset + i * HEX_OF_WORD;
      for (int j = from; j < from + HEX_OF_WORD; j++) {
        int digit = VALUES[hex[j] & 0xff];
        wrong |= digit;
        word = word << 4 | digit;
      }
      words[i] = word;
    }
    return wrong >= 0;
  }

  private static byte[] values() {
    byte[] values = new byte[1 << Byte.SIZE];
    for (int i = 0; i < values.length; i++) {
      values[i] = (byte) digit(i);
    }
    return values;
  }

  private static long parseWord(char[] hex, int offset) {
    long word = 0;
    for (int i = offset; i < offset + HEX_OF_WORD; i++) {
      int digit = digit(hex[i]);
      if (digit < 0) {
        throw new IllegalArgumentException("An id has only the digits 0-9 and a-f");
      }
      word = word << 4 | digit;
    }
    return word;
  }

  private static int digit(int character) {
    if (character >= '0' && character <= '9') {
      return character - '0';
    }
    return character >= 'a' && character <= 'f' ? character - 'a' + 10 : -1;
  }

  @Override
  public int compareTo(Sha256 other) {
    for (int i = 0; i < WORDS; i++) {
      int order = Long.compareUnsigned(word(i), other.word(i));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Sha256 digest
        && word0 == digest.word0
        && word1 == digest.word1
        && word2 == digest.word2
        && word3 == digest.word3;
  }

  /** Part of the digest: it is as good a hash as there is. */
  @Override
  public int hashCode() {
    return (int) word0;
  }

  @Override
  public String toString() {
    return hex();
  }
}
