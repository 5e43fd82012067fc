package dev.copperplate.backup.repository;

import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.repository.crypto.KeyDerivation;
import dev.copperplate.backup.repository.crypto.MasterKey;
import dev.copperplate.backup.repository.crypto.Sealer;
import dev.copperplate.backup.repository.format.KeyFile;
import dev.copperplate.backup.repository.format.LockFile;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.repository.storage.ObjectStore;
import dev.copperplate.backup.repository.storage.StoredObject;
import dev.copperplate.backup.target.LocalTarget;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The objects of a repository in a directory, for tests that look below the API or write there. */
final class StoredRepository {

  private final Path directory;
  private final MasterKey key;
  private final ObjectStore store;

  private StoredRepository(Path directory, MasterKey key, ObjectStore store) {
    this.directory = directory;
    this.key = key;
    this.store = store;
  }

  /** The objects of a repository with the password of {@link TestRepositories}. */
  static StoredRepository at(Path directory) throws IOException {
    LocalTarget target = LocalTarget.at(directory);
    MasterKey key = new RepositoryKeys(target).open(TestRepositories.PASSWORDS).key();
    return new StoredRepository(directory, key, new ObjectStore(target, key));
  }

  /** Copies a repository file by file. */
  static Path copy(Path repository, Path to) throws IOException {
    Files.walkFileTree(
        repository,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
              throws IOException {
            Files.createDirectories(to.resolve(repository.relativize(directory)));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.copy(file, to.resolve(repository.relativize(file)));
            return FileVisitResult.CONTINUE;
          }
        });
    return to;
  }

  /** Removes a directory with all below it. */
  static void remove(Path directory) throws IOException {
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
              throws IOException {
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /**
   * Gives a repository that restic has just made a key file that costs next to nothing to open, in
   * place of its own: tests that run restic often would do little else than deriving keys.
   */
  static void cheapen(Path directory) throws IOException {
    StoredRepository made = at(directory);
    String costly = made.ids(ObjectKind.KEY).first();
    KeyFile cheap =
        KeyFile.wrap(
            made.key,
            TestRepositories.PASSWORD.toCharArray(),
            new KeyDerivation(2, 1, 1),
            Instant.EPOCH,
            "test",
            "",
            new SecureRandom());
    byte[] stored = cheap.encode();
    Files.write(directory.resolve("keys").resolve(Sha256.hash(stored).hex()), stored);
    made.delete(ObjectKind.KEY, costly);
  }

  /** Reads and writes its objects. */
  ObjectStore store() {
    return store;
  }

  SortedSet<String> ids(ObjectKind kind) throws IOException {
    SortedSet<String> ids = new TreeSet<>();
    try (Cursor<StoredObject> all = store.list(kind)) {
      for (StoredObject each = all.next(); each != null; each = all.next()) {
        ids.add(each.id().hex());
      }
    }
    return ids;
  }

  /** The JSON of an index, snapshot or lock. */
  String json(ObjectKind kind, String id) throws IOException {
    return new String(store.read(kind, Sha256.parse(id)), StandardCharsets.UTF_8);
  }

  /** Stores an index, snapshot or lock of any JSON; returns its id. */
  String write(ObjectKind kind, String json) throws IOException {
    return store.write(kind, json.getBytes(StandardCharsets.UTF_8)).hex();
  }

  String write(LockFile lock) throws IOException {
    return store.write(ObjectKind.LOCK, lock.encode()).hex();
  }

  void delete(ObjectKind kind, String id) throws IOException {
    store.delete(kind, Sha256.parse(id));
  }

  /** Replaces an index, snapshot or lock by one of other JSON; returns its id. */
  String rewrite(ObjectKind kind, String id, UnaryOperator<String> change) throws IOException {
    String changed = write(kind, change.apply(json(kind, id)));
    delete(kind, id);
    return changed;
  }

  /** Replaces the JSON of the config, which has no other name. */
  void rewriteConfig(UnaryOperator<String> change) throws Exception {
    Path file = directory.resolve("config");
    Sealer sealer = new Sealer(key);
    String json = new String(sealer.open(Files.readAllBytes(file)), StandardCharsets.UTF_8);
    Files.delete(file);
    Files.write(file, sealer.seal(change.apply(json).getBytes(StandardCharsets.UTF_8)));
  }
}
