package dev.copperplate.benchmarks.warm;

import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.Passwords;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.target.LocalTarget;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * A repository without snapshots, made once and copied for each use, so that making one and its key
 * is in no measurement.
 */
public final class Template {

  private static final String PASSWORD = "benchmark";

  private final Path directory;
  private final Path passwordFile;

  private Template(Path work) throws IOException {
    directory = work.resolve("template");
    passwordFile = work.resolve("password");
    Files.writeString(passwordFile, PASSWORD, StandardCharsets.US_ASCII);
  }

  /** Made by us, below a directory. */
  public static Template ofOurs(Path work) throws IOException {
    Template template = new Template(work);
    BackupRepository.create(
            LocalTarget.at(template.directory),
            Passwords.file(template.passwordFile),
            RepositoryOptions.DEFAULT)
        .close();
    return template;
  }

  /** Made by stock restic, below a directory. */
  static Template ofRestic(Path work, Path program) throws IOException, InterruptedException {
    Template template = new Template(work);
    new Restic(program, template.directory, template.passwordFile).run("init");
    return template;
  }

  /** Opens a copy, at a place where nothing is. */
  public BackupRepository openCopy(Path place) throws IOException {
    copy(place);
    return open(place);
  }

  /** A copy for restic, at a place where nothing is. */
  Restic resticOf(Path program, Path place) throws IOException {
    copy(place);
    return new Restic(program, place, passwordFile);
  }

  BackupRepository open(Path copy) throws IOException {
    return BackupRepository.open(LocalTarget.at(copy), Passwords.file(passwordFile));
  }

  void copy(Path place) throws IOException {
    List<Path> all;
    try (Stream<Path> walk = Files.walk(directory)) {
      all = walk.toList();
    }
    for (Path each : all) {
      Files.copy(
          each, place.resolve(directory.relativize(each)), StandardCopyOption.COPY_ATTRIBUTES);
    }
  }
}
