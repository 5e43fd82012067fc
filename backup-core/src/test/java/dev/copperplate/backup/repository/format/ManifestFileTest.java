package dev.copperplate.backup.repository.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ManifestFileTest {

  @Test
  void aFactWhoseKeyNeedsEscapesDoesNotBreakTheManifest() throws FormatException {
    Map<String, String> facts = Map.of("gr\u00f6\u00dfe", "1", "a\"b\\", "2", "\n\u0000", "3");

    assertEquals(facts, ManifestFile.decode(ManifestFile.encode(facts)));
  }

  /**
   * The half is no text: it is read as what it would be written as, or the file changes each time.
   */
  @Test
  void halfASurrogatePairIsReadAsGoReadsIt() throws FormatException {
    byte[] json = "{\"\\ud83d\":\"\\ude00!\"}".getBytes(StandardCharsets.UTF_8);

    assertEquals(Map.of("\ufffd", "\ufffd!"), ManifestFile.decode(json));
  }
}
