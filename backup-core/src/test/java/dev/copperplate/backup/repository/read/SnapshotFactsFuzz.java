package dev.copperplate.backup.repository.read;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.fuzz.AnyBytes;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.format.SnapshotFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

class SnapshotFactsFuzz {

  static Stream<byte[]> seeds() {
    return Stream.of(
            "{\"time\":\"2026-11-20T15:31:43Z\",\"tree\":\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\",\"paths\":[\"/postgres/orders\"],\"hostname\":\"h\",\"tags\":[\"run=a\",\"parent=b\",\"set=c\",\"replaces=d\",\"state=partial\",\"own\"],\"program_version\":\"copperplate 1 (postgres)\"}",
            "{\"tree\":\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\",\"paths\":[\"/srv/a\",\"\",\"C:\\\\\\\\x\"],\"tags\":[\"run=\",\"run=e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"]}")
        .map(each -> each.getBytes(StandardCharsets.UTF_8));
  }

  @MethodSource("seeds")
  @FuzzTest
  void anyBytes(byte[] stored) throws IOException {
    AnyBytes.read(stored, SnapshotFactsFuzz::snapshot);
  }

  private static Snapshot snapshot(byte[] stored) throws IOException {
    return SnapshotFacts.of(Sha256.hash(stored), SnapshotFile.decode(stored));
  }
}
