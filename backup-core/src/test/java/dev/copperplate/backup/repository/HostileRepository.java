package dev.copperplate.backup.repository;

import com.github.luben.zstd.Zstd;
import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.Content;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.PutOptions;
import dev.copperplate.backup.repository.crypto.MasterKey;
import dev.copperplate.backup.repository.crypto.Sealer;
import dev.copperplate.backup.repository.format.BlobType;
import dev.copperplate.backup.repository.format.IndexWriter;
import dev.copperplate.backup.repository.format.PackEntry;
import dev.copperplate.backup.repository.format.PackHeader;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.format.SnapshotFile;
import dev.copperplate.backup.repository.format.Unpacked;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.target.LocalTarget;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A repository into which somebody who has its key writes whatever he likes, blob by blob. Blobs
 * wait until {@link #pack} puts them into packs; {@link #list} tells the truth of them in an index,
 * {@link #index} tells anything.
 */
final class HostileRepository {

  /** A blob as it is going to be stored. */
  private record Sealed(Sha256 id, byte[] bytes, long plainLength) {}

  private final BackupTarget target;
  private final MasterKey key;
  private final Sealer sealer;
  private final Map<BlobType, List<Sealed>> waiting = new EnumMap<>(BlobType.class);
  private final Map<Sha256, List<PackEntry>> unlisted = new LinkedHashMap<>();

  private HostileRepository(BackupTarget target, MasterKey key) {
    this.target = target;
    this.key = key;
    this.sealer = new Sealer(key);
  }

  /** Makes a repository in a directory. */
  static HostileRepository create(Path directory) throws IOException {
    TestRepositories.create(directory).close();
    return at(directory);
  }

  /** One that is there. */
  static HostileRepository at(Path directory) throws IOException {
    LocalTarget target = LocalTarget.at(directory);
    return new HostileRepository(
        target, new RepositoryKeys(target).open(TestRepositories.PASSWORDS).key());
  }

  MasterKey key() {
    return key;
  }

  BackupTarget target() {
    return target;
  }

  /** A blob that is sealed as it should be. */
  Sha256 blob(BlobType type, byte[] plain) {
    Sha256 id = Sha256.hash(plain);
    blob(type, id, Zstd.compress(plain), plain.length);
    return id;
  }

  Sha256 data(String text) {
    return blob(BlobType.DATA, text.getBytes(StandardCharsets.UTF_8));
  }

  /** A directory of these nodes; each is JSON. */
  Sha256 tree(String... nodes) {
    String json = "{\"nodes\":[" + String.join(",", nodes) + "]}\n";
    return blob(BlobType.TREE, json.getBytes(StandardCharsets.UTF_8));
  }

  /** Any bytes under any name. */
  void blob(BlobType type, Sha256 id, byte[] payload, long plainLength) {
    waiting
        .computeIfAbsent(type, any -> new ArrayList<>())
        .add(new Sealed(id, sealer.seal(payload), plainLength));
  }

  /** Puts what waits into packs, one for each type, and returns them. */
  List<Sha256> pack() throws IOException {
    List<Sha256> packs = new ArrayList<>();
    for (Map.Entry<BlobType, List<Sealed>> each : waiting.entrySet()) {
      packs.add(pack(each.getKey(), each.getValue()));
    }
    waiting.clear();
    return packs;
  }

  private Sha256 pack(BlobType type, List<Sealed> blobs) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    List<PackEntry> entries = new ArrayList<>();
    for (Sealed each : blobs) {
      entries.add(
          new PackEntry(type, each.id(), out.size(), each.bytes().length, each.plainLength()));
      out.write(each.bytes());
    }
    byte[] header = sealer.seal(PackHeader.encode(entries));
    out.write(header);
    byte[] trailer = new byte[PackHeader.LENGTH_SIZE];
    PackHeader.encodeLength(header.length, trailer, 0);
    out.write(trailer);
    byte[] bytes = out.toByteArray();
    Sha256 id = Sha256.hash(bytes);
    put(ObjectKind.PACK.key(id).value(), bytes);
    unlisted.put(id, entries);
    return id;
  }

  /** What the packs hold that no index lists yet. */
  Map<Sha256, List<PackEntry>> unlisted() {
    return new LinkedHashMap<>(unlisted);
  }

  /** Packs what waits, and lists it truly. */
  void list() throws IOException {
    pack();
    IndexWriter writer = new IndexWriter();
    unlisted.forEach(writer::add);
    index(new String(writer.finish(), StandardCharsets.UTF_8));
    unlisted.clear();
  }

  /** An index that says what it is told to. */
  Sha256 index(String json) throws IOException {
    return unpacked(ObjectKind.INDEX, Unpacked.encode(json.getBytes(StandardCharsets.UTF_8)));
  }

  /** A snapshot of that tree. */
  Sha256 snapshot(Sha256 tree) throws IOException {
    SnapshotFile file =
        SnapshotFile.builder(Instant.now(), tree).paths(List.of("/hostile")).hostname("h").build();
    return unpacked(ObjectKind.SNAPSHOT, Unpacked.encode(file.encode()));
  }

  /** A sealed object under its right name. */
  Sha256 unpacked(ObjectKind kind, byte[] envelope) throws IOException {
    byte[] stored = sealer.seal(envelope);
    Sha256 id = Sha256.hash(stored);
    put(kind.key(id).value(), stored);
    return id;
  }

  /** Any bytes anywhere. */
  void put(String name, byte[] bytes) throws IOException {
    target.put(new ObjectKey(name), Content.of(bytes), PutOptions.METADATA);
  }

  /** A node, for {@link #tree}. The name is written into the JSON as it is. */
  static String file(String name, long size, Sha256... content) {
    List<String> ids = new ArrayList<>();
    for (Sha256 each : content) {
      ids.add("\"" + each + "\"");
    }
    return node(name, "file", "\"size\":" + size + ",\"content\":[" + String.join(",", ids) + "]");
  }

  static String directory(String name, Sha256 subtree) {
    return node(name, "dir", "\"content\":null,\"subtree\":\"" + subtree + "\"");
  }

  private static String node(String name, String type, String rest) {
    String time = "\"2024-01-01T00:00:00Z\"";
    return "{\"name\":\""
        + name
        + "\",\"type\":\""
        + type
        + "\",\"mode\":"
        + (type.equals("dir") ? 2147484141L : 420)
        + ",\"mtime\":"
        + time
        + ",\"atime\":"
        + time
        + ",\"ctime\":"
        + time
        + ",\"uid\":0,\"gid\":0,"
        + rest
        + "}";
  }
}
