package dev.copperplate.backup.repository.lock;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.repository.crypto.MasterKey;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.repository.storage.ObjectStore;
import dev.copperplate.backup.repository.storage.StoredObject;
import dev.copperplate.backup.target.LocalTarget;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RemovedLockTest {

  @TempDir Path directory;

  private ObjectStore store;

  @BeforeEach
  void open() {
    store = new ObjectStore(LocalTarget.at(directory), MasterKey.random(new SecureRandom()));
  }

  @Test
  void aRenewedLockReplacesTheOldOne() throws Exception {
    try (RepositoryLock lock = lock()) {
      List<Sha256> before = locks();
      lock.renew();
      assertEquals(1, locks().size());
      assertNotEquals(before, locks());
      assertDoesNotThrow(lock::requireHeld);
    }
    assertEquals(List.of(), locks());
  }

  @Test
  void renewingDoesNotBringBackALockThatSomebodyRemoved() throws Exception {
    try (RepositoryLock lock = lock()) {
      store.delete(ObjectKind.LOCK, locks().get(0));
      lock.renew();
      assertEquals(List.of(), locks());
      BackupException lost = assertThrows(BackupException.class, lock::requireHeld);
      assertEquals(Kind.CONFLICT, lost.kind());
    }
  }

  private RepositoryLock lock() throws IOException, InterruptedException {
    return RepositoryLock.shared(store, InstantSource.system(), Duration.ZERO);
  }

  private List<Sha256> locks() throws IOException {
    List<Sha256> ids = new ArrayList<>();
    try (Cursor<StoredObject> all = store.list(ObjectKind.LOCK)) {
      for (StoredObject each = all.next(); each != null; each = all.next()) {
        ids.add(each.id());
      }
    }
    return ids;
  }
}
