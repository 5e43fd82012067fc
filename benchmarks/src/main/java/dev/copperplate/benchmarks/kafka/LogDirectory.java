package dev.copperplate.benchmarks.kafka;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Plain files, in a directory for each partition. */
record LogDirectory(Path directory) implements LogTarget {

  @Override
  public OutputStream create(int partition, long base) throws IOException {
    Path parent = Files.createDirectories(directory.resolve(Integer.toString(partition)));
    return Files.newOutputStream(parent.resolve(String.format(Locale.ROOT, "%020d.log", base)));
  }

  @Override
  public void commit(OutputStream file) throws IOException {
    file.close();
  }
}
