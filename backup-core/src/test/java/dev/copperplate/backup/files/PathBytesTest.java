package dev.copperplate.backup.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.RawName;
import java.nio.file.Files;
import java.nio.file.Path;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PathBytesTest {

  @Test
  void hostileNamesComeBackFromTheFileSystem(@TempDir Path directory) throws Exception {
    for (RawName name : TestTree.HOSTILE_NAMES) {
      Files.createFile(PathBytes.child(directory, name));
    }
    assertEquals(TestTree.HOSTILE_NAMES.stream().sorted().toList(), Listing.of(directory));
  }

  @Test
  void targetsOfLinksKeepTheirBytes(@TempDir Path directory) throws Exception {
    Path link = directory.resolve("link");
    for (String target :
        new String[] {
          "a", "a/", "../x", "..", ".", "/", "/abs/y", "/tmp", "/tmp/", "\u00e9/x", "a b"
        }) {
      Files.deleteIfExists(link);
      Files.createSymbolicLink(link, PathBytes.path(RawName.of(target)));
      assertEquals(RawName.of(target), PathBytes.bytes(Files.readSymbolicLink(link)), target);
    }
  }

  @Test
  void repeatedSlashesOfATargetAreReadAsTheyAre(@TempDir Path directory) throws Exception {
    Path link = directory.resolve("link");
    new ProcessBuilder("ln", "-s", "a//b//", link.toString()).inheritIO().start().waitFor();
    assertEquals(RawName.of("a//b//"), PathBytes.bytes(Files.readSymbolicLink(link)));
    assertEquals(RawName.of("a/b/"), PathBytes.bytes(PathBytes.path(RawName.of("a//b//"))));
  }

  @Test
  void anAbsolutePathIsAnEntryPath() {
    EntryPath entry = EntryPath.of("/pg/main/\u00fc");
    assertEquals(entry, PathBytes.entryPath(PathBytes.below(Path.of("/"), entry)));
    assertTrue(PathBytes.entryPath(Path.of("/")).isRoot());
  }

  @Property
  void everyNameSurvives(@ForAll("names") RawName name) {
    assertEquals(name, PathBytes.name(PathBytes.child(Path.of("/a"), name)));
    assertEquals(name, PathBytes.bytes(PathBytes.path(name)));
  }

  @Provide
  static Arbitrary<RawName> names() {
    return Arbitraries.bytes()
        .array(byte[].class)
        .ofMinSize(1)
        .ofMaxSize(255)
        .map(RawName::of)
        .filter(EntryPath::isValid);
  }
}
