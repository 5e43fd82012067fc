package dev.copperplate.backup.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.copperplate.backup.RawName;
import dev.copperplate.backup.SourceId;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.NotEmpty;
import org.junit.jupiter.api.Test;

class FilePathsTest {

  @Test
  void theIdIsThePathsSortedAndJoined() {
    SourceId id = FilePaths.id(List.of(Path.of("/z"), Path.of("/a/../b/./c"), Path.of("/z")));
    assertEquals("files:/b/c:/z", id.toString());
    assertEquals(List.of("/b/c", "/z"), FilePaths.paths(id));
  }

  @Test
  void whatSeparatesIsEscaped() {
    SourceId id = FilePaths.of(List.of("/a:b", "/c\\d", "/e\nf", "/g\\u000a"));
    assertEquals("/a\\:b:/c\\\\d:/e\\u000af:/g\\\\u000a", id.name());
    assertEquals(List.of("/a:b", "/c\\d", "/e\nf", "/g\\u000a"), FilePaths.paths(id));
  }

  @Test
  void bytesThatAreNoTextAreShownAsReplacements() {
    Path path = PathBytes.child(Path.of("/"), RawName.of(new byte[] {'a', (byte) 0xff}));
    assertEquals("/a\ufffd", FilePaths.id(List.of(path)).name());
    Path text = PathBytes.child(Path.of("/"), RawName.of("\u00fc"));
    assertEquals("/\u00fc", FilePaths.id(List.of(text)).name());
  }

  @Test
  void otherSourcesHaveNoPaths() {
    SourceId id = new SourceId("postgres", "orders");
    assertThrows(IllegalArgumentException.class, () -> FilePaths.paths(id));
  }

  @Property(tries = 300)
  void everySetOfPathsComesBack(@ForAll @NotEmpty List<String> names) {
    List<String> paths = names.stream().map(each -> "/" + each).sorted().distinct().toList();
    assertEquals(paths, FilePaths.paths(FilePaths.of(paths)));
  }
}
