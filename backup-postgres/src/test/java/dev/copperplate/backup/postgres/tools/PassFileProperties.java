package dev.copperplate.backup.postgres.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeTry;

class PassFileProperties {

  private final Path file = folder().resolve("passfile");

  private static Path folder() {
    try {
      return Files.createTempDirectory("passfile");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @BeforeTry
  void remove() throws Exception {
    Files.deleteIfExists(file);
  }

  @AfterProperty
  void removeAll() throws Exception {
    Files.deleteIfExists(file);
    Files.delete(file.getParent());
  }

  @Property(tries = 300)
  void libpqReadsThePasswordThatItIsFor(
      @ForAll @StringLength(min = 1, max = 40) @Chars({'\\', ':', '*', '#', ' ', 'é', 'x'})
          String password)
      throws Exception {
    PassFile.write(file, password);
    String line = Files.readString(file);
    assertTrue(line.startsWith("*:*:*:*:") && line.endsWith("\n"), line);
    assertEquals(password, unescaped(line.substring(8, line.length() - 1)));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
  }

  /** A backslash takes the character behind it for itself; a colon would end the field. */
  private static String unescaped(String field) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < field.length(); i++) {
      assertFalse(field.charAt(i) == ':', field);
      if (field.charAt(i) == '\\') {
        i++;
      }
      text.append(field.charAt(i));
    }
    return text.toString();
  }

  @Example
  void aPasswordOfSeveralLinesIsRefusedWithoutIt() {
    for (String each : new String[] {"canary\n", "a\rcanary"}) {
      BackupException refused =
          assertThrows(BackupException.class, () -> PassFile.write(file, each));
      assertEquals(Kind.UNSUPPORTED, refused.kind());
      assertFalse(refused.getMessage().contains("canary"), refused::getMessage);
    }
  }

  @Example
  void aFileThatIsThereIsNotWrittenTo() throws Exception {
    Files.createFile(file);
    assertThrows(FileAlreadyExistsException.class, () -> PassFile.write(file, "secret"));
    assertEquals(0, Files.size(file));
  }
}
