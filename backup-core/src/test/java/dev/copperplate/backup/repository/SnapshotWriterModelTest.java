package dev.copperplate.backup.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.BackupSource;
import dev.copperplate.backup.CaptureContext;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryOutput;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.RawName;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.SnapshotWriter;
import dev.copperplate.backup.SourceId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Any order of calls on a writer does what a simple model says, or is refused by both. */
class SnapshotWriterModelTest {

  private static final int OPEN_FILES = 4;

  private static Path parent;
  private static BackupRepository repository;

  @BeforeContainer
  static void create() throws Exception {
    parent = Files.createTempDirectory("writer-model");
    repository = TestRepositories.create(parent.resolve("repository"));
  }

  @AfterContainer
  static void delete() throws Exception {
    repository.close();
    DeletedTree.delete(parent);
  }

  @Property(tries = 60)
  void agreesWithTheModel(
      @ForAll @Size(max = 60) List<@IntRange(min = 0, max = 1_000_000) Integer> calls)
      throws Exception {
    Source source = new Source(calls);
    BackupReport report = repository.backup(source);
    try (SnapshotReader reader = repository.open(report.snapshot())) {
      assertEquals(source.model.tree, TreeModel.read(reader));
    }
    Set<String> warned = new TreeSet<>();
    for (Finding each : report.findings()) {
      warned.add(each.subject());
    }
    Set<String> expected = new TreeSet<>();
    source.model.abandoned.forEach(each -> expected.add(each.toString()));
    assertEquals(expected, warned);
  }

  /** What should have happened. */
  private static final class Model {

    private final TreeModel tree = TreeModel.empty();
    private final Set<EntryPath> open = new HashSet<>();
    private final Set<EntryPath> completed = new HashSet<>();
    private final Set<EntryPath> described = new HashSet<>();
    private final Set<EntryPath> abandoned = new HashSet<>();

    boolean isDirectory(EntryPath path) {
      return path.isRoot() || "directory".equals(tree.entries().get(path));
    }

    boolean isTaken(EntryPath path) {
      return path.isRoot() || tree.entries().containsKey(path) || open.contains(path);
    }

    /** Whether a new entry may be put there. */
    boolean isFree(EntryPath path) {
      return !isTaken(path) && isUsable(path.parent());
    }

    /** Whether it is, or can become, a directory that takes something new. */
    boolean isUsable(EntryPath directory) {
      for (EntryPath at = directory; !at.isRoot(); at = at.parent()) {
        if (completed.contains(at) || isTaken(at) && !isDirectory(at)) {
          return false;
        }
      }
      return true;
    }

    /** Whether it, or one above it, was completed. */
    boolean isClosed(EntryPath directory) {
      return completed.stream().anyMatch(directory::startsWith);
    }
  }

  private static final class Source implements BackupSource {

    private final List<Integer> calls;
    private final Model model = new Model();
    private final Map<EntryPath, EntryOutput> outputs = new TreeMap<>();
    private final Map<EntryPath, String> written = new TreeMap<>();
    private final Map<EntryPath, Entry> committed = new TreeMap<>();

    Source(List<Integer> calls) {
      this.calls = calls;
    }

    @Override
    public SourceId id() {
      return new SourceId("model", "one");
    }

    @Override
    public void capture(SnapshotWriter writer, CaptureContext context) throws IOException {
      for (int call : calls) {
        make(call, writer);
      }
      for (EntryPath each : new ArrayList<>(outputs.keySet())) {
        end(each, true);
      }
    }

    private void make(int call, SnapshotWriter writer) throws IOException {
      int kind = call % 11;
      EntryPath path = path(call / 11);
      switch (kind) {
        case 0, 1, 2 -> open(path, writer);
        case 3 -> write(call);
        case 4, 5 -> end(pick(call), true);
        case 6 -> end(pick(call), false);
        case 7 -> complete(path, writer);
        case 8 -> reuse(path, call, writer);
        case 9 -> link(path, writer);
        default -> describe(path, writer);
      }
    }

