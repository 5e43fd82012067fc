package dev.copperplate.backup.repository.format;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.fuzz.AnyBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ParserMemoryTest {

  @Test
  void aTreeOfNodesThatMakeNoSenseTakesLittleMemoryForEachByte() throws IOException {
    String nodes = "{},".repeat(100_000);
    byte[] tree = ("{\"nodes\":[" + nodes + "{}]}").getBytes(StandardCharsets.UTF_8);

    assertTrue(AnyBytes.read(tree, TreeFuzz::read).isPresent());
  }
}
