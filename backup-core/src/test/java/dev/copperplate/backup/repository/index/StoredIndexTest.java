package dev.copperplate.backup.repository.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.repository.crypto.MasterKey;
import dev.copperplate.backup.repository.format.BlobType;
import dev.copperplate.backup.repository.format.IndexWriter;
import dev.copperplate.backup.repository.format.PackEntry;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.repository.storage.ObjectStore;
import dev.copperplate.backup.target.LocalTarget;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredIndexTest {

  @TempDir Path directory;

  // At which read to fail; 0 for none.
  private final AtomicInteger failAt = new AtomicInteger();
  private final AtomicInteger reads = new AtomicInteger();
  private Interference beforeRead = () -> {};
  private ObjectStore store;

  /** What somebody else does meanwhile. */
  @FunctionalInterface
  private interface Interference {
    void run() throws IOException;
  }

  @BeforeEach
  void open() {
    store =
        new ObjectStore(failing(LocalTarget.at(directory)), MasterKey.random(new SecureRandom()));
  }

  @Test
  void aReloadThatFailedHalfWayForgetsNoIndexFile() throws Exception {
    Sha256 old = write("old");
    StoredIndex index = new StoredIndex(store);
    index.refresh();
    List<String> packs = List.of("one", "two", "three");
    for (String each : packs) {
      write(each);
    }
    store.delete(ObjectKind.INDEX, old);
    failAt.set(packs.size());
    assertThrows(BackupException.class, index::refresh);
    index.refresh();
    for (String each : packs) {
      assertNotNull(
          index.current().find(BlobType.DATA, hash("blob of " + each), any -> true), each);
    }
    assertEquals(packs.size(), index.current().size());
  }

  @Test
  void aMalformedIndexFileIsNotLoadedAgainAtEveryRefresh() throws Exception {
    write("whole");
    String json = new String(json("half"), StandardCharsets.UTF_8);
    store.write(
        ObjectKind.INDEX, json.substring(0, json.length() - 4).getBytes(StandardCharsets.UTF_8));
    StoredIndex index = new StoredIndex(store);
    index.refresh();
    int size = index.current().size();
    index.refresh();
    index.refresh();
    assertEquals(size, index.current().size());
    assertEquals(1, index.damaged().size());
  }

  @Test
  void anIndexFileThatIsReplacedBetweenListingAndReadingIsFoundUnderItsNewName() throws Exception {
    Sha256 old = write("one");
    beforeRead =
        () -> {
          beforeRead = () -> {};
          write("one");
          store.delete(ObjectKind.INDEX, old);
        };
    StoredIndex index = new StoredIndex(store);
    index.refresh();
    assertNotNull(index.current().find(BlobType.DATA, hash("blob of one"), any -> true));
  }

  @Test
  void aRefreshAfterFilesWereMergedReadsTheMergedOneAlone() throws Exception {
    Sha256 stays = write("stays");
    Set<Sha256> small = new HashSet<>();
    IndexWriter merged = new IndexWriter();
    for (int i = 0; i < 60; i++) {
      small.add(write("pack " + i));
      merged.add(hash("pack " + i), List.of(blob("pack " + i)));
    }
    StoredIndex index = new StoredIndex(store);
    index.refresh();
    Sha256 file = store.write(ObjectKind.INDEX, merged.finish());
    store.delete(ObjectKind.INDEX, small);
    Sha256 come = write("come");
    reads.set(0);
    index.refresh();
    assertEquals(2, reads.get());
    assertEquals(62, index.current().size());
    assertEquals(62, index.current().packs());
    assertEquals(Set.of(stays, file, come), index.view().files().keySet());
    index.refresh();
    assertEquals(2, reads.get());
  }

  @Test
  void aPackThatNoFileListsAnyMoreIsNotKnownUntilItIsListedAgain() throws Exception {
    Sha256 gone = write("one");
    write("two");
    StoredIndex index = new StoredIndex(store);
    index.refresh();
    BlobIndex before = index.current();
    store.delete(ObjectKind.INDEX, gone);
    index.refresh();
    assertTrue(index.current().packNumber(hash("one")).isEmpty());
    assertEquals(List.of(), index.current().locations(BlobType.DATA, hash("blob of one")));
    assertEquals(1, before.locations(BlobType.DATA, hash("blob of one")).size());
    index.add(Map.of(hash("one"), List.of(blob("one"))));
    assertEquals(1, index.current().locations(BlobType.DATA, hash("blob of one")).size());
    index.refresh();
    assertEquals(2, index.current().size());
  }

  @Test
  void whatIsRelistedUnderNewNamesIsKnownAtEveryMoment() throws Exception {
    AtomicReference<Sha256> file = new AtomicReference<>(write("one"));
    StoredIndex index = new StoredIndex(store);
    index.refresh();
    Sha256 blob = hash("blob of one");
    AtomicInteger looks = new AtomicInteger();
    beforeRead =
        () -> {
          assertEquals(1, index.current().locations(BlobType.DATA, blob).size());
          if (looks.incrementAndGet() < 3) {
            Sha256 next = write("one");
            store.delete(ObjectKind.INDEX, file.getAndSet(next));
          }
        };
    store.delete(ObjectKind.INDEX, file.getAndSet(write("one")));
    index.refresh();
    assertEquals(3, looks.get());
    assertEquals(1, index.current().locations(BlobType.DATA, blob).size());
  }

  private Sha256 write(String pack) throws IOException {
    return store.write(ObjectKind.INDEX, json(pack));
  }

  private static PackEntry blob(String pack) {
    return new PackEntry(BlobType.DATA, hash("blob of " + pack), 0, 40, 0);
  }

  private static byte[] json(String pack) {
    return new IndexWriter().add(hash(pack), List.of(blob(pack))).finish();
  }

  private static Sha256 hash(String text) {
    return Sha256.hash(text.getBytes(StandardCharsets.UTF_8));
  }

  private BackupTarget failing(BackupTarget target) {
    return (BackupTarget)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {BackupTarget.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("read")) {
                reads.incrementAndGet();
                beforeRead.run();
              }
              if (method.getName().equals("read") && failAt.getAndDecrement() == 1) {
                throw new BackupException(Kind.UNAVAILABLE, "The network is gone for a while");
              }
              try {
                return method.invoke(target, arguments);
              } catch (InvocationTargetException thrown) {
                throw thrown.getCause();
              }
            });
  }
}
