package dev.copperplate.backup.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.RawName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class RoundTripProperties {

  /**
   * One entry to be made.
   *
   * @param parent which of the directories made so far it goes into
   * @param size of its content; content comes from the name, with runs of zeros
   */
  record Made(int kind, int parent, RawName name, int size, int permissions, long nanos) {}

  @Property(tries = 60)
  void whatIsCapturedComesBack(@ForAll("trees") List<Made> tree) throws Exception {
    Path directory = Files.createTempDirectory("tree").toRealPath();
    try {
      Path from = Files.createDirectory(directory.resolve("from"));
      make(from, tree);
      MemorySnapshot snapshot = new MemorySnapshot();
      try (TestRun run = new TestRun()) {
        FilesSource.of(from).capture(snapshot, run);
        assertEquals(List.of(), run.complaints());
      }
      Path to = directory.resolve("to");
      try (TestRun run = new TestRun()) {
        restorer(to, from).restore(snapshot, run);
        assertEquals(List.of(), run.complaints());
      }
      TreeComparison.assertSame(from, PathBytes.below(to, PathBytes.entryPath(from)));
      try (TestRun run = new TestRun()) {
        // Links between files are made anew, so only trees without them are the same already.
        restorer(to, from).overwrite(Overwrite.CHANGED).restore(snapshot, run);
        boolean linked = tree.stream().anyMatch(each -> each.kind == 3);
        assertTrue(linked || run.announced().destroys().isEmpty());
        assertEquals(List.of(), run.complaints());
      }
      TreeComparison.assertSame(from, PathBytes.below(to, PathBytes.entryPath(from)));
    } finally {
      TestUser.exec("rm", "-rf", directory.toString());
    }
  }

  private static FilesRestorer restorer(Path to, Path from) throws IOException {
    return FilesRestorer.to(to)
        .only(PathBytes.entryPath(from))
        .owners(TestUser.isRoot())
        .privileged(true);
  }

  @Provide
  static Arbitrary<List<Made>> trees() {
    Arbitrary<RawName> names =
        Arbitraries.bytes()
            .array(byte[].class)
            .ofMinSize(1)
            .ofMaxSize(40)
            .map(RawName::of)
            .filter(EntryPath::isValid);
    return Combinators.combine(
            Arbitraries.integers().between(0, 3),
            Arbitraries.integers().between(0, 20),
            Arbitraries.oneOf(names, Arbitraries.of(TestTree.HOSTILE_NAMES)),
            Arbitraries.of(0, 1, 1000, SparseCopy.BLOCK, 3 * SparseCopy.BLOCK, 300_001),
            Arbitraries.integers().between(0, 07777),
            Arbitraries.longs().between(-2_000_000_000_000_000_000L, 4_000_000_000_000_000_000L))
        .as(Made::new)
        .list()
        .ofMaxSize(25);
  }

  private static void make(Path top, List<Made> tree) throws IOException {
    List<Path> directories = new ArrayList<>(List.of(top));
    List<Path> files = new ArrayList<>();
    List<Path> made = new ArrayList<>();
    List<Made> plans = new ArrayList<>();
    for (Made each : tree) {
      Path parent = directories.get(each.parent % directories.size());
      Path path = PathBytes.child(parent, each.name);
      if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
        continue;
      }
      switch (each.kind) {
        case 0 -> directories.add(Files.createDirectory(path));
        case 1 -> Files.createSymbolicLink(path, PathBytes.path(each.name));
        case 2 -> files.add(Files.write(path, content(each)));
        default -> {
          if (files.isEmpty()) {
            continue;
          }
          Files.createLink(path, files.get(each.parent % files.size()));
        }
      }
      made.add(path);
      plans.add(each);
    }
    for (int i = made.size() - 1; i >= 0; i--) {
      decorate(made.get(i), plans.get(i));
    }
  }

  private static byte[] content(Made each) {
    byte[] content = new byte[each.size];
    Random random = new Random(each.name.hashCode());
    for (int from = 0; from < content.length; from += SparseCopy.BLOCK) {
      if (random.nextBoolean()) {
        byte[] block = new byte[Math.min(SparseCopy.BLOCK, content.length - from)];
        random.nextBytes(block);
        System.arraycopy(block, 0, content, from, block.length);
      }
    }
    return content;
  }

  private static void decorate(Path path, Made each) throws IOException {
    boolean link = Files.isSymbolicLink(path);
    if (!link) {
      ExtendedAttributes.write(path, "user.size", RawName.of(Integer.toString(each.size)));
      int readable = TestUser.isRoot() ? 0 : 0700;
      Files.setAttribute(path, "unix:mode", each.permissions | readable);
    }
    FileTime time = FileTime.from(Instant.EPOCH.plusNanos(each.nanos));
    Files.getFileAttributeView(path, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .setTimes(time, time, null);
  }
}
