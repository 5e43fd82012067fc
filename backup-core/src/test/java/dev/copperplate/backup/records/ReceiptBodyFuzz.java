package dev.copperplate.backup.records;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.copperplate.backup.fuzz.AnyBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

class ReceiptBodyFuzz {

  static Stream<byte[]> seeds() {
    return Stream.of(
            "{\"record\":\"receipt\",\"repository\":\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\",\"content\":\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\",\"snapshot\":\"s\",\"run\":\"r\",\"at\":\"2026-11-20T15:31:43Z\",\"verifier\":\"v\",\"proof\":\"data\",\"passed\":true,\"facts\":[{\"key\":\"k\",\"value\":\"w\"}],\"findings\":[{\"severity\":\"error\",\"subject\":\"a\",\"message\":\"b\",\"remedy\":\"c\"}]}")
        .map(each -> each.getBytes(StandardCharsets.UTF_8));
  }

  @MethodSource("seeds")
  @FuzzTest
  void anyBytes(byte[] stored) throws IOException {
    AnyBytes.roundTrip(
        stored, ReceiptBody::decode, each -> each.encode().getBytes(StandardCharsets.UTF_8));
  }
}
