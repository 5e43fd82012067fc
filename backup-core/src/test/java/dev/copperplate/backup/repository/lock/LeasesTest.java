package dev.copperplate.backup.repository.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.ObjectInfo;
import dev.copperplate.backup.records.RecordStore;
import dev.copperplate.backup.repository.DeadWriter;
import dev.copperplate.backup.repository.DecoratedTarget;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.repository.storage.ObjectStore;
import dev.copperplate.backup.target.LocalTarget;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LeasesTest {

  @TempDir Path directory;

  @Test
  void aLeaseWhoseLockIsMissedWhileItIsRenewedIsNotRemovedAsDead() throws Exception {
    TestRepositories.create(directory).close();
    boolean[] missed = {false};
    ObjectStore store =
        DeadWriter.store(
            new DecoratedTarget(LocalTarget.at(directory)) {
              @Override
              public Cursor<ObjectInfo> list(String prefix) throws IOException {
                if (missed[0] && prefix.equals(ObjectKind.LOCK.prefix())) {
                  missed[0] = false;
                  return Cursor.of(List.of());
                }
                return super.list(prefix);
              }
            });
    Leases leases = new Leases(new RecordStore(store), store);
    try (RepositoryLock lock =
        RepositoryLock.shared(store, InstantSource.system(), Duration.ofSeconds(10))) {
      Lease lease = leases.put(LeaseKind.EXPIRY, "run", lock, Instant.now());
      missed[0] = true;
      assertEquals(0, leases.removeDead());
      assertEquals(List.of(lease), leases.live(LeaseKind.EXPIRY));
    }
    assertEquals(1, leases.removeDead());
  }
}
