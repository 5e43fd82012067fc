package dev.copperplate.benchmarks.sidebyside;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DataSetTest {

  private static final long BYTES = 1_000_000;

  @TempDir Path directory;

  static List<DataSet> sets() {
    return List.of(
        new IncompressibleFiles(BYTES),
        new OrderRows(BYTES),
        new StreamFile(BYTES),
        new SmallFiles("small", 250, 4),
        new ManyFiles(250));
  }

  @ParameterizedTest
  @MethodSource("sets")
  void aSetIsTheSameEachTime(DataSet set) throws Exception {
    Path one = directory.resolve("one");
    Path two = directory.resolve("two");
    set.make(one);
    set.make(two);
    for (Path each : Tree.files(one)) {
      assertEquals(-1, Files.mismatch(each, two.resolve(one.relativize(each))));
    }
    assertEquals(TreeSize.of(one), TreeSize.of(two));
  }

  @Test
  void sizesAreAsAskedFor() throws Exception {
    assertEquals(new TreeSize(4, BYTES), made(new IncompressibleFiles(BYTES)));
    assertEquals(new TreeSize(4, BYTES), made(new OrderRows(BYTES)));
    assertEquals(new TreeSize(1, BYTES), made(new StreamFile(BYTES)));
    assertEquals(new TreeSize(250, 250_000), made(new ManyFiles(250)));
    assertEquals(250, made(new SmallFiles("small", 250, 4)).files());
  }

  @Test
  void halfOfManyFilesMatchThePattern() throws Exception {
    Path tree = directory.resolve("many");
    new ManyFiles(250).make(tree);
    var matcher = tree.getFileSystem().getPathMatcher("glob:" + ManyFiles.EVERY_SECOND);
    long odd =
        Tree.files(tree).stream()
            .filter(each -> matcher.matches(each.getParent().getFileName()))
            .count();
    assertEquals(125, odd);
  }

  @Test
  void editsChangeTheChosenFilesAgainAndAgainAndNoOthers() throws Exception {
    Path tree = directory.resolve("small");
    new SmallFiles("small", 250, 4).make(tree);
    List<Path> chosen = FileEdits.chosen(tree, 5);
    assertEquals(5, Set.copyOf(chosen).size());
    List<byte[]> before = contents(tree);
    Set<ByteBuffer> versions = new HashSet<>();
    for (int round = 0; round < 3; round++) {
      FileEdits.apply(chosen);
      versions.add(ByteBuffer.wrap(Files.readAllBytes(chosen.get(0))));
    }
    assertEquals(3, versions.size());
    assertEquals(new TreeSet<>(chosen), changed(tree, before));
    assertEquals(chosen, FileEdits.chosen(tree, 5));
  }

  @Test
  void whatIsThereIsNotMadeAgainUnlessSomethingElseIsAskedFor() throws Exception {
    Shelf shelf = new Shelf(directory.resolve("shelf"));
    List<String> made = new ArrayList<>();
    for (String parameters : List.of("a", "a", "b")) {
      shelf.get(
          "set",
          parameters,
          place -> {
            made.add(parameters);
            Files.createDirectories(place);
            Files.createFile(place.resolve(parameters));
          });
    }
    assertEquals(List.of("a", "b"), made);
    assertEquals(1, TreeSize.of(directory.resolve("shelf/set")).files());
  }

  @Test
  void whatWasInterruptedIsMadeAgain() throws Exception {
    Shelf shelf = new Shelf(directory.resolve("shelf"));
    Files.createDirectories(directory.resolve("shelf/set/half"));
    Path place = shelf.get("set", "a", Files::createDirectory);
    assertTrue(Files.notExists(place.resolve("half")));
  }

  private TreeSize made(DataSet set) throws Exception {
    Path place = directory.resolve(set.name());
    set.make(place);
    return TreeSize.of(place);
  }

  private static List<byte[]> contents(Path tree) throws IOException {
    List<byte[]> all = new ArrayList<>();
    for (Path each : Tree.files(tree)) {
      all.add(Files.readAllBytes(each));
    }
    return all;
  }

  private static Set<Path> changed(Path tree, List<byte[]> before) throws IOException {
    List<Path> files = Tree.files(tree);
    Set<Path> changed = new TreeSet<>();
    for (int index = 0; index < files.size(); index++) {
      if (!Arrays.equals(before.get(index), Files.readAllBytes(files.get(index)))) {
        changed.add(files.get(index));
      }
    }
    return changed;
  }
}
