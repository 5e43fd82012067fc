package dev.copperplate.backup.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.Content;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.PutOptions;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.restic.Restic;
import dev.copperplate.backup.target.LocalTarget;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A store that refuses what a backup wants to put there. */
@Timeout(120)
class FailingTargetTest {

  @TempDir Path parent;

  private Path directory;
  private Failing target;
  private BackupRepository repository;
  private final AtomicReference<Optional<Exception>> told = new AtomicReference<>();

  @BeforeEach
  void create() throws Exception {
    directory = parent.resolve("repository");
    target = new Failing(LocalTarget.at(directory));
    BackupListener listener =
        new BackupListener() {
          @Override
          public void ended(Event event, Optional<Exception> failure) {
            told.set(failure);
          }
        };
    repository = TestRepositories.create(target, RepositoryOptions.DEFAULT.listener(listener));
  }

  @ParameterizedTest
  @CsvSource({
    "data/, FULL",
    "data/, DENIED",
    "index/, FULL",
    "index/, DENIED",
    "snapshots/, FULL",
    "snapshots/, DENIED",
    "locks/, FULL",
    "locks/, DENIED"
  })
  void saysSoByKindAndLeavesNoSnapshotAndNoLock(String prefix, Kind kind) throws Exception {
    target.fail(prefix, kind, Integer.MAX_VALUE);
    BackupException thrown = assertThrows(BackupException.class, () -> repository.backup(source()));
    assertEquals(kind, thrown.kind());
    assertEquals(Optional.of(thrown), told.get());
    assertEquals(List.of(), repository.list(SnapshotFilter.ALL));
    assertEquals(List.of(), new Damage(directory).files(ObjectKind.LOCK));
    assertEquals(List.of(), EngineThreads.remaining());
    requireSound(prefix.equals("index/"));
    target.fail(prefix, kind, 0);
    repository.backup(source());
    requireSound(false);
    assertTrue(StoredPacks.in(directory).twice().isEmpty());
  }

  @ParameterizedTest
  @CsvSource({"data/", "index/", "snapshots/", "locks/"})
  void isAskedAgainWhenItIsNotThereForAMoment(String prefix) throws Exception {
    target.fail(prefix, Kind.UNAVAILABLE, 2);
    repository.backup(source());
    assertEquals(Optional.empty(), told.get());
    requireSound(false);
  }

  @Test
  void anErrorIsNotToldAsASuccess() {
    assertThrows(
        OutOfMemoryError.class,
        () ->
            repository.backup(
                new PausingSource(
                    source(),
                    (writer, context) -> {
                      throw new OutOfMemoryError("a test");
                    })));
    assertTrue(told.get().isPresent());
  }

  private static GeneratedSource source() {
    return new GeneratedSource("a", 1, 6, 4_000_000);
  }

  /**
   * @param unlisted whether packs may be there that no index lists, which restic mentions
   */
  private void requireSound(boolean unlisted) throws Exception {
    Restic.Result check =
        Restic.stock().at(directory, TestRepositories.PASSWORD).run("check", "--read-data");
    assertEquals(0, check.exitCode(), check::toString);
    if (!unlisted) {
      assertEquals("", check.err(), check::toString);
    }
  }

  /** Refuses puts below a prefix, as often as it was told to. */
  private static final class Failing extends DecoratedTarget {

    private final AtomicInteger left = new AtomicInteger();
    private volatile String prefix = "nothing";
    private volatile Kind kind = Kind.FULL;

    Failing(BackupTarget target) {
      super(target);
    }

    void fail(String where, Kind how, int times) {
      prefix = where;
      kind = how;
      left.set(times);
    }

    @Override
    public void put(ObjectKey key, Content content, PutOptions options) throws IOException {
      if (key.value().startsWith(prefix)
          && left.getAndUpdate(n -> n == Integer.MAX_VALUE ? n : Math.max(0, n - 1)) > 0) {
        throw new BackupException(kind, "Put of " + key + " refused by the test", null);
      }
      super.put(key, content, options);
    }
  }
}
