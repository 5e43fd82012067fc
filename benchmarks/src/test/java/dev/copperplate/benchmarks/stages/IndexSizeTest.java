package dev.copperplate.benchmarks.stages;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IndexSizeTest {

  @Test
  void saysWhatABlobTakes(@TempDir Path directory) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int blobs = 20_000;
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    IndexSize.print(blobs, new ManyBlobs(blobs, 20).store(directory), out);
    String text = bytes.toString(StandardCharsets.UTF_8);
    assertTrue(text.startsWith("20000 blobs in 1000 packs: "), text);
    double each = Double.parseDouble(text.substring(27, text.indexOf(" bytes of heap")));
    assertTrue(each > 48 && each < 100, text);
  }
}
