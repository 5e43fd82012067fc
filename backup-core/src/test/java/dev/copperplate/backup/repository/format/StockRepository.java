package dev.copperplate.backup.repository.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.github.luben.zstd.Zstd;
import dev.copperplate.backup.repository.crypto.Sealer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A repository in a directory, opened with the classes under test and nothing else. */
final class StockRepository {

  private final Path directory;
  private final Sealer sealer;

  private StockRepository(Path directory, Sealer sealer) {
    this.directory = directory;
    this.sealer = sealer;
  }

  static StockRepository open(Path directory, String password) throws IOException {
    Path key = files(directory.resolve("keys")).get(0);
    KeyFile file = KeyFile.decode(Files.readAllBytes(key));
    return new StockRepository(directory, new Sealer(file.unwrap(password.toCharArray())));
  }

  /** The sealed content of the config file. */
  byte[] config() throws IOException {
    return sealer.open(Files.readAllBytes(directory.resolve("config")));
  }

  /** The plain files of a kind; that each is named for its stored bytes is checked. */
  List<byte[]> unpacked(String kind) throws IOException {
    List<byte[]> plain = new ArrayList<>();
    for (Path file : files(directory.resolve(kind))) {
      byte[] stored = Files.readAllBytes(file);
      assertEquals(file.getFileName().toString(), Sha256.hash(stored).hex());
      plain.add(Unpacked.decode(sealer.open(stored)));
    }
    return plain;
  }

  /** All packs by their headers, whose plain bytes are checked to be what we would write. */
  Map<Sha256, List<PackEntry>> packs() throws IOException {
    Map<Sha256, List<PackEntry>> packs = new LinkedHashMap<>();
    for (Path file : files(directory.resolve("data"))) {
      byte[] pack = Files.readAllBytes(file);
      int end = pack.length - PackHeader.LENGTH_SIZE;
      int length = PackHeader.decodeLength(pack, end);
      byte[] header = sealer.open(Arrays.copyOfRange(pack, end - length, end));
      List<PackEntry> entries = PackHeader.decode(header);
      assertEquals(pack.length, PackHeader.packSize(entries));
      assertEquals(length, PackHeader.sealedSize(entries));
      assertArrayEquals(header, PackHeader.encode(entries));
      packs.put(Sha256.parse(file.getFileName().toString()), entries);
    }
    return packs;
  }

  /** The plain blobs of a type, each checked against its id. */
  List<byte[]> blobs(BlobType type) throws IOException {
    List<byte[]> blobs = new ArrayList<>();
    for (Map.Entry<Sha256, List<PackEntry>> pack : packs().entrySet()) {
      String name = pack.getKey().hex();
      byte[] bytes =
          Files.readAllBytes(directory.resolve("data").resolve(name.substring(0, 2)).resolve(name));
      for (PackEntry entry : pack.getValue()) {
        if (entry.type() == type) {
          blobs.add(blob(bytes, entry));
        }
      }
    }
    return blobs;
  }

  private byte[] blob(byte[] pack, PackEntry entry) throws IOException {
    byte[] stored = Arrays.copyOfRange(pack, (int) entry.offset(), (int) entry.end());
    byte[] opened = sealer.open(stored);
    byte[] plain = entry.compressed() ? Zstd.decompress(opened, (int) entry.plainLength()) : opened;
    assertEquals(entry.id(), Sha256.hash(plain));
    return plain;
  }

  static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }
}