    /** Few names, so that they meet. */
    private static EntryPath path(int number) {
      EntryPath path = EntryPath.ROOT;
      int depth = 1 + number % 3;
      int left = number / 3;
      for (int i = 0; i < depth; i++) {
        path = path.child(String.valueOf((char) ('a' + left % 3)));
        left /= 3;
      }
      return path;
    }

    private EntryPath pick(int call) {
      List<EntryPath> open = new ArrayList<>(outputs.keySet());
      return open.isEmpty() ? EntryPath.ROOT : open.get(call / 11 % open.size());
    }

    private void open(EntryPath path, SnapshotWriter writer) throws IOException {
      if (outputs.size() == OPEN_FILES) {
        return;
      }
      boolean free = model.isFree(path);
      refusedUnless(
          free, "file " + path, () -> outputs.put(path, writer.file(path, Attributes.PLAIN)));
      if (free) {
        model.abandoned.remove(path);
        model.open.add(path);
        model.tree.directory(path.parent());
        written.put(path, "");
      }
    }

    private void write(int call) throws IOException {
      EntryPath path = pick(call);
      if (!path.isRoot()) {
        String text = "text " + call % 5;
        outputs.get(path).write(text.getBytes(StandardCharsets.UTF_8));
        written.merge(path, text, String::concat);
      }
    }

    private void end(EntryPath path, boolean commit) throws IOException {
      if (path.isRoot()) {
        return;
      }
      try (EntryOutput out = outputs.remove(path)) {
        if (commit) {
          committed.put(path, out.commit());
          model.tree.file(path, written.get(path).getBytes(StandardCharsets.UTF_8));
        } else {
          model.abandoned.add(path);
        }
      }
      model.open.remove(path);
    }

    private void complete(EntryPath path, SnapshotWriter writer) throws IOException {
      boolean known = model.isClosed(path);
      boolean usable =
          known || model.isUsable(path) && (!model.isTaken(path) || model.isDirectory(path));
      refusedUnless(usable, "complete " + path, () -> writer.complete(path));
      if (usable && !known) {
        model.tree.directory(path);
        model.completed.add(path);
      }
    }

    private void reuse(EntryPath path, int call, SnapshotWriter writer) throws IOException {
      if (committed.isEmpty()) {
        return;
      }
      List<EntryPath> all = new ArrayList<>(committed.keySet());
      EntryPath from = all.get(call / 11 % all.size());
      boolean free = model.isFree(path);
      refusedUnless(
          free,
          "reuse " + path,
          () -> {
            if (!writer.reuse(path, Attributes.PLAIN, committed.get(from))) {
              fail("The content of this very snapshot is gone");
            }
          });
      if (free) {
        model.abandoned.remove(path);
        model.tree.file(path, written.get(from).getBytes(StandardCharsets.UTF_8));
      }
    }

    private void link(EntryPath path, SnapshotWriter writer) throws IOException {
      boolean free = model.isFree(path);
      refusedUnless(
          free, "link " + path, () -> writer.symlink(path, RawName.of("target"), Attributes.PLAIN));
      if (free) {
        model.abandoned.remove(path);
        model.tree.link(path, "target".getBytes(StandardCharsets.UTF_8));
      }
    }

    private void describe(EntryPath path, SnapshotWriter writer) throws IOException {
      boolean usable =
          model.isUsable(path)
              && (!model.isTaken(path) || model.isDirectory(path))
              && !model.described.contains(path);
      refusedUnless(
          usable, "directory " + path, () -> writer.directory(path, Attributes.PLAIN_DIRECTORY));
      if (usable) {
        model.tree.directory(path);
        model.described.add(path);
      }
    }

    private interface Call {
      void make() throws IOException;
    }

    private static void refusedUnless(boolean allowed, String what, Call call) throws IOException {
      try {
        call.make();
      } catch (IllegalArgumentException refused) {
        if (allowed) {
          throw new AssertionError(what + " is refused", refused);
        }
        return;
      }
      if (!allowed) {
        fail(what + " is not refused");
      }
    }
  }
}
