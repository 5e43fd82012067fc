package dev.copperplate.backup.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.BackupSource;
import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.CaptureContext;
import dev.copperplate.backup.ContentId;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryOutput;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.EntryType;
import dev.copperplate.backup.RawName;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.SnapshotWriter;
import dev.copperplate.backup.SourceId;
import dev.copperplate.backup.target.LocalTarget;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeTry;

/**
 * A directory that did not change is taken over from the previous snapshot without being written
 * again. Whatever happens to entries, the snapshot must be to the byte the one that a capture
 * without a previous snapshot makes.
 */
class UnchangedDirectoriesProperties {

  private static final Instant TIME = Instant.parse("2024-02-29T12:00:00.5Z");

  private Path parent;
  private BackupRepository repository;
  private int sources;

  @BeforeTry
  void create() throws Exception {
    parent = Files.createTempDirectory("unchanged-directories");
    BackupTarget target = LocalTarget.at(parent.resolve("repository"));
    TestRepositories.create(target, RepositoryOptions.DEFAULT).close();
    repository = TestRepositories.openWithoutRivals(target, RepositoryOptions.DEFAULT);
  }

  @AfterTry
  void remove() throws Exception {
    repository.close();
    DeletedTree.delete(parent);
  }

  /** An entry: its type and content, and the version of its metadata. */
  record Made(EntryType type, String content, int version) {

    Attributes attributes() {
      return Attributes.PLAIN.modified(TIME.plusSeconds(version)).permissions(0700);
    }
  }

  /**
   * What happens to a path before the next capture.
   *
   * @param from whose content a file takes over, as a source does that knows of a rename
   */
  record Step(EntryPath path, Optional<Made> now, EntryPath from) {}

  @Property(tries = 60)
  void areTheSameAsWrittenAnew(@ForAll("histories") List<List<Step>> history) throws Exception {
    Map<EntryPath, Made> state = new TreeMap<>();
    state.put(EntryPath.of("a"), new Made(EntryType.DIRECTORY, "", 0));
    state.put(EntryPath.of("a/x"), new Made(EntryType.FILE, "one", 0));
    state.put(EntryPath.of("a/y"), new Made(EntryType.FILE, "two", 0));
    state.put(EntryPath.of("b"), new Made(EntryType.DIRECTORY, "", 0));
    state.put(EntryPath.of("b/x"), new Made(EntryType.FILE, "six", 0));
    state.put(EntryPath.of("b/l"), new Made(EntryType.SYMLINK, "x", 0));
    for (List<Step> steps : history) {
      Map<EntryPath, EntryPath> taken = new TreeMap<>();
      for (Step step : steps) {
        apply(step, state, taken);
      }
      ContentId after = capture("kept", state, taken);
      sources++;
      ContentId anew = capture("anew-" + sources, state, Map.of());
      assertEquals(anew, after, () -> "after " + steps);
    }
  }

  /** An entry of the same name, size and metadata, but of another directory. */
  @Property(tries = 1)
  void anEntryOfAnotherDirectoryIsAChange() throws Exception {
    EntryPath path = EntryPath.of("a/x");
    Made made = new Made(EntryType.FILE, "", 0);
    Step step = new Step(path, Optional.of(made), EntryPath.of("b/x"));
    areTheSameAsWrittenAnew(List.of(List.of(), List.of(step)));
  }

  /** Whoever compares nothing would find the snapshots above the same, too. */
  @Property(tries = 1)
  void differWhereSomethingChanged() throws Exception {
    Map<EntryPath, Made> state = new TreeMap<>();
    state.put(EntryPath.of("x"), new Made(EntryType.FILE, "one", 0));
    ContentId before = capture("changing", state, Map.of());
    state.put(EntryPath.of("x"), new Made(EntryType.FILE, "one", 1));
    assertNotEquals(before, capture("changing", state, Map.of()));
  }

  private static void apply(
      Step step, Map<EntryPath, Made> state, Map<EntryPath, EntryPath> taken) {
    if (step.now().isEmpty()) {
      state.keySet().removeIf(each -> each.startsWith(step.path()));
      return;
    }
    boolean inDirectory =
        step.path().parent().isRoot()
            || Optional.ofNullable(state.get(step.path().parent()))
                .filter(each -> each.type() == EntryType.DIRECTORY)
                .isPresent();
    Made now = step.now().get();
    if (!inDirectory) {
      return;
    }
    if (now.type() != EntryType.DIRECTORY) {
      state.keySet().removeIf(each -> each.startsWith(step.path()));
    }
    Made original = state.get(step.from());
    if (now.type() == EntryType.FILE && original != null && original.type() == EntryType.FILE) {
      now = new Made(EntryType.FILE, original.content(), now.version());
      taken.put(step.path(), step.from());
    }
    state.put(step.path(), now);
  }

  private ContentId capture(
      String name, Map<EntryPath, Made> state, Map<EntryPath, EntryPath> taken) throws Exception {
    return repository
        .backup(new Source(new SourceId(SourceId.FILES, name), state, taken))
        .snapshot()
        .content();
  }

  /** Reuses what the previous snapshot has, as far as the content says so. */
  private record Source(SourceId id, Map<EntryPath, Made> state, Map<EntryPath, EntryPath> taken)
      implements BackupSource {

    @Override
    public void capture(SnapshotWriter writer, CaptureContext context) throws IOException {
      for (Map.Entry<EntryPath, Made> each : state.entrySet()) {
        EntryPath path = each.getKey();
        Made made = each.getValue();
        switch (made.type()) {
          case DIRECTORY -> writer.directory(path, made.attributes());
          case SYMLINK -> writer.symlink(path, RawName.of(made.content()), made.attributes());
          default -> {
            if (!reused(writer, context.previous(), path, made)) {
              try (EntryOutput out = writer.file(path, made.attributes())) {
                out.write(made.content().getBytes(StandardCharsets.UTF_8));
                out.commit();
              }
            }
          }
        }
      }
    }

    private boolean reused(
        SnapshotWriter writer, Optional<SnapshotReader> previous, EntryPath path, Made made)
        throws IOException {
      if (previous.isEmpty()) {
        return false;
      }
      Optional<Entry> entry = previous.get().entry(taken.getOrDefault(path, path));
      if (entry.isEmpty() || entry.get().type() != EntryType.FILE) {
        return false;
      }
      byte[] before;
      try (var in = previous.get().open(entry.get(), ByteRange.ALL)) {
        before = in.readAllBytes();
      }
      return new String(before, StandardCharsets.UTF_8).equals(made.content())
          && writer.reuse(path, made.attributes(), entry.get());
    }
  }

  @Provide
  static Arbitrary<List<List<Step>>> histories() {
    List<EntryPath> paths = new ArrayList<>();
    for (String path : List.of("a", "b", "c", "a/x", "a/y", "a/z", "b/x", "b/l", "a/c", "a/c/x")) {
      paths.add(EntryPath.of(path));
    }
    Arbitrary<Made> made =
        Combinators.combine(
                Arbitraries.of(EntryType.FILE, EntryType.DIRECTORY, EntryType.SYMLINK),
                Arbitraries.of("one", "two", "six"),
                Arbitraries.integers().between(0, 1))
            .as(Made::new);
    Arbitrary<Step> steps =
        Combinators.combine(Arbitraries.of(paths), made.optional(0.7), Arbitraries.of(paths))
            .as(Step::new);
    return steps.list().ofMaxSize(4).list().ofMinSize(2).ofMaxSize(5);
  }
}
