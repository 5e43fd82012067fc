package dev.copperplate.backup.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.copperplate.backup.EntryNames;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.RawName;
import dev.copperplate.backup.RunId;
import dev.copperplate.backup.repository.chunk.Polynomial;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

class NamesFuzz {

  static Stream<byte[]> seeds() {
    return Stream.of("a/%2F/%%", "..", "20261120T153143Z-1", "data/4f/4f1c", "25b468838dcb75")
        .map(each -> each.getBytes(StandardCharsets.UTF_8));
  }

  @MethodSource("seeds")
  @FuzzTest
  void anyBytes(byte[] stored) {
    String text = new String(stored, StandardCharsets.UTF_8);
    EntryPath resolved = EntryNames.resolve(EntryPath.ROOT, stored);
    AnyBytes.require(
        Arrays.equals(EntryNames.name(EntryPath.ROOT, resolved), stored), "Another name");
    refuseOrKeep(text, NamesFuzz::unresolved);
    refuseOrKeep(text, each -> new ObjectKey(each).value());
    refuseOrKeep(text, each -> new RunId(each).value());
    refuseOrKeep(text, NamesFuzz::polynomial);
  }

  private static void refuseOrKeep(String text, Function<String, String> reading) {
    try {
      AnyBytes.require(reading.apply(text).equals(text), "It became another: " + text);
    } catch (IllegalArgumentException refused) {
      // As stated.
    }
  }

  /** The path of a name, by way of that name. */
  private static String unresolved(String text) {
    EntryPath path = EntryPath.ROOT;
    for (String name : text.split("/", -1)) {
      path = path.child(RawName.of(name));
    }
    byte[] name = EntryNames.name(EntryPath.ROOT, path);
    return EntryNames.resolve(EntryPath.ROOT, name).equals(path) ? text : "another path";
  }

  private static String polynomial(String text) {
    Polynomial read = Polynomial.parse(text);
    return Polynomial.parse(read.hex()).equals(read) ? text : "another polynomial";
  }
}
