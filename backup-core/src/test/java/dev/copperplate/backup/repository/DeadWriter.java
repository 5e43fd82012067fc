package dev.copperplate.backup.repository;

import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.repository.lock.RepositoryLock;
import dev.copperplate.backup.repository.storage.ObjectStore;
import dev.copperplate.backup.target.LocalTarget;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;

/** The main class of a child that takes a lock and dies of it. */
public final class DeadWriter {

  private DeadWriter() {}

  /** Argument: directory. Says {@code locked}, then dies when it is told something. */
  public static void main(String[] arguments) throws Exception {
    RepositoryLock.shared(store(Path.of(arguments[0])), InstantSource.system(), Duration.ZERO);
    System.out.println("locked");
    System.in.read();
    Runtime.getRuntime().halt(9);
  }

  /** The objects of a repository, for tests in other packages. */
  public static ObjectStore store(Path directory) throws IOException {
    return store(LocalTarget.at(directory));
  }

  /** The same behind another target. */
  public static ObjectStore store(BackupTarget target) throws IOException {
    return new ObjectStore(
        target, new RepositoryKeys(target).open(TestRepositories.PASSWORDS).key());
  }
}
