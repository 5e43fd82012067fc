package dev.copperplate.backup.repository.lock;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.copperplate.backup.fuzz.AnyBytes;
import dev.copperplate.backup.records.RecordKey;
import dev.copperplate.backup.records.RecordKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

class LeaseFuzz {

  static Stream<byte[]> seeds() {
    return Stream.of(
            "{\"kind\":\"pause\",\"subject\":\"s\",\"holder\":\"h\",\"at\":\"2026-11-20T15:31:43Z\",\"millis\":5}")
        .map(each -> each.getBytes(StandardCharsets.UTF_8));
  }

  @MethodSource("seeds")
  @FuzzTest
  void anyBytes(byte[] stored) throws IOException {
    AnyBytes.read(stored, LeaseFuzz::lease);
  }

  private static Lease lease(byte[] stored) throws IOException {
    return Leases.decode(new RecordKey(RecordKind.LEASE, "pause", "a"), LeaseKind.PAUSE, stored);
  }
}
