package dev.copperplate.backup.records;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.copperplate.backup.fuzz.AnyBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

class ApprovalBodyFuzz {

  static Stream<byte[]> seeds() {
    return Stream.of(
            "{\"record\":\"approval\",\"snapshots\":[\"a\",\"b\"],\"approver\":\"c\",\"at\":\"2026-11-20T15:31:43Z\",\"expires\":\"2027-11-20T15:31:43Z\",\"signature\":\"s\"}")
        .map(each -> each.getBytes(StandardCharsets.UTF_8));
  }

  @MethodSource("seeds")
  @FuzzTest
  void anyBytes(byte[] stored) throws IOException {
    AnyBytes.roundTrip(
        stored, ApprovalBody::decode, each -> each.encode().getBytes(StandardCharsets.UTF_8));
  }
}
