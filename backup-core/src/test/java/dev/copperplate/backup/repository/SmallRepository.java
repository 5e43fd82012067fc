package dev.copperplate.backup.repository;

import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Finding.Severity;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.files.FilesSource;
import dev.copperplate.backup.restic.Restic;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A repository with a few snapshots of files, in several packs, and what its checks say. */
final class SmallRepository {

  private SmallRepository() {}

  /** Makes files below {@code tree} and backs them up into {@code place}, twice. */
  static void make(Path place, Path tree) throws Exception {
    Random random = new Random(7);
    write(tree.resolve("a/large"), random, 3_000_000);
    write(tree.resolve("a/b/middle"), random, 900_000);
    Files.writeString(tree.resolve("a/b/text"), "Dear reader, ".repeat(1000));
    write(tree.resolve("c/small"), random, 1_000);
    try (BackupRepository repository = TestRepositories.create(place)) {
      repository.backup(FilesSource.of(tree));
      write(tree.resolve("c/later"), random, 2_000_000);
      Files.writeString(tree.resolve("c/more"), "Yours, ".repeat(2000));
      repository.backup(FilesSource.of(tree));
      repository.backup(
          new MapSource(
              "other", Map.of("x/y/z", "something else".getBytes(StandardCharsets.UTF_8))));
    }
  }

  private static void write(Path file, Random random, int size) throws Exception {
    byte[] content = new byte[size];
    random.nextBytes(content);
    Files.createDirectories(file.getParent());
    Files.write(file, content);
  }

  /** Lets stock restic copy a repository into one of another key that cuts files as it does. */
  static Path reencrypt(Path from, Path to) throws Exception {
    Restic.stock().at(from, TestRepositories.PASSWORD);
    String password = from.resolveSibling(from.getFileName() + ".password").toString();
    String[] source = {"--from-repo", from.toString(), "--from-password-file", password};
    Restic restic = Restic.stock().at(to, TestRepositories.PASSWORD);
    restic.succeed("init", source[0], source[1], source[2], source[3], "--copy-chunker-params");
    StoredRepository.cheapen(to);
    restic.succeed("copy", source[0], source[1], source[2], source[3]);
    return to;
  }

  static CheckReport check(Path place, CheckOptions options) throws Exception {
    try (BackupRepository repository = TestRepositories.open(place)) {
      return repository.check(options);
    }
  }

  /** What is worse than informative. */
  static List<Finding> bad(List<Finding> findings) {
    return findings.stream().filter(each -> each.severity() != Severity.INFO).toList();
  }

  static String name(Snapshot snapshot) {
    return "snapshot " + snapshot.id().shortHex();
  }
}
