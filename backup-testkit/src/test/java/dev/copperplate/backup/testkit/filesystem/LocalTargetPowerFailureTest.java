package dev.copperplate.backup.testkit.filesystem;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Content;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.ObjectInfo;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.PutOptions;
import dev.copperplate.backup.target.LocalTarget;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What a power failure or a kill leaves of a directory, at whatever call it happens. */
class LocalTargetPowerFailureTest {

  private static final int SEEDS = 40;
  private static final int LARGE = 300_000;

  /** A little life of a repository; notes what is promised to be there, and what to be gone. */
  private static final class Life {

    final Set<String> there = new TreeSet<>();
    final Set<String> gone = new TreeSet<>();
    private final BackupTarget target;

    Life(ModelFileSystem disk) {
      this.target = on(disk);
    }

    void live() throws IOException {
      put("config", PutOptions.METADATA.onlyIfAbsent());
      put("data/00/large", PutOptions.DATA);
      put("locks/1", PutOptions.METADATA);
      put("data/00/small", PutOptions.DATA);
      put("data/00/large", PutOptions.DATA);
      there.remove("locks/1"); // From here on either is right.
      assertNoneRemains(List.of("locks/1", "locks/2"));
      gone.add("locks/1");
      put("data/01/large", PutOptions.DATA);
    }

    private void put(String key, PutOptions options) throws IOException {
      try {
        target.put(new ObjectKey(key), Content.of(bytes(key)), options);
        there.add(key);
      } catch (BackupException e) {
        if (e.kind() != Kind.ALREADY_EXISTS) {
          throw e;
        }
      }
    }

    private void assertNoneRemains(List<String> keys) throws IOException {
      for (BackupException reason :
          target.delete(keys.stream().map(ObjectKey::new).toList()).values()) {
        throw reason;
      }
    }
  }

  private static LocalTarget on(ModelFileSystem disk) {
    return LocalTarget.at(disk.getPath("/srv/backups"));
  }

  private static byte[] bytes(String key) {
    byte[] bytes = new byte[key.endsWith("large") ? LARGE : 100];
    Arrays.fill(bytes, (byte) (key.hashCode() | 1)); // Zeros are what a failure leaves.
    return bytes;
  }

  @Test
  void afterAPowerFailureEachObjectIsWholeOrAbsentAndPromisesAreKept() throws IOException {
    for (int cut = 0; ; cut++) {
      ModelFileSystem disk = new ModelFileSystem();
      disk.cutAfter(cut);
      Life life = new Life(disk);
      boolean failed = fails(life);
      assertKept(life, disk);
      if (!failed) {
        assertTrue(cut > 40, "the life is too short: " + cut);
        return;
      }
    }
  }

  @Test
  void whatAKilledWriterLeftIsMadeDurableByTheNextWhoPutsIt() throws IOException {
    for (int cut = 0; ; cut++) {
      ModelFileSystem disk = new ModelFileSystem();
      disk.cutAfter(cut);
      boolean failed = fails(new Life(disk));
      disk.restart();
      Life next = new Life(disk);
      next.live();
      assertKept(next, disk);
      if (!failed) {
        return;
      }
    }
  }

  @Test
  void aKilledWriterLeavesEachObjectWholeOrAbsent() throws IOException {
    for (int cut = 0; ; cut++) {
      ModelFileSystem disk = new ModelFileSystem();
      disk.cutAfter(cut);
      Life life = new Life(disk);
      boolean failed = fails(life);
      disk.restart();
      assertKept(life, disk, "killed after " + disk.log());
      if (!failed) {
        return;
      }
    }
  }

  private static boolean fails(Life life) {
    try {
      life.live();
      return false;
    } catch (IOException e) {
      assertTrue(e.getMessage().contains("power lost"), e::toString);
      return true;
    }
  }

  private static void assertKept(Life life, ModelFileSystem before) throws IOException {
    for (int seed = 0; seed < SEEDS; seed++) {
      assertKept(life, before.afterPowerFailure(seed), "seed " + seed + " after " + before.log());
    }
  }

  private static void assertKept(Life life, ModelFileSystem disk, String history)
      throws IOException {
    LocalTarget target = on(disk);
    Set<String> listed = new TreeSet<>();
    try (Cursor<ObjectInfo> cursor = target.list("")) {
      for (ObjectInfo info = cursor.next(); info != null; info = cursor.next()) {
        String key = info.key().value();
        listed.add(key);
        try (InputStream in = target.read(info.key(), ByteRange.ALL)) {
          assertArrayEquals(bytes(key), in.readAllBytes(), () -> key + " is not whole: " + history);
        }
      }
    }
    assertTrue(listed.containsAll(life.there), () -> listed + " lacks promises: " + history);
    assertTrue(
        life.gone.stream().noneMatch(listed::contains), () -> listed + " came back: " + history);
  }
}
