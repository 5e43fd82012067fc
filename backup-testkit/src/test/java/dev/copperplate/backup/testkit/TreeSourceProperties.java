package dev.copperplate.backup.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.Passwords;
import dev.copperplate.backup.repository.RepositoryOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Any tree that goes in comes out, and a later one leaves the earlier ones as they were. */
class TreeSourceProperties {

  private static BackupRepository repository;

  @BeforeContainer
  static void create() throws IOException {
    repository =
        BackupRepository.create(
            new MemoryTarget(), Passwords.of("trees"::toCharArray), RepositoryOptions.DEFAULT);
  }

  @AfterContainer
  static void close() throws IOException {
    repository.close();
  }

  @Property(tries = 8)
  void eachTreeOfAHistoryComesBack(@ForAll("histories") List<Tree> history) throws Exception {
    List<Snapshot> snapshots = new ArrayList<>();
    for (Tree tree : history) {
      snapshots.add(repository.backup(TreeSource.of("history", tree)).snapshot());
    }
    for (int i = 0; i < history.size(); i++) {
      try (SnapshotReader reader = repository.open(snapshots.get(i))) {
        assertEquals(history.get(i), Tree.read(reader));
      }
    }
  }

  @Provide
  Arbitrary<List<Tree>> histories() {
    return TreeArbitraries.histories();
  }

  @Example
  void aTreeKnowsWhatCanBeAdded() {
    EntryPath file = EntryPath.of("a/file");
    Tree tree = Tree.EMPTY.with(file, Tree.Item.file(Attributes.PLAIN, new byte[3]));
    assertEquals(List.of(EntryPath.of("a"), file), List.copyOf(tree.entries().keySet()));
    assertEquals(false, tree.isFree(file));
    assertEquals(false, tree.isFree(file.child("below")));
    assertEquals(false, tree.isFree(EntryPath.of(".backup/x")));
    assertEquals(true, tree.isFree(EntryPath.of("a/other")));
    assertEquals(Tree.EMPTY, tree.without(EntryPath.of("a")));
    assertThrows(
        IllegalArgumentException.class,
        () -> tree.with(file.child("below"), Tree.Item.directory(Attributes.PLAIN_DIRECTORY)));
  }
}
