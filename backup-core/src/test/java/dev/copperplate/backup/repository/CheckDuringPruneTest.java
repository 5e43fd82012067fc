package dev.copperplate.backup.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.ObjectInfo;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.restic.Restic;
import dev.copperplate.backup.target.LocalTarget;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A check holds no lock: stock restic may forget and repack meanwhile, and nothing is amiss. */
@Timeout(120)
class CheckDuringPruneTest {

  @TempDir Path directory;

  /** At the read or the listing with this number below a prefix restic does its work. */
  @ParameterizedTest
  @CsvSource({
    "read, snapshots/, 1",
    "read, snapshots/, 2",
    "list, index/, 1",
    "read, index/, 1",
    "list, data/, 1",
    "read, data/, 1",
    "read, data/, 2",
    "read, data/, 4",
    "list, copperplate/checks/, 1",
    "read, data/, 6"
  })
  void nothingIsReportedThatOnlyMoved(String what, String prefix, int number) throws Exception {
    Path place = directory.resolve("repository");
    byte[] kept = new byte[2_000_000];
    byte[] gone = new byte[2_000_000];
    new Random(1).nextBytes(kept);
    new Random(2).nextBytes(gone);
    Snapshot both;
    try (BackupRepository repository = TestRepositories.create(place)) {
      both = repository.backup(new MapSource("one", Map.of("kept", kept, "gone", gone))).snapshot();
      repository.backup(new MapSource("one", Map.of("kept", kept, "d/e", new byte[] {1})));
    }
    Restic restic = Restic.stock().at(place, TestRepositories.PASSWORD);
    Meanwhile target =
        new Meanwhile(
            LocalTarget.at(place),
            what + " " + prefix,
            number,
            () -> {
              restic.succeed("forget", both.id().hex());
              restic.succeed("prune", "--max-unused", "0");
            });
    try (BackupRepository repository =
        BackupRepository.open(
            target, TestRepositories.PASSWORDS, RepositoryOptions.DEFAULT.threads(1))) {
      target.begin();
      CheckReport report = repository.check(new CheckOptions.Data());
      assertTrue(target.done(), "Nobody did " + what + " " + prefix + " so often");
      assertEquals(List.of(), SmallRepository.bad(report.findings()));
    }
  }

  /** As a prune does it: the index file goes first, then the pack that nobody needs. */
  @Test
  void aPackWhoseIndexWentBetweenTwoLooksIsNotOfTheWrongSize() throws Exception {
    Path place = directory.resolve("repository");
    try (BackupRepository repository = TestRepositories.create(place)) {
      repository.backup(new MapSource("kept", Map.of("f", new byte[] {1})));
    }
    StoredRepository stored = StoredRepository.at(place);
    Set<String> before = stored.ids(ObjectKind.INDEX);
    try (BackupRepository repository = TestRepositories.open(place)) {
      Snapshot gone =
          repository.backup(new MapSource("gone", Map.of("f", new byte[] {2}))).snapshot();
      stored.delete(ObjectKind.SNAPSHOT, gone.id().hex());
    }
    SortedSet<String> added = stored.ids(ObjectKind.INDEX);
    added.removeAll(before);
    Meanwhile target =
        new Meanwhile(
            LocalTarget.at(place),
            "list index/",
            2,
            () -> stored.delete(ObjectKind.INDEX, added.first()));
    try (BackupRepository repository =
        BackupRepository.open(target, TestRepositories.PASSWORDS, RepositoryOptions.DEFAULT)) {
      target.begin();
      CheckReport report = repository.check(new CheckOptions.Structure());
      assertTrue(target.done());
      assertEquals(List.of(), SmallRepository.bad(report.findings()));
    }
  }

  /** What happens once. */
  @FunctionalInterface
  private interface Deed {
    void run() throws Exception;
  }

  /** Does something before it passes a call on. */
  private static final class Meanwhile extends DecoratedTarget {

    private final String call;
    private final Deed deed;
    private final AtomicInteger left;
    private volatile boolean begun;
    private volatile boolean done;

    Meanwhile(BackupTarget target, String call, int number, Deed deed) {
      super(target);
      this.call = call;
      this.deed = deed;
      this.left = new AtomicInteger(number);
    }

    void begin() {
      begun = true;
    }

    boolean done() {
      return done;
    }

    @Override
    public InputStream read(ObjectKey key, ByteRange range) throws IOException {
      look("read " + key);
      return super.read(key, range);
    }

    @Override
    public Cursor<ObjectInfo> list(String prefix) throws IOException {
      look("list " + prefix);
      return super.list(prefix);
    }

    private void look(String now) throws IOException {
      if (begun && now.startsWith(call) && left.decrementAndGet() == 0) {
        try {
          deed.run();
        } catch (Exception failed) {
          throw new IOException(failed);
        }
        done = true;
      }
    }
  }
}
