package dev.copperplate.backup.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Capability;
import dev.copperplate.backup.Content;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.PutOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** In which order a directory is written to. */
class LocalTargetOrderTest {

  private static final ObjectKey KEY = new ObjectKey("data/00/x");

  private final ModelDisk disk = new ModelDisk();
  private final LocalTarget target = new LocalTarget(Path.of("/r"), disk);

  @Test
  void makingATargetTouchesNothing() {
    assertEquals(List.of(), disk.calls());
    assertEquals("/r", target.description());
    assertEquals(List.of(), disk.calls());
  }

  @Test
  void bytesAreSyncedBeforeTheNameAndTheNameBeforeThePutReturns() throws IOException {
    put(KEY, PutOptions.DATA);
    assertEquals(
        List.of(
            "makeDirectory /r",
            "syncDirectory /",
            "makeDirectory /r/data",
            "makeDirectory /r/data/00",
            "create /r/data/00/x-tmp",
            "write /r/data/00/x-tmp",
            "protect /r/data/00/x-tmp",
            "sync /r/data/00/x-tmp",
            "rename /r/data/00/x-tmp to /r/data/00/x",
            "syncDirectory /r/data/00",
            "syncDirectory /r/data",
            "syncDirectory /r"),
        disk.calls());
  }

  @Test
  void whoAsksForAbsenceTakesTheNameByAHardLink() throws IOException {
    put(KEY, PutOptions.DATA);
    disk.calls().clear();
    put(new ObjectKey("data/00/y"), PutOptions.DATA.onlyIfAbsent());
    assertEquals(
        List.of(
            "create /r/data/00/y-tmp",
            "write /r/data/00/y-tmp",
            "protect /r/data/00/y-tmp",
            "sync /r/data/00/y-tmp",
            "link /r/data/00/y-tmp as /r/data/00/y",
            "delete /r/data/00/y-tmp",
            "syncDirectory /r/data/00",
            "syncDirectory /r/data",
            "syncDirectory /r"),
        disk.calls());
  }

  @Test
  void whatIsStoredIsNotWrittenAgainButItsNameIsSynced() throws IOException {
    put(KEY, PutOptions.DATA);
    disk.calls().clear();
    put(KEY, PutOptions.DATA);
    assertEquals(
        List.of("syncDirectory /r/data/00", "syncDirectory /r/data", "syncDirectory /r"),
        disk.calls());
  }

  @Test
  void aBatchOfDeletionsSyncsEachDirectoryOnce() throws IOException {
    ObjectKey other = new ObjectKey("data/00/y");
    put(KEY, PutOptions.DATA);
    put(other, PutOptions.DATA);
    disk.calls().clear();
    target.delete(List.of(KEY, new ObjectKey("index/absent"), other));
    assertEquals(
        List.of("delete /r/data/00/x", "delete /r/data/00/y", "syncDirectory /r/data/00"),
        disk.calls());
  }

  @Test
  void withoutHardLinksAbsenceCannotBeAskedForAndNothingIsLeft() throws IOException {
    disk.hardLinks = false;
    assertEquals(Set.of(), target.capabilities());
    BackupException thrown =
        assertThrows(BackupException.class, () -> put(KEY, PutOptions.DATA.onlyIfAbsent()));
    assertEquals(Kind.UNSUPPORTED, thrown.kind());
    assertTrue(thrown.toString().contains("no hard links"), thrown::toString);
    assertEquals(List.of(), names("/r/data/00"));
    assertEquals(List.of("r"), names("/"));
  }

  @Test
  void hardLinksAreTriedOnceAndLeaveNothingNotEvenTheDirectory() throws IOException {
    assertEquals(Set.of(Capability.CONDITIONAL_PUT), target.capabilities());
    assertEquals(List.of(), names("/"));
    disk.calls().clear();
    assertEquals(Set.of(Capability.CONDITIONAL_PUT), target.capabilities());
    assertEquals(List.of(), disk.calls());
  }

  @Test
  void temporaryFilesThatNobodyWroteToForADayAreCleared() throws IOException {
    put(KEY, PutOptions.DATA);
    disk.create(Path.of("/r/data/00/old-tmp-1")).close();
    disk.create(Path.of("/r/data/00/old-tmp-x")).close();
    disk.now = disk.now.plus(Duration.ofHours(1));
    disk.create(Path.of("/r/data/00/young-tmp-2")).close();
    disk.now = disk.now.plus(Duration.ofHours(23)).plusSeconds(1);
    put(new ObjectKey("data/00/y"), PutOptions.DATA);
    assertEquals(List.of("old-tmp-x", "x", "y", "young-tmp-2"), names("/r/data/00"));
  }

  @Test
  void aDirectoryIsLookedThroughForLeftoversOnceADay() throws IOException {
    put(KEY, PutOptions.DATA);
    disk.now = disk.now.minus(Duration.ofDays(2));
    disk.create(Path.of("/r/data/00/old-tmp-1")).close();
    disk.now = disk.now.plus(Duration.ofDays(2)).plus(Duration.ofHours(23));
    put(new ObjectKey("data/00/y"), PutOptions.DATA);
    assertEquals(List.of("old-tmp-1", "x", "y"), names("/r/data/00"));
    disk.now = disk.now.plus(Duration.ofHours(1));
    put(new ObjectKey("data/00/z"), PutOptions.DATA);
    assertEquals(List.of("x", "y", "z"), names("/r/data/00"));
  }

  private void put(ObjectKey key, PutOptions options) throws IOException {
    target.put(key, Content.of(new byte[] {1, 2, 3}), options);
  }

  private List<String> names(String directory) throws IOException {
    List<String> names = new ArrayList<>();
    try (Cursor<String> cursor = disk.names(Path.of(directory))) {
      for (String name = cursor.next(); name != null; name = cursor.next()) {
        names.add(name);
      }
    }
    Collections.sort(names);
    return names;
  }
}
