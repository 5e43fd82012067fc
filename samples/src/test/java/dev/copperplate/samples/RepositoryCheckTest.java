package dev.copperplate.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.files.FilesSource;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.CheckOptions;
import dev.copperplate.backup.repository.CheckReport;
import dev.copperplate.backup.repository.Passwords;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.target.LocalTarget;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RepositoryCheckTest {

  private static final int THREADS = 2;

  @TempDir Path directory;
  private Path repository;

  @BeforeEach
  void makeRepository() throws Exception {
    repository = directory.resolve("repository");
    Path documents = Files.createDirectory(directory.resolve("d"));
    Files.writeString(documents.resolve("small"), "Hello, copperplate");
    Files.createFile(documents.resolve("empty"));
    BackupTarget target = LocalTarget.at(repository);
    TinyRepository.create(target);
    try (BackupRepository opened = BackupRepository.open(target, TinyRepository.PASSWORDS)) {
      opened.backup(FilesSource.of(documents));
    }
  }

  @Test
  void findsNothingInASoundRepository() throws Exception {
    CheckReport report = check(repository);
    assertEquals(List.of(), report.findings());
    assertTrue(report.sound());
    assertEquals(1, report.snapshots());
    // A pack of data and one of directories.
    assertEquals(2, report.packsRead());
  }

  @Test
  void findsEverySingleBitThatFlips() throws Exception {
    List<Flip> flips = new ArrayList<>();
    for (Path each : files(repository)) {
      for (long bit = 0; bit < 8 * Files.size(each); bit++) {
        flips.add(new Flip(repository.relativize(each).toString(), bit));
      }
    }
    assertTrue(flips.size() > 8_000, "a repository was written");
    assertEquals(List.of(), unnoticed(flips));
  }

  @Test
  void findsEveryObjectThatIsMissing() throws Exception {
    for (Path each : files(repository)) {
      byte[] content = Files.readAllBytes(each);
      Files.delete(each);
      // Without its file a snapshot never was, and without a config there is no repository.
      if (!each.toString().contains("snapshots")) {
        assertFalse(check(repository).sound(), each.toString());
      }
      Files.write(each, content);
    }
  }

  @Test
  void findsASnapshotThatMatchesItsNameAndIsNone() throws Exception {
    byte[] junk = "no snapshot".getBytes(StandardCharsets.UTF_8);
    String name = Sha256.hash(junk).hex();
    Files.write(repository.resolve("snapshots").resolve(name), junk);
    List<Finding> findings = check(repository).findings();
    assertEquals(List.of("snapshots/" + name), findings.stream().map(Finding::subject).toList());
  }

  @Test
  void findsThatAPasswordOpensNothing() throws Exception {
    Passwords wrong = Passwords.of("wrong"::toCharArray);
    CheckReport report = check(repository, wrong);
    assertFalse(report.sound());
    assertTrue(report.findings().toString().contains("opens with this password"));
  }

  @Test
  void failsWhereThereIsNoRepository() {
    BackupException failure =
        assertThrows(BackupException.class, () -> check(directory.resolve("nowhere")));
    assertEquals(BackupException.Kind.NOT_FOUND, failure.kind());
  }

  /**
   * A bit of a file.
   *
   * @param file below the repository
   */
  private record Flip(String file, long bit) {}

  private List<Flip> unnoticed(List<Flip> flips) throws Exception {
    List<Flip> unnoticed = Collections.synchronizedList(new ArrayList<>());
    ExecutorService executor = Executors.newFixedThreadPool(THREADS);
    try {
      List<Callable<Void>> parts = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        int part = i;
        Path copy = directory.resolve("copy-" + part);
        TreeCopy.copy(repository, copy);
        parts.add(
            () -> {
              for (int j = part; j < flips.size(); j += THREADS) {
                if (!isNoticed(copy, flips.get(j))) {
                  unnoticed.add(flips.get(j));
                }
              }
              return null;
            });
      }
      for (Future<Void> each : executor.invokeAll(parts)) {
        each.get();
      }
    } finally {
      executor.shutdownNow();
    }
    return unnoticed;
  }

  private static boolean isNoticed(Path repository, Flip flip) throws Exception {
    Path file = repository.resolve(flip.file());
    byte[] sound = Files.readAllBytes(file);
    byte[] flipped = sound.clone();
    flipped[(int) (flip.bit() / 8)] ^= (byte) (1 << (flip.bit() % 8));
    replace(file, flipped);
    try {
      return !check(readOnly(LocalTarget.at(repository)), TinyRepository.PASSWORDS).sound();
    } finally {
      replace(file, sound);
    }
  }

  /** Objects are write-protected, so that only a replacement changes one. */
  private static void replace(Path file, byte[] content) throws IOException {
    Files.delete(file);
    Files.write(file, content);
  }

  private static CheckReport check(Path repository) throws Exception {
    return check(repository, TinyRepository.PASSWORDS);
  }

  private static CheckReport check(Path repository, Passwords passwords) throws Exception {
    return check(LocalTarget.at(repository), passwords);
  }

  private static CheckReport check(BackupTarget target, Passwords passwords) throws Exception {
    RepositoryOptions options = RepositoryOptions.DEFAULT.threads(1);
    return RepositoryCheck.run(target, passwords, options, new CheckOptions.Data());
  }

  /** Ten thousand checks need not keep which packs they have read: that takes most of the time. */
  private static BackupTarget readOnly(BackupTarget target) {
    return (BackupTarget)
        Proxy.newProxyInstance(
            BackupTarget.class.getClassLoader(),
            new Class<?>[] {BackupTarget.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("put")) {
                throw new BackupException(BackupException.Kind.DENIED, "Nothing is put", null);
              }
              try {
                return method.invoke(target, arguments);
              } catch (InvocationTargetException failed) {
                throw failed.getCause();
              }
            });
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }
}
