package dev.copperplate.backup.records;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.fuzz.AnyBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

class RecordFuzz {

  static Stream<byte[]> seeds() {
    return Stream.of(
            "{\"key\":\"copperplate/holds/run/2026-a\",\"body\":\"{}\",\"signature\":\"AA==\"}",
            "copperplate/leases/a/b")
        .map(each -> each.getBytes(StandardCharsets.UTF_8));
  }

  @MethodSource("seeds")
  @FuzzTest
  void anyBytes(byte[] stored) throws IOException {
    AnyBytes.roundTrip(stored, RecordFile::decode, RecordFile::encode);
    key(new String(stored, StandardCharsets.UTF_8));
  }

  private static void key(String text) {
    for (RecordKind kind : RecordKind.values()) {
      Optional<ObjectKey> object =
          object(text.startsWith(kind.prefix()) ? text : kind.prefix() + text);
      Optional<RecordKey> key = object.flatMap(each -> RecordKey.of(kind, each));
      AnyBytes.require(
          key.isEmpty() || key.get().object().equals(object.get()), "Not the place: " + text);
    }
  }

  private static Optional<ObjectKey> object(String text) {
    try {
      return Optional.of(new ObjectKey(text));
    } catch (IllegalArgumentException refused) {
      return Optional.empty();
    }
  }
}
