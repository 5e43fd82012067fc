package dev.copperplate.backup.s3;

import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Content;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.ObjectInfo;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.PutOptions;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.repository.chunk.Polynomial;
import dev.copperplate.backup.repository.crypto.KeyDerivation;
import dev.copperplate.backup.repository.crypto.MasterKey;
import dev.copperplate.backup.repository.crypto.Sealer;
import dev.copperplate.backup.repository.format.IndexWriter;
import dev.copperplate.backup.repository.format.KeyFile;
import dev.copperplate.backup.repository.format.LockFile;
import dev.copperplate.backup.repository.format.PackEntry;
import dev.copperplate.backup.repository.format.RepositoryConfig;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.format.SnapshotFile;
import dev.copperplate.backup.repository.index.BlobIndex;
import dev.copperplate.backup.repository.index.StoredIndex;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.repository.storage.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Somebody who has the password of a repository, too: what he writes authenticates. */
final class Forger {

  /** In his locks and snapshots. */
  static final String HOST = "forged-host";

  private static final int WRITERS = 8;
  private static final KeyDerivation CHEAPEST = new KeyDerivation(2, 1, 1);

  private final SecureRandom random = new SecureRandom();
  private final BackupTarget target;
  private final MasterKey key;
  private final ObjectStore objects;

  Forger(BackupTarget target) throws Exception {
    this.target = target;
    this.key = theirKey(target);
    this.objects = new ObjectStore(target, key);
  }

  private static MasterKey theirKey(BackupTarget target) throws Exception {
    try (Cursor<ObjectInfo> keys = target.list(ObjectKind.KEY.prefix())) {
      ObjectInfo first = keys.next();
      if (first == null) {
        throw new AssertionError("No key file");
      }
      try (InputStream in = target.read(first.key(), ByteRange.ALL)) {
        char[] password = TestRepositories.PASSWORD.toCharArray();
        return KeyFile.decode(in.readAllBytes()).unwrap(password);
      }
    }
  }

  /** Index files that name places where blobs are not: in packs that exist, and in others. */
  void lie() throws IOException {
    StoredIndex index = new StoredIndex(objects);
    index.refresh();
    lie(index.current(), true);
    lie(index.current(), false);
  }

  private void lie(BlobIndex truth, boolean packsExist) throws IOException {
    Map<Sha256, List<PackEntry>> lies = new HashMap<>();
    for (int place = 0; place < truth.size(); place++) {
      PackEntry blob = truth.blobAt(place);
      Sha256 pack = packsExist ? truth.pack(truth.packAt(place)) : noise("pack " + place);
      lies.computeIfAbsent(pack, any -> new ArrayList<>())
          .add(
              new PackEntry(
                  blob.type(), blob.id(), blob.offset() + 1, blob.length(), blob.plainLength()));
    }
    IndexWriter writer = new IndexWriter();
    lies.forEach(writer::add);
    objects.write(ObjectKind.INDEX, writer.finish());
  }

  private static Sha256 noise(String text) {
    return Sha256.hash(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Snapshots of later times, of directories that are nowhere. */
  List<ObjectKey> flood(int count) throws Exception {
    Instant now = Instant.now();
    ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
    try {
      List<Future<Sha256>> stored = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        byte[] snapshot = snapshot(now.plusSeconds(i), noise("tree " + i));
        stored.add(writers.submit(() -> objects.write(ObjectKind.SNAPSHOT, snapshot)));
      }
      List<ObjectKey> keys = new ArrayList<>();
      for (Future<Sha256> each : stored) {
        keys.add(ObjectKind.SNAPSHOT.key(each.get()));
      }
      return keys;
    } finally {
      writers.shutdownNow();
    }
  }

  private static byte[] snapshot(Instant time, Sha256 tree) {
    return new SnapshotFile(
            time,
            null,
            tree,
            List.of("/orders"),
            HOST,
            "thief",
            0,
            0,
            List.of(),
            List.of(),
            null,
            "",
            null)
        .encode();
  }

  /** A config that lets files be cut in other places, sealed with the repository's own key. */
  void replaceConfig() throws IOException {
    put(key, config());
  }

  /** A key of his own for the same password, which is tried first, and a config for that key. */
  void takeOver() throws IOException {
    MasterKey own = MasterKey.random(random);
    char[] password = TestRepositories.PASSWORD.toCharArray();
    byte[] file =
        KeyFile.wrap(own, password, CHEAPEST, Instant.now(), "thief", HOST, random).encode();
    ObjectKey name = ObjectKind.KEY.key(Sha256.hash(file));
    target.put(name, Content.of(file), PutOptions.METADATA);
    put(own, config());
  }

  private RepositoryConfig config() {
    return new RepositoryConfig(
        RepositoryConfig.CURRENT_VERSION,
        noise(Long.toString(random.nextLong())).hex(),
        Polynomial.random(random).hex());
  }

  private void put(MasterKey with, RepositoryConfig config) throws IOException {
    byte[] sealed = new Sealer(with, random).seal(config.encode());
    target.put(new ObjectKey("config"), Content.of(sealed), PutOptions.METADATA);
  }

  /** A lock that nobody may share. */
  void lock() throws IOException {
    LockFile lock = new LockFile(Instant.now(), true, HOST, "thief", 1, 0, 0);
    objects.write(ObjectKind.LOCK, lock.encode());
  }
}
