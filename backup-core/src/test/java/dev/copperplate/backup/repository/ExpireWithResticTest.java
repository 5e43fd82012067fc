package dev.copperplate.backup.repository;

import static dev.copperplate.backup.repository.TestHistory.NOTHING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupSource;
import dev.copperplate.backup.CaptureContext;
import dev.copperplate.backup.RunId;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.SnapshotWriter;
import dev.copperplate.backup.SourceId;
import dev.copperplate.backup.restic.Restic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stock restic sees what we removed, and what it changed is still found. */
class ExpireWithResticTest {

  private static final Pattern ID = Pattern.compile("\"id\":\"([0-9a-f]{64})\"");

  @TempDir Path directory;

  private Restic restic;
  private BackupRepository repository;
  private StoredHistory history;

  @BeforeEach
  void create() throws Exception {
    Path place = directory.resolve("repository");
    repository = TestRepositories.create(place);
    restic = Restic.stock().at(place, TestRepositories.PASSWORD);
    history = new StoredHistory(place, repository);
  }

  @AfterEach
  void close() throws IOException {
    repository.close();
  }

  @Test
  void resticListsExactlyWhatWasKeptAndFindsNothingWrong() throws Exception {
    history.add("one", "base");
    history.add("one", "child", "base");
    history.add("one", "other");
    history.add("one", "held");
    history.add("one", "newest", "child");
    repository.hold(history.get("held"), "audit");
    repository.expire(repository.plan(NOTHING));
    assertEquals(Set.of("base", "child", "held", "newest"), history.runs());
    assertEquals(listedHere(), listedByRestic());
    WrittenRepositoryTest.assertClean(restic);
    restic.succeed("prune");
    WrittenRepositoryTest.assertClean(restic);
  }

  @Test
  void aParentThatResticTaggedAndRewroteIsStillNeeded() throws Exception {
    Snapshot base = history.add("one", "base");
    history.add("two", "child", "base");
    history.add("one", "newest");
    restic.succeed("tag", "--add", "seen", base.id().hex());
    Snapshot tagged = history.get("base");
    assertNotEquals(base.id(), tagged.id());
    assertStays(tagged);
    restic.succeed("rewrite", "--forget", "--exclude", "/left out", tagged.id().hex());
    Snapshot rewritten = history.get("base");
    assertNotEquals(tagged.content(), rewritten.content());
    assertStays(rewritten);

    // Both of one run: which of them is needed is not known.
    restic.succeed("rewrite", "--exclude", "/kept", rewritten.id().hex());
    List<Snapshot> both = repository.list(SnapshotFilter.of(new RunId("base")));
    assertEquals(2, both.size());
    for (Snapshot each : both) {
      assertStays(each);
    }
    assertEquals(listedHere(), listedByRestic());
  }

  @Test
  void aForeignParentIsFoundByItsFirstId() throws Exception {
    Path files = Files.createDirectory(directory.resolve("files"));
    Files.writeString(files.resolve("kept"), "some");
    Files.writeString(files.resolve("left out"), "more");
    restic.succeed("backup", "--host", "foreign", files.toString());
    restic.succeed("backup", "--host", "foreign", "--force", files.toString());
    restic.succeed("backup", "--host", "foreign", "--force", files.toString());
    List<Snapshot> foreign =
        repository.list(SnapshotFilter.ALL).stream()
            .filter(each -> each.environment().equals("foreign"))
            .toList();
    Snapshot tagged = foreign.get(2);
    Snapshot rewritten = foreign.get(1);
    repository.backup(new Dependent(List.of(tagged, rewritten)));
    restic.succeed("tag", "--add", "seen", tagged.id().hex());
    restic.succeed("rewrite", "--forget", "--exclude", "left out", rewritten.id().hex());
    for (Snapshot each : List.of(tagged, rewritten)) {
      Snapshot now = history.get(each.run().value());
      assertNotEquals(each.id(), now.id());
      assertStays(now);
    }
  }

  /** A system that needs other snapshots. */
  private record Dependent(List<Snapshot> needs) implements BackupSource {

    @Override
    public SourceId id() {
      return new SourceId("map", "dependent");
    }

    @Override
    public void capture(SnapshotWriter writer, CaptureContext context) throws IOException {
      for (Snapshot each : needs) {
        writer.dependsOn(each);
      }
    }
  }

  private void assertStays(Snapshot snapshot) throws Exception {
    repository.expire(repository.plan(NOTHING));
    assertTrue(repository.list(SnapshotFilter.ALL).contains(snapshot), snapshot::toString);
  }

  private Set<String> listedHere() throws IOException {
    Set<String> ids = new TreeSet<>();
    repository.list(SnapshotFilter.ALL).forEach(each -> ids.add(each.id().hex()));
    return ids;
  }

  private Set<String> listedByRestic() throws Exception {
    Set<String> ids = new TreeSet<>();
    Matcher found = ID.matcher(restic.succeed("snapshots", "--json"));
    while (found.find()) {
      ids.add(found.group(1));
    }
    return ids;
  }
}
