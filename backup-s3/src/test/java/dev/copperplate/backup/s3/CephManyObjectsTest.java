package dev.copperplate.backup.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.Content;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.ObjectInfo;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.PutOptions;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.s3.ceph.Ceph;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many objects in a bucket of a real store, over twenty pages of a listing. */
@Tag("slow")
class CephManyObjectsTest {

  private static final int OBJECTS = 20_000;
  private static final int THREADS = 8;

  @Test
  @Timeout(900)
  void allAreListedOnceAndARepositoryIsOpenedBesideThem() throws Exception {
    Ceph ceph = Ceph.require();
    S3Location place = new S3Location(ceph.bucket(), "backups");
    try (BackupTarget target = CephTargetContractTest.target(ceph, place)) {
      TestRepositories.create(target, RepositoryOptions.DEFAULT).close();
      putAll(target);
      Set<ObjectKey> listed = new HashSet<>();
      try (Cursor<ObjectInfo> all = target.list("data/")) {
        for (ObjectInfo each = all.next(); each != null; each = all.next()) {
          assertTrue(listed.add(each.key()), "listed twice");
        }
      }
      assertEquals(OBJECTS, listed.size());
      try (BackupRepository repository = TestRepositories.open(target)) {
        assertEquals(List.of(), repository.list(SnapshotFilter.ALL));
      }
    }
  }

  private static void putAll(BackupTarget target) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<?>> puts = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        int first = i;
        puts.add(
            threads.submit(
                () -> {
                  putEvery(target, first);
                  return first;
                }));
      }
      for (Future<?> each : puts) {
        each.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static void putEvery(BackupTarget target, int first) throws IOException {
    for (int number = first; number < OBJECTS; number += THREADS) {
      ObjectKey key = new ObjectKey("data/" + number % 256 + "/" + number);
      target.put(key, Content.of(new byte[] {1}), PutOptions.DATA);
    }
  }
}
