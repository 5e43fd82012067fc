package dev.copperplate.backup.repository.format;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.copperplate.backup.fuzz.AnyBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

class TreeFuzz {

  static Stream<byte[]> seeds() {
    return Stream.of(
            "{\"nodes\":[{\"name\":\"a\\\\x00\\\\u00e4\",\"type\":\"file\",\"mode\":420,\"mtime\":\"2026-11-20T15:31:43.5Z\",\"atime\":\"2026-11-20T15:31:43Z\",\"ctime\":\"2026-11-20T15:31:43Z\",\"uid\":1,\"gid\":2,\"user\":\"u\",\"group\":\"g\",\"inode\":18446744073709551615,\"device_id\":3,\"size\":4,\"links\":1,\"extended_attributes\":[{\"name\":\"user.a\",\"value\":\"AA==\"}],\"content\":[\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"]}]}",
            "{\"nodes\":[{\"name\":\"d\",\"type\":\"dir\",\"mode\":2147484141,\"subtree\":\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"},{\"name\":\"l\",\"type\":\"symlink\",\"linktarget\":\"x\",\"linktarget_raw\":\"/w==\",\"content\":null},{\"name\":\"n\",\"type\":\"chardev\",\"device\":259}]}\n",
            "{\"nodes\":[{\"name\":\"x\"},7,{\"name\":\"f\",\"type\":\"file\",\"error\":\"?\"},{\"name\":\"f\",\"type\":\"fifo\"}]}")
        .map(each -> each.getBytes(StandardCharsets.UTF_8));
  }

  @MethodSource("seeds")
  @FuzzTest
  void anyBytes(byte[] stored) throws IOException {
    AnyBytes.read(stored, TreeFuzz::read);
    TreeReader.isCanonical(stored);
    BothWays.tree(stored);
  }

  /** The number of its nodes. A sound node survives being written and read again. */
  static int read(byte[] tree) throws IOException {
    int nodes = 0;
    try (TreeReader reader = new TreeReader(tree)) {
      for (TreeItem item = reader.next(); item != null; item = reader.next()) {
        nodes++;
      }
    }
    return nodes;
  }
}
