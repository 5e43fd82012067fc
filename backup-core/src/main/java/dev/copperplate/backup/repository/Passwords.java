package dev.copperplate.backup.repository;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Supplier;

/**
 * Where the password of a repository comes from. Asked each time that it is needed; the engine
 * wipes the array. A key management service is an implementation of this.
 */
@FunctionalInterface
public interface Passwords {

  /** A password in an array of its own. */
  char[] password() throws IOException;

  /** Passwords from memory or from wherever the host keeps them. */
  static Passwords of(Supplier<char[]> supplier) {
    return supplier::get;
  }

  /**
   * The content of a file in UTF-8, without the white space around it, as stock restic reads {@code
   * --password-file}.
   */
  static Passwords file(Path file) {
    return () -> {
      byte[] bytes = read(file);
      try {
        CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
        char[] stripped = stripped(text);
        Arrays.fill(text.array(), '\0');
        return stripped;
      } catch (CharacterCodingException notText) {
        throw new BackupException(
            Kind.INVALID, "The password file " + file + " is not text in UTF-8", notText);
      } finally {
        Arrays.fill(bytes, (byte) 0);
      }
    };
  }

  private static byte[] read(Path file) throws IOException {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException absent) {
      throw new BackupException(Kind.NOT_FOUND, "There is no password file " + file, absent);
    }
  }

  private static char[] stripped(CharBuffer text) {
    int from = text.position();
    int to = text.limit();
    char[] chars = text.array();
    while (from < to && isSpace(chars[from])) {
      from++;
    }
    while (to > from && isSpace(chars[to - 1])) {
      to--;
    }
    return Arrays.copyOfRange(chars, from, to);
  }

  /** White space of Unicode, non-breaking ones included: what Go trims. */
  private static boolean isSpace(char each) {
    return Character.isWhitespace(each) || Character.isSpaceChar(each) || each == '\u0085';
  }
}
