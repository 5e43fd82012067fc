package dev.copperplate.samples;

import dev.copperplate.backup.target.LocalTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A directory with documents, a password file, and a repository that opens quickly.
 *
 * @param directory of a test
 */
record Place(Path directory) {

  static Place in(Path directory) throws IOException {
    Place place = new Place(directory.toRealPath());
    Files.writeString(place.passwordFile(), TinyRepository.PASSWORD + "\n");
    Files.createDirectories(place.documents().resolve("letters"));
    Files.writeString(place.documents().resolve("letters/one"), "Dear reader");
    Files.writeString(place.documents().resolve("two"), "2".repeat(100_000));
    Files.createFile(place.documents().resolve("empty"));
    Files.createSymbolicLink(place.documents().resolve("link"), Path.of("two"));
    TinyRepository.create(LocalTarget.at(place.repository()));
    return place;
  }

  Path repository() {
    return directory.resolve("repository");
  }

  Path passwordFile() {
    return directory.resolve("password");
  }

  Path documents() {
    return directory.resolve("documents");
  }

  /** Runs a sample on the repository. */
  Invocation run(Program program, Object... more) {
    List<String> arguments = new ArrayList<>();
    arguments.add("--repository");
    arguments.add(repository().toString());
    arguments.add("--password-file");
    arguments.add(passwordFile().toString());
    List.of(more).forEach(each -> arguments.add(each.toString()));
    return Invocation.of(program, arguments.toArray(new String[0]));
  }

  /** Backs the documents up. */
  Invocation backup(Object... more) {
    List<Object> arguments = new ArrayList<>(List.of(more));
    arguments.add(documents());
    return run(BackupDirectory.PROGRAM, arguments.toArray()).ending(ExitCode.SUCCESS);
  }

  /** The only file below a directory of the repository. */
  Path onlyFile(String below) throws IOException {
    try (var all = Files.walk(repository().resolve(below))) {
      List<Path> files = all.filter(Files::isRegularFile).toList();
      if (files.size() != 1) {
        throw new AssertionError("Expected one file: " + files);
      }
      return files.get(0);
    }
  }

  /** Where a path lies below a directory that a snapshot was restored to. */
  static Path below(Path destination, Path absolute) {
    return destination.resolve(absolute.toString().substring(1));
  }
}
