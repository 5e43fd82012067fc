package dev.copperplate.backup.repository.format;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.copperplate.backup.fuzz.AnyBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

class JsonInputFuzz {

  static Stream<byte[]> seeds() {
    return Stream.of(
            "{\"a\":[1,-2,3e4,18446744073709551615,\"x\",\"AA==\",true,null,{\"b\":{}}],\"2026\":\"2026-11-20T15:31:43Z\",\"i\":\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"}")
        .map(each -> each.getBytes(StandardCharsets.UTF_8));
  }

  /** Every value is asked for everything, and most of that is refused. */
  private static final long MORE_BYTES = 32 * AnyBytes.PER_BYTE;

  @MethodSource("seeds")
  @FuzzTest
  void anyBytes(byte[] stored) throws IOException {
    AnyBytes.read(stored, AnyBytes.FIXED + MORE_BYTES * stored.length, JsonInputFuzz::document);
  }

  /** Asks each value for everything that it might be. */
  private static int document(byte[] json) throws IOException {
    try (JsonInput in = new JsonInput(json)) {
      in.beginObject();
      int values = object(in);
      in.end();
      return values;
    }
  }

  private static int object(JsonInput in) throws IOException {
    int values = 0;
    for (String field = in.nextField(); field != null; field = in.nextField()) {
      values += value(field, in);
    }
    return values;
  }

  private static int value(String field, JsonInput in) throws IOException {
    if (in.isObject()) {
      AnyBytes.require(in.depth() <= JsonInput.MAX_DEPTH, "Too deep");
      return field.startsWith("skip") ? skipped(in) : object(in);
    }
    try {
      in.beginArray(field);
    } catch (BadValueException noArray) {
      SCALARS.forEach(each -> attempt(each, field, in));
      return 1;
    }
    int values = 0;
    while (in.nextElement()) {
      values += value(field, in);
    }
    return values;
  }

  private static int skipped(JsonInput in) throws IOException {
    in.skip();
    return 1;
  }

  private static void attempt(Scalar scalar, String field, JsonInput in) {
    try {
      scalar.read(in, field);
    } catch (FormatException otherwise) {
      // It is something else.
    }
  }

  @FunctionalInterface
  private interface Scalar {
    void read(JsonInput in, String field) throws FormatException;
  }

  private static final List<Scalar> SCALARS =
      List.of(
          JsonInput::bool,
          JsonInput::unsigned,
          JsonInput::natural,
          JsonInput::uint32,
          JsonInput::int31,
          JsonInput::string,
          JsonInput::id,
          (in, field) -> in.id(field, new long[Sha256.WORDS]),
          JsonInput::time,
          JsonInput::base64);
}
