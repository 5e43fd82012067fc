package dev.copperplate.backup.files;

import dev.copperplate.backup.RawName;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The names in a directory, ascending by their bytes. */
final class Listing {

  private Listing() {}

  /**
   * Lists a directory once, whole: some sixty bytes of memory a name, until the directory is done.
   */
  static List<RawName> of(Path directory) throws IOException {
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      return of(stream);
    }
  }

  static List<RawName> of(DirectoryStream<Path> stream) throws IOException {
    List<RawName> names = new ArrayList<>();
    try {
      for (Path path : stream) {
        names.add(PathBytes.name(path));
      }
    } catch (DirectoryIteratorException broken) {
      throw broken.getCause();
    }
    Collections.sort(names);
    return names;
  }
}
