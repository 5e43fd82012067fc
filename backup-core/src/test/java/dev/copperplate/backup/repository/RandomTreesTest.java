package dev.copperplate.backup.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.BackupSource;
import dev.copperplate.backup.CaptureContext;
import dev.copperplate.backup.EntryOutput;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.RawName;
import dev.copperplate.backup.SnapshotWriter;
import dev.copperplate.backup.SourceId;
import dev.copperplate.backup.restic.Restic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** What goes in comes out, whatever it is called and whatever it holds. */
class RandomTreesTest {

  private static Path parent;
  private static BackupRepository repository;

  @BeforeContainer
  static void create() throws Exception {
    parent = Files.createTempDirectory("random-trees");
    repository = TestRepositories.create(parent.resolve("repository"));
  }

  /** Stock restic has the last word. */
  @AfterContainer
  static void judge() throws Exception {
    repository.close();
    Restic restic = Restic.stock().at(parent.resolve("repository"), TestRepositories.PASSWORD);
    Restic.Result check = restic.run("check", "--read-data");
    assertEquals(0, check.exitCode(), check::toString);
    assertEquals("", check.err(), check::toString);
    Restic.Result rewrite = restic.run("rewrite", "--exclude", "/no/such/thing");
    assertEquals(0, rewrite.exitCode(), rewrite::toString);
    DeletedTree.delete(parent);
  }

  /** One entry: a path, and what a number says of it. */
  record Made(List<RawName> path, int what) {}

  @Property(tries = 25)
  void comeBackAsTheyWent(@ForAll("entries") @Size(max = 40) List<Made> made) throws Exception {
    TreeModel model = TreeModel.empty();
    Map<EntryPath, Made> legal = new TreeMap<>();
    for (Made each : made) {
      EntryPath path = new EntryPath(each.path());
      if (isFree(path, legal)) {
        legal.put(path, each);
      }
    }
    legal.forEach((path, each) -> describe(model, path, each.what()));
    assertEquals(model, TreeModel.roundTrip(repository, new Source(legal)));
  }

  @Provide
  Arbitrary<List<Made>> entries() {
    Arbitrary<byte[]> anyBytes =
        Arbitraries.bytes().array(byte[].class).ofMinSize(1).ofMaxSize(255);
    Arbitrary<byte[]> text =
        Arbitraries.strings().ofMinLength(1).ofMaxLength(40).map(RandomTreesTest::utf8);
    Arbitrary<byte[]> few = Arbitraries.of("a", "b", "a.", "a\u00ff").map(RandomTreesTest::utf8);
    Arbitrary<RawName> names =
        Arbitraries.oneOf(anyBytes, text, few).map(RawName::of).filter(EntryPath::isValid);
    Arbitrary<List<RawName>> paths = names.list().ofMinSize(1).ofMaxSize(5);
    return net.jqwik.api.Combinators.combine(paths, Arbitraries.integers().between(0, 9999))
        .as(Made::new)
        .list();
  }

  private static boolean isFree(EntryPath path, Map<EntryPath, Made> taken) {
    return !path.startsWith(EntryPath.of(".backup"))
        && taken.keySet().stream()
            .noneMatch(each -> each.startsWith(path) || path.startsWith(each));
  }

  private static void describe(TreeModel model, EntryPath path, int what) {
    if (what % 5 == 0) {
      model.link(path, target(what));
    } else if (what % 5 == 1) {
      model.directory(path);
    } else {
      model.file(path, content(what));
    }
  }

  private static byte[] target(int what) {
    byte[] target = new byte[1 + what % 300];
    new Random(what).nextBytes(target);
    for (int i = 0; i < target.length; i++) {
      target[i] = target[i] == 0 ? 1 : target[i];
    }
    return target;
  }

  /** Mostly small, some without a byte, few of several chunks. */
  private static byte[] content(int what) {
    int size = what % 5 == 4 ? 0 : what % 97 == 3 ? what * 300 : what;
    byte[] content = new byte[size];
    new Random(what).nextBytes(content);
    return content;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }

  private record Source(Map<EntryPath, Made> entries) implements BackupSource {

    @Override
    public SourceId id() {
      return new SourceId("random", "tree");
    }

    @Override
    public void capture(SnapshotWriter writer, CaptureContext context)
        throws IOException, InterruptedException {
      for (Map.Entry<EntryPath, Made> each : new ArrayList<>(entries.entrySet())) {
        context.workers().submit(() -> write(writer, each.getKey(), each.getValue().what()));
      }
    }

    private static Void write(SnapshotWriter writer, EntryPath path, int what) throws IOException {
      if (what % 5 == 0) {
        writer.symlink(path, RawName.of(target(what)), Attributes.PLAIN);
      } else if (what % 5 == 1) {
        writer.directory(path, Attributes.PLAIN_DIRECTORY);
      } else {
        try (EntryOutput out = writer.file(path, Attributes.PLAIN)) {
          out.write(content(what));
          out.commit();
        }
      }
      return null;
    }
  }
}
