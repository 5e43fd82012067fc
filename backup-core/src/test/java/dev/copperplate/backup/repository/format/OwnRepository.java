package dev.copperplate.backup.repository.format;

import com.github.luben.zstd.Zstd;
import dev.copperplate.backup.repository.crypto.KeyDerivation;
import dev.copperplate.backup.repository.crypto.MasterKey;
import dev.copperplate.backup.repository.crypto.Sealer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The least that writes a repository into a directory: one pack a type, one index. */
final class OwnRepository {

  private final Path directory;
  private final Sealer sealer;
  private final IndexWriter index = new IndexWriter();
  private final PackWriter data = new PackWriter(BlobType.DATA);
  private final PackWriter trees = new PackWriter(BlobType.TREE);

  OwnRepository(Path directory, String password) throws IOException {
    this.directory = directory;
    SecureRandom random = new SecureRandom();
    MasterKey key = MasterKey.random(random);
    sealer = new Sealer(key, random);
    KeyFile file =
        KeyFile.wrap(
            key,
            password.toCharArray(),
            KeyDerivation.DEFAULT,
            Instant.now(),
            "me<&>",
            "here",
            random);
    store("keys", file.encode());
    String id = Sha256.hash(new byte[] {1}).hex();
    byte[] config = new RepositoryConfig(2, id, "3da3358b4dc173").encode();
    Files.write(directory.resolve("config"), sealer.seal(config));
  }

  Sha256 data(byte[] blob, boolean compressed) {
    return data.add(blob, compressed);
  }

  Sha256 tree(byte[] blob) {
    return trees.add(blob, true);
  }

  void flush() throws IOException {
    data.flush();
    trees.flush();
    unpacked("index", index.finish());
  }

  Sha256 snapshot(SnapshotFile snapshot) throws IOException {
    return unpacked("snapshots", snapshot.encode());
  }

  Sha256 lock(LockFile lock) throws IOException {
    return unpacked("locks", lock.encode());
  }

  private Sha256 unpacked(String kind, byte[] json) throws IOException {
    return store(kind, sealer.seal(Unpacked.encode(json)));
  }

  private Sha256 store(String kind, byte[] bytes) throws IOException {
    Sha256 id = Sha256.hash(bytes);
    Files.write(Files.createDirectories(directory.resolve(kind)).resolve(id.hex()), bytes);
    return id;
  }

  /** Collects the blobs of one type. */
  private final class PackWriter {

    private final BlobType type;
    private final ByteArrayOutputStream pack = new ByteArrayOutputStream();
    private final List<PackEntry> entries = new ArrayList<>();

    PackWriter(BlobType type) {
      this.type = type;
    }

    Sha256 add(byte[] blob, boolean compressed) {
      Sha256 id = Sha256.hash(blob);
      if (entries.stream().noneMatch(entry -> entry.id().equals(id))) {
        byte[] stored = sealer.seal(compressed ? Zstd.compress(blob) : blob);
        int plainLength = compressed ? blob.length : 0;
        entries.add(new PackEntry(type, id, pack.size(), stored.length, plainLength));
        pack.writeBytes(stored);
      }
      return id;
    }

    void flush() throws IOException {
      byte[] header = sealer.seal(PackHeader.encode(entries));
      byte[] length = new byte[PackHeader.LENGTH_SIZE];
      PackHeader.encodeLength(header.length, length, 0);
      pack.writeBytes(header);
      pack.writeBytes(length);
      byte[] bytes = pack.toByteArray();
      Sha256 id = store("data/" + Sha256.hash(bytes).hex().substring(0, 2), bytes);
      index.add(id, entries);
    }
  }
}
