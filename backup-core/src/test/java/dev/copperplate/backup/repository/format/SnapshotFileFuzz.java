package dev.copperplate.backup.repository.format;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.copperplate.backup.fuzz.AnyBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

class SnapshotFileFuzz {

  static Stream<byte[]> seeds() {
    return Stream.of(
            "{\"time\":\"2026-11-20T15:31:43.508981803+01:00\",\"parent\":\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\",\"tree\":\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\",\"paths\":[\"/a\"],\"hostname\":\"h\",\"username\":\"u\",\"uid\":1,\"gid\":2,\"excludes\":[\"b\"],\"tags\":[\"run=1\"],\"original\":\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\",\"program_version\":\"restic 0.18.0\",\"summary\":{\"backup_start\":\"2026-11-20T15:31:43Z\",\"backup_end\":\"2026-11-20T15:31:43Z\",\"files_new\":1,\"files_changed\":2,\"files_unmodified\":3,\"dirs_new\":4,\"dirs_changed\":5,\"dirs_unmodified\":6,\"data_blobs\":7,\"tree_blobs\":8,\"data_added\":9,\"data_added_packed\":10,\"total_files_processed\":11,\"total_bytes_processed\":12}}",
            "{\"tree\":\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\",\"x\":{\"y\":[null,1e3]}}")
        .map(each -> each.getBytes(StandardCharsets.UTF_8));
  }

  @MethodSource("seeds")
  @FuzzTest
  void anyBytes(byte[] stored) throws IOException {
    AnyBytes.roundTrip(stored, SnapshotFile::decode, SnapshotFile::encode);
  }
}
