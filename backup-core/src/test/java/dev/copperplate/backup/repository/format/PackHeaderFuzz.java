package dev.copperplate.backup.repository.format;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.copperplate.backup.fuzz.AnyBytes;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

class PackHeaderFuzz {

  static Stream<byte[]> seeds() {
    byte[] plain = new byte[37];
    plain[1] = 38;
    byte[] compressed = new byte[41 + 37];
    compressed[0] = 3;
    compressed[1] = 60;
    compressed[5] = 90;
    compressed[41] = 1;
    compressed[42] = 32;
    return Stream.of(plain, compressed, new byte[] {69, 0, 0, 0});
  }

  @MethodSource("seeds")
  @FuzzTest
  void anyBytes(byte[] header) throws IOException {
    Optional<List<PackEntry>> entries = AnyBytes.read(header, PackHeader::decode);
    if (entries.isPresent()) {
      byte[] again = PackHeader.encode(entries.get());
      AnyBytes.require(Arrays.equals(again, header), "Written again it is another header");
      PackHeader.packSize(entries.get());
    }
    if (header.length >= PackHeader.LENGTH_SIZE) {
      AnyBytes.read(header, PackHeaderFuzz::length);
    }
  }

  private static int length(byte[] trailer) throws IOException {
    int length = PackHeader.decodeLength(trailer, trailer.length - PackHeader.LENGTH_SIZE);
    AnyBytes.require(length > 0 && length <= PackHeader.MAX_SEALED, "A header of " + length);
    return length;
  }
}
