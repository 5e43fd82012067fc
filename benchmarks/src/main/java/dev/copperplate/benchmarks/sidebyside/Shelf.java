package dev.copperplate.benchmarks.sidebyside;

import dev.copperplate.benchmarks.DirectoryRemoval;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/**
 * Keeps what takes long to make, for the next time.
 *
 * <p>Beside each directory lies a file that says what it was made of, written last: what an
 * interrupted benchmark left is made again.
 *
 * @param directory that holds all of it
 */
record Shelf(Path directory) {

  /** Makes a directory. */
  @FunctionalInterface
  interface Maker {
    void make(Path directory) throws IOException, InterruptedException;
  }

  /** A directory that is there, made of what was asked for. */
  Path get(String name, String parameters, Maker maker) throws IOException, InterruptedException {
    Path place = directory.resolve(name);
    Path marker = marker(name);
    if (Files.exists(marker) && read(marker).startsWith(parameters + "\n")) {
      return place;
    }
    Files.deleteIfExists(marker);
    DirectoryRemoval.remove(place);
    Files.createDirectories(directory);
    maker.make(place);
    Files.writeString(marker, parameters + "\nmade " + Instant.now() + "\n");
    return place;
  }

  /** What a directory that is there was made of, and when: another each time it is made. */
  String identity(String name) throws IOException {
    return directory.resolve(name) + " " + read(marker(name)).replace('\n', ' ');
  }

  private Path marker(String name) {
    return directory.resolve(name + ".made");
  }

  private static String read(Path marker) throws IOException {
    return Files.readString(marker, StandardCharsets.UTF_8);
  }
}
