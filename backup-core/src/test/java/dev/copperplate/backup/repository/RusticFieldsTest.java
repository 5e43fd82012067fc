package dev.copperplate.backup.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.RunId;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.verify.Verifiers;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What rustic adds to the format: read without harm, and its doomed packs are not built upon. */
class RusticFieldsTest {

  private static final String MORE_CONFIG =
      ",\"append_only\":false,\"is_hot\":true,\"chunker\":\"rabin\",\"chunk_size\":1048576,"
          + "\"compression\":7,\"treepack_size\":4194304,\"treepack_growfactor\":32,"
          + "\"min_packsize_tolerate_percent\":30,\"extra_verify\":null,\"nested\":{\"a\":[1,{}]}}";

  @TempDir Path directory;

  private final MapSource source = new MapSource("one", Map.of("file", content()));
  private StoredRepository stored;

  @BeforeEach
  void create() throws IOException {
    TestRepositories.create(directory).close();
    stored = StoredRepository.at(directory);
  }

  private static byte[] content() {
    byte[] content = new byte[3_000_000];
    new Random(1).nextBytes(content);
    return content;
  }

  @Test
  void aConfigWithMoreFieldsOpens() throws Exception {
    stored.rewriteConfig(json -> json.substring(0, json.length() - 1) + MORE_CONFIG);
    try (BackupRepository repository = TestRepositories.open(directory)) {
      Snapshot snapshot = repository.backup(source).snapshot();
      assertTrue(repository.verify(snapshot, Verifiers.checksums()).passed());
    }
  }

  @Test
  void packsWithTimeAndSizeAreReadLikeOthers() throws Exception {
    long dataBlobs;
    try (BackupRepository repository = TestRepositories.open(directory)) {
      dataBlobs = repository.backup(source).dataBlobs();
    }
    for (String id : stored.ids(ObjectKind.INDEX)) {
      stored.rewrite(
          ObjectKind.INDEX,
          id,
          json ->
              json.replace(
                  ",\"blobs\":[",
                  ",\"time\":\"2026-01-02T03:04:05.678901234+02:00\",\"size\":123,\"blobs\":["));
    }
    assertTrue(dataBlobs > 0);
    try (BackupRepository repository = TestRepositories.open(directory)) {
      assertTrue(repository.verify(only(repository), Verifiers.checksums()).passed());
      assertEquals(0, repository.backup(source).dataBlobs());
    }
  }

  @Test
  void aSnapshotWithMoreFieldsIsListedAndRead() throws Exception {
    Snapshot ours;
    try (BackupRepository repository = TestRepositories.open(directory)) {
      ours = repository.backup(source).snapshot();
    }
    stored.delete(ObjectKind.SNAPSHOT, ours.id().hex());
    String json =
        "{\"time\":\"2026-01-02T03:04:05.5+02:00\",\"program_version\":\"rustic 0.12.0\","
            + "\"parent\":\"PARENT\",\"parents\":[\"PARENT\",\"PARENT\"],\"tree\":\"TREE\",\"label\":\"a"
            + " label\",\"paths\":[\"/srv\"],\"hostname\":\"h\",\"username\":\"u\","
            + "\"uid\":1,\"gid\":2,\"tags\":[\"t\"],\"original\":\"PARENT\","
            + "\"delete\":{\"After\":\"2027-01-01T00:00:00+00:00\"},\"description\":\"\\u00e9\","
            + "\"summary\":{\"files_new\":1,\"total_files_processed\":2,"
            + "\"total_bytes_processed\":3000000,\"total_dirs_processed\":1,\"total_dirsize_processed\":300,\"data_added_files\":1,\"command\":\"rustic"
            + " backup\",\"backup_duration\":0.25,\"total_duration\":0.5}}";
    String id =
        stored.write(
            ObjectKind.SNAPSHOT,
            json.replace("PARENT", "0123456789abcdef".repeat(4))
                .replace("TREE", ours.content().hex()));
    try (BackupRepository repository = TestRepositories.open(directory)) {
      Snapshot snapshot = only(repository);
      assertEquals(id, snapshot.id().hex());
      assertEquals(new RunId("0123456789abcdef".repeat(4)), snapshot.run());
      assertEquals(ours.content(), snapshot.content());
      assertEquals("files:/srv", snapshot.source().toString());
      assertEquals("h", snapshot.environment());
      assertEquals(Instant.parse("2026-01-02T01:04:05.5Z"), snapshot.time());
      assertEquals(SnapshotState.COMPLETE, snapshot.state());
      assertEquals(Set.of("t"), snapshot.tags());
      assertEquals(2, snapshot.files());
      assertEquals(3_000_000, snapshot.bytes());
      assertTrue(repository.verify(snapshot, Verifiers.checksums()).passed());
    }
  }

