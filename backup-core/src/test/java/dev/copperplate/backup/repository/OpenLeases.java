package dev.copperplate.backup.repository;

import dev.copperplate.backup.repository.lock.LeaseKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/** The leases that lie in a repository. */
final class OpenLeases {

  private OpenLeases() {}

  /** How many there are of a kind. */
  static int of(Path repository, LeaseKind kind) throws IOException {
    Path folder =
        repository.resolve("copperplate/leases").resolve(kind.name().toLowerCase(Locale.ROOT));
    if (!Files.isDirectory(folder)) {
      return 0;
    }
    try (Stream<Path> all = Files.list(folder)) {
      return (int) all.filter(each -> !each.toString().contains("-tmp-")).count();
    }
  }
}
