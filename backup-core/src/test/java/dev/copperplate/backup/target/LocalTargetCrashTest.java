package dev.copperplate.backup.target;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Content;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.ObjectInfo;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.PutOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a crash leaves, at whatever call it happens. */
class LocalTargetCrashTest {

  private static final Path PLACE = Path.of("/srv/backups");
  private static final int LARGE = 2 * Upload.BUFFER + 1;

  /** A little life of a repository; notes what is promised to be there, and what to be gone. */
  private static final class Life {

    final Set<String> there = new TreeSet<>();
    final Set<String> gone = new TreeSet<>();
    private final LocalTarget target;

    Life(Disk disk) {
      this.target = new LocalTarget(PLACE, disk);
    }

    void live() throws IOException {
      put("config", PutOptions.METADATA.onlyIfAbsent());
      put("data/00/large", PutOptions.DATA);
      put("locks/1", PutOptions.METADATA);
      put("data/00/small", PutOptions.DATA);
      put("data/00/large", PutOptions.DATA);
      there.remove("locks/1"); // From here on either is right.
      target.delete(List.of(new ObjectKey("locks/1"), new ObjectKey("locks/2")));
      gone.add("locks/1");
      put("data/01/large", PutOptions.DATA);
    }

    private void put(String key, PutOptions options) throws IOException {
      try {
        target.put(new ObjectKey(key), Content.of(bytes(key)), options);
        there.add(key);
      } catch (BackupException e) {
        assertEquals(Kind.ALREADY_EXISTS, e.kind(), e::toString);
      }
    }
  }

  private static byte[] bytes(String key) {
    byte[] bytes = new byte[key.endsWith("large") ? LARGE : 100];
    Arrays.fill(bytes, (byte) key.hashCode());
    return bytes;
  }

  @ParameterizedTest
  @EnumSource
  void afterAPowerFailureEachObjectIsWholeOrAbsentAndPromisesAreKept(ModelDisk.Unsynced unsynced)
      throws IOException {
    for (int calls = 0; ; calls++) {
      ModelDisk disk = new ModelDisk();
      disk.crashAfter(calls);
      Life life = new Life(disk);
      boolean crashed = crashes(life);
      assertKept(life, disk.afterPowerFailure(unsynced), "crash after " + disk.calls());
      if (!crashed) {
        assertTrue(calls > 40, "the life is too short: " + calls);
        return;
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatAKilledWriterLeftIsMadeDurableByTheNextWhoPutsIt(ModelDisk.Unsynced unsynced)
      throws IOException {
    for (int calls = 0; ; calls++) {
      ModelDisk disk = new ModelDisk();
      disk.crashAfter(calls);
      boolean crashed = crashes(new Life(disk));
      disk.restartProcess();
      String history = "killed after " + disk.calls();
      Life next = new Life(disk);
      next.live();
      assertKept(next, disk.afterPowerFailure(unsynced), history);
      if (!crashed) {
        return;
      }
    }
  }

  @Test
  void aKilledWriterLeavesEachObjectWholeOrAbsent() throws IOException {
    for (int calls = 0; ; calls++) {
      ModelDisk disk = new ModelDisk();
      disk.crashAfter(calls);
      Life life = new Life(disk);
      boolean crashed = crashes(life);
      disk.restartProcess();
      assertKept(life, disk, "killed after " + disk.calls());
      if (!crashed) {
        return;
      }
    }
  }

  private static boolean crashes(Life life) throws IOException {
    try {
      life.live();
      return false;
    } catch (ModelDisk.Crash e) {
      return true;
    }
  }

  private static void assertKept(Life life, ModelDisk disk, String history) throws IOException {
    LocalTarget target = new LocalTarget(PLACE, disk);
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