  @Test
  void packsThatAreAboutToBeDeletedAreNeitherReliedOnNorAdopted() throws Exception {
    BackupReport first;
    try (BackupRepository repository = TestRepositories.open(directory)) {
      first = repository.backup(source);
    }
    SortedSet<String> doomed = stored.ids(ObjectKind.PACK);
    for (String id : stored.ids(ObjectKind.INDEX)) {
      stored.rewrite(ObjectKind.INDEX, id, RusticFieldsTest::doom);
    }
    stored.delete(ObjectKind.SNAPSHOT, first.snapshot().id().hex());
    assertNothingReliesOn(doomed, first.dataBlobs());
  }

  @Test
  void packsThatAreDoomedByOneIndexAndListedByAnotherAreNotReliedOnEither() throws Exception {
    // So it looks when rustic died between writing the new index and removing the old one.
    BackupReport first;
    try (BackupRepository repository = TestRepositories.open(directory)) {
      first = repository.backup(source);
    }
    SortedSet<String> doomed = stored.ids(ObjectKind.PACK);
    for (String id : stored.ids(ObjectKind.INDEX)) {
      stored.write(ObjectKind.INDEX, doom(stored.json(ObjectKind.INDEX, id)));
    }
    stored.delete(ObjectKind.SNAPSHOT, first.snapshot().id().hex());
    assertNothingReliesOn(doomed, first.dataBlobs());
  }

  /** Backs up what the packs hold, deletes them as rustic would, and reads it. */
  private void assertNothingReliesOn(SortedSet<String> doomed, long dataBlobs) throws Exception {
    SortedSet<String> indexes = stored.ids(ObjectKind.INDEX);
    Snapshot second;
    try (BackupRepository repository = TestRepositories.open(directory)) {
      BackupReport report = repository.backup(source);
      assertEquals(dataBlobs, report.dataBlobs());
      second = report.snapshot();
    }
    SortedSet<String> added = stored.ids(ObjectKind.INDEX);
    added.removeAll(indexes);
    for (String index : added) {
      for (String pack : doomed) {
        assertFalse(stored.json(ObjectKind.INDEX, index).contains(pack), "adopted");
      }
    }
    for (String pack : doomed) {
      stored.delete(ObjectKind.PACK, pack);
    }
    try (BackupRepository repository = TestRepositories.open(directory)) {
      assertEquals(List.of(), repository.verify(second, Verifiers.checksums()).findings());
    }
  }

  /** The same index, but all its packs are to be deleted. */
  private static String doom(String index) {
    String doomed =
        index
            .replace("{\"packs\":[", "{\"packs\":[],\"packs_to_delete\":[")
            .replace(",\"blobs\":[", ",\"time\":\"2026-01-02T03:04:05Z\",\"blobs\":[");
    assertFalse(doomed.equals(index));
    return doomed;
  }

  private static Snapshot only(BackupRepository repository) throws IOException {
    List<Snapshot> all = repository.list(SnapshotFilter.ALL);
    assertEquals(1, all.size());
    return all.get(0);
  }
}
