package dev.copperplate.backup.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.RawName;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.SnapshotId;
import dev.copperplate.backup.files.FilesSource;
import dev.copperplate.backup.restic.Restic;
import dev.copperplate.backup.target.LocalTarget;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;
import net.jqwik.api.lifecycle.LifecycleContext;
import net.jqwik.api.lifecycle.SkipExecutionHook;
import org.opentest4j.TestAbortedException;

/** Names of any bytes go from restic to us and from us to restic. */
class ExchangedNamesProperties {

  private static final int MAX_NAME = 255;

  private Path directory;
  private Path repository;
  private Restic restic;
  private int tries;

  @BeforeProperty
  void create() throws IOException {
    Restic stock = Restic.stock();
    directory = Files.createTempDirectory("names");
    repository = directory.resolve("repository");
    TestRepositories.create(repository).close();
    restic = stock.at(repository, TestRepositories.PASSWORD);
  }

  /** The names were quoted and sorted as restic does, or it would change their directories. */
  @AfterProperty
  void rewriteAllAndRemove() throws Exception {
    if (directory == null) {
      return; // There is no restic.
    }
    String rewritten = restic.succeed("rewrite", "--exclude", "/nothing");
    assertTrue(rewritten.contains("no snapshots were modified"), rewritten);
    StoredRepository.remove(directory);
  }

  /** What aborts a test of JUnit would fail a property of jqwik. */
  static final class WhereThereIsRestic implements SkipExecutionHook {

    @Override
    public SkipResult shouldBeSkipped(LifecycleContext context) {
      try {
        Restic.stock();
      } catch (TestAbortedException absent) {
        return SkipResult.skip(absent.getMessage());
      } catch (AssertionError required) {
        return SkipResult.doNotSkip(); // The property itself fails with the same message.
      }
      return SkipResult.doNotSkip();
    }
  }

  @AddLifecycleHook(WhereThereIsRestic.class)
  @Property(tries = 20, shrinking = ShrinkingMode.OFF)
  void comeBackAsTheyWere(@ForAll("names") Set<RawName> names) throws Exception {
    Path place = Files.createDirectory(directory.resolve("try " + tries++));
    Path tree = Files.createDirectory(place.resolve("tree"));
    int number = 0;
    for (RawName name : names) {
      Path path = FileTree.child(tree, name.toByteArray());
      switch (number++ % 3) {
        case 0 -> Files.writeString(path, "file " + number);
        case 1 -> Files.createDirectory(path);
        default -> Files.createSymbolicLink(path, FileTree.relative(name.toByteArray()));
      }
    }
    FileTree onDisk = FileTree.of(tree);
    assertEquals(names.size() + 1, onDisk.items().size());
    try (BackupRepository open =
        BackupRepository.open(LocalTarget.at(repository), TestRepositories.PASSWORDS)) {
      String theirs = id(restic.succeed("backup", "--json", tree.toString()));
      Snapshot snapshot = find(open, new SnapshotId(theirs));
      FileTree.assertSame(
          onDisk.asTheJdkCan(), RestoredTree.of(open, snapshot, place.resolve("by us"), tree));

      Snapshot ours = open.backup(FilesSource.of(tree)).snapshot();
      String target = place.resolve("by restic").toString();
      restic.succeed("restore", ours.id().hex(), "--target", target);
      FileTree.assertSame(onDisk, FileTree.of(FileTree.below(place.resolve("by restic"), tree)));
    }
  }

  private static Snapshot find(BackupRepository repository, SnapshotId id) throws IOException {
    return repository.list(SnapshotFilter.ALL).stream()
        .filter(each -> each.id().equals(id))
        .findFirst()
        .orElseThrow();
  }

  private static String id(String summary) {
    Matcher matcher = Pattern.compile("\"snapshot_id\":\"([0-9a-f]{64})\"").matcher(summary);
    assertTrue(matcher.find(), summary);
    return matcher.group(1);
  }

  @Provide
  Arbitrary<Set<RawName>> names() {
    Arbitrary<byte[]> bytes =
        Arbitraries.bytes().array(byte[].class).ofMinSize(1).ofMaxSize(MAX_NAME);
    Arbitrary<byte[]> few = Arbitraries.bytes().array(byte[].class).ofMinSize(1).ofMaxSize(3);
    Arbitrary<byte[]> hostile = Arbitraries.of(RichTree.hostileNames());
    Arbitrary<byte[]> text =
        Arbitraries.integers()
            .between(1, Character.MAX_CODE_POINT)
            .filter(each -> each < 0xd800 || each > 0xdfff)
            .list()
            .ofMinSize(1)
            .ofMaxSize(60)
            .map(ExchangedNamesProperties::text);
    Arbitrary<byte[]> ascii =
        Arbitraries.strings()
            .withCharRange('\u0001', '\u007f')
            .ofMinLength(1)
            .ofMaxLength(40)
            .map(each -> each.getBytes(StandardCharsets.UTF_8));
    return Arbitraries.oneOf(List.of(bytes, few, hostile, text, ascii))
        .map(RawName::of)
        .filter(EntryPath::isValid)
        .set()
        .ofMinSize(20)
        .ofMaxSize(60);
  }

  private static byte[] text(List<Integer> codePoints) {
    String text = codePoints.stream().map(Character::toString).collect(Collectors.joining());
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
