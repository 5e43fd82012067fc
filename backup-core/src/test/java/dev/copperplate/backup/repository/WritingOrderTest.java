package dev.copperplate.backup.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.repository.RecordingTarget.Event;
import dev.copperplate.backup.repository.RecordingTarget.What;
import dev.copperplate.backup.repository.format.IndexReader;
import dev.copperplate.backup.repository.format.IndexVisitor;
import dev.copperplate.backup.repository.format.ListedBlob;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.repository.storage.ObjectStore;
import dev.copperplate.backup.target.LocalTarget;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In which order a backup makes things durable: at no moment does one name what is not there. */
class WritingOrderTest {

  @TempDir Path directory;

  @Test
  void packsComeBeforeTheIndexThatListsThemAndTheSnapshotLast() throws Exception {
    RecordingTarget target = new RecordingTarget(LocalTarget.at(directory));
    List<Event> events;
    try (BackupRepository repository = TestRepositories.create(target, RepositoryOptions.DEFAULT)) {
      int before = target.events().size();
      repository.backup(new GeneratedSource("a", 1, 12, 4_000_000));
      events = new ArrayList<>(target.events().subList(before, target.events().size()));
    }
    assertTrue(events.get(0).is(What.BEGUN, "locks/"), "The lock comes first: " + events);
    assertTrue(events.get(1).is(What.STORED, "locks/"), "The lock comes first: " + events);
    Event last = events.get(events.size() - 1);
    assertTrue(last.is(What.DELETED, "locks/"), "The lock goes last: " + events);
    assertTrue(
        events.get(events.size() - 2).is(What.STORED, "snapshots/"), "Before that: " + events);
    assertEquals(1, events.stream().filter(each -> each.is(What.BEGUN, "snapshots/")).count());
    requirePacksBeforeIndexes(events);
  }

  private void requirePacksBeforeIndexes(List<Event> events) throws IOException {
    LocalTarget target = LocalTarget.at(directory);
    ObjectStore store =
        new ObjectStore(target, new RepositoryKeys(target).open(TestRepositories.PASSWORDS).key());
    Set<ObjectKey> stored = new HashSet<>();
    int packs = 0;
    int indexes = 0;
    for (Event each : events) {
      if (each.is(What.STORED, "data/")) {
        stored.add(each.key());
        packs++;
      } else if (each.is(What.BEGUN, "index/")) {
        indexes++;
        for (Sha256 pack : packsIn(store, each.key())) {
          assertTrue(
              stored.contains(ObjectKind.PACK.key(pack)), pack + " is listed before it is stored");
        }
      } else if (each.is(What.BEGUN, "snapshots/")) {
        long unlisted =
            events.subList(events.indexOf(each), events.size()).stream()
                .filter(later -> later.is(What.STORED, "index/"))
                .count();
        assertEquals(0, unlisted, "No index comes after the snapshot");
      }
    }
    assertTrue(packs >= 4 && indexes >= 1, "Enough to look at: " + events);
  }

  private static Set<Sha256> packsIn(ObjectStore store, ObjectKey index) throws IOException {
    Set<Sha256> packs = new HashSet<>();
    IndexReader.read(
        store.read(ObjectKind.INDEX, ObjectKind.INDEX.id(index).orElseThrow()),
        new IndexVisitor() {
          @Override
          public void pack(Sha256 id) {
            packs.add(id);
          }

          @Override
          public void doomedPack(Sha256 id) {}

          @Override
          public void blob(ListedBlob blob) {}
        });
    return packs;
  }
}
