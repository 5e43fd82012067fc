package dev.copperplate.backup.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.BackupSource;
import dev.copperplate.backup.CaptureContext;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryOutput;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.RawName;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.SnapshotWriter;
import dev.copperplate.backup.SourceId;
import dev.copperplate.backup.repository.run.MemoryBudget;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.target.LocalTarget;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The contract of the writer, line by line, as a source meets it. */
@Timeout(60)
class SnapshotWriterTest {

  private static final EntryPath FILE = EntryPath.of("a/b/file");

  @TempDir Path directory;

  private GatedTarget target;
  private BackupRepository repository;

  @BeforeEach
  void create() throws Exception {
    target = new GatedTarget(LocalTarget.at(directory));
    repository = TestRepositories.create(target, RepositoryOptions.DEFAULT.memoryBytes(80 << 20));
  }

  @AfterEach
  void close() throws Exception {
    target.open();
    repository.close();
  }

  @Test
  void aPathIsWrittenOnce() throws Exception {
    backup(
        (writer, context) -> {
          write(writer, FILE, "one");
          refuses(() -> write(writer, FILE, "two"));
          refuses(() -> writer.symlink(FILE, RawName.of("x"), Attributes.PLAIN));
          refuses(() -> write(writer, FILE.child("below"), "a file is no directory"));
          refuses(() -> write(writer, EntryPath.of("a/b"), "a directory is no file"));
          refuses(() -> write(writer, EntryPath.ROOT, "the root is no file"));
        });
    assertEquals(List.of("/a", "/a/b", "/a/b/file"), paths());
  }

  @Test
  void nothingStartsBelowACompletedDirectoryHoweverDeep() throws Exception {
    backup(
        (writer, context) -> {
          write(writer, FILE, "one");
          writer.complete(EntryPath.of("a"));
          refuses(() -> write(writer, EntryPath.of("a/late"), "late"));
          refuses(() -> write(writer, EntryPath.of("a/b/late"), "late"));
          refuses(() -> write(writer, EntryPath.of("a/new/late"), "late"));
          refuses(() -> writer.directory(EntryPath.of("a/b"), Attributes.PLAIN_DIRECTORY));
          write(writer, EntryPath.of("c"), "beside it");
        });
    assertEquals(List.of("/a", "/a/b", "/a/b/file", "/c"), paths());
  }

  @Test
  void aDirectoryThatIsCompletedGivesBackWhatLiesBelowIt() throws Exception {
    backup(
        (writer, context) -> {
          write(writer, FILE, "one");
          try (EntryOutput open = writer.file(EntryPath.of("a/b/open"), Attributes.PLAIN)) {
            writer.complete(EntryPath.of("a"));
            open.write(1);
            open.commit();
          }
          refuses(() -> writer.directory(EntryPath.of("a"), Attributes.PLAIN_DIRECTORY));
        });
    assertEquals(List.of("/a", "/a/b", "/a/b/file", "/a/b/open"), paths());
  }

  @Test
  void theEnginesOwnManifestFitsBehindACompletedRoot() throws Exception {
    BackupReport report =
        backup(
            (writer, context) -> {
              write(writer, EntryPath.of(".backup/RESTORE.md"), "how");
              writer.fact("key", "value");
              writer.complete(EntryPath.of(".backup"));
              writer.complete(EntryPath.ROOT);
            });
    try (SnapshotReader reader = repository.open(report.snapshot())) {
      assertEquals("value", reader.manifest().get("key").orElseThrow());
    }
  }

  @Test
  void aFileThatWasNotCommittedIsNotThereAndWarnedOf() throws Exception {
    BackupReport report =
        backup(
            (writer, context) -> {
              try (EntryOutput out = writer.file(FILE, Attributes.PLAIN)) {
                out.write(new byte[3_000_000]);
              }
            });
    assertEquals(SnapshotState.PARTIAL, report.snapshot().state());
    assertEquals(Finding.Severity.WARNING, report.findings().get(0).severity());
    assertEquals(FILE.toString(), report.findings().get(0).subject());
    assertEquals(List.of("/a", "/a/b"), paths());
  }

  @Test
  void whatIsWrittenAgainInAnyFormIsNotWarnedOf() throws Exception {
    BackupReport report =
        backup(
            (writer, context) -> {
              Entry content = write(writer, EntryPath.of("content"), "content");
              for (String name : List.of("file", "link", "reused")) {
                writer.file(EntryPath.of(name), Attributes.PLAIN).close();
              }
              write(writer, EntryPath.of("file"), "again");
              writer.symlink(EntryPath.of("link"), RawName.of("x"), Attributes.PLAIN);
              assertTrue(writer.reuse(EntryPath.of("reused"), Attributes.PLAIN, content));
            });
    assertEquals(List.of(), report.findings());
    assertEquals(SnapshotState.COMPLETE, report.snapshot().state());
    assertEquals(List.of("/content", "/file", "/link", "/reused"), paths());
  }

  @Test
  void oneFileTooManyIsRefusedAndChangesNothing() throws Exception {
    backup(
        (writer, context) -> {
          List<EntryOutput> open = new ArrayList<>();
          for (int i = 0; i < context.openFiles(); i++) {
            open.add(writer.file(EntryPath.of("f" + i), Attributes.PLAIN));
          }
          assertThrows(
              IllegalStateException.class,
              () -> writer.file(EntryPath.of("more"), Attributes.PLAIN));
          open.remove(0).commit();
          open.add(writer.file(EntryPath.of("more"), Attributes.PLAIN));
          for (EntryOutput each : open) {
            each.commit();
            each.close();
          }
        });
    assertTrue(paths().contains("/more"));
  }

  @Test
  void aSourceThatReturnsWithAnOpenFileMakesNoSnapshot() {
    assertThrows(
        IllegalStateException.class,
        () ->
            backup(
                (writer, context) -> {
                  EntryOutput forgotten = writer.file(FILE, Attributes.PLAIN);
                  forgotten.write(1);
                }));
  }

  @Test
  void aFileWithAHoleCannotBeCommitted() throws Exception {
    target.hold(2);
    BackupReport report =
        backup(
            (writer, context) -> {
              Thread writing = Thread.currentThread();
              Thread interrupter =
                  new Thread(
                      () -> {
                        EngineThreads.awaitOneIn(MemoryBudget.class, "acquire");
                        writing.interrupt();
                      });
              interrupter.start();
              Random random = new Random(5);
              byte[] block = new byte[1 << 20];
              try (EntryOutput out = writer.file(FILE, Attributes.PLAIN)) {
                assertThrows(
                    InterruptedIOException.class,
                    () -> {
                      while (true) {
                        random.nextBytes(block);
                        out.write(block);
                      }
                    });
                assertTrue(Thread.interrupted(), "The source swallows it");
                target.open();
                assertThrows(IOException.class, () -> out.write(block));
                assertThrows(IOException.class, out::commit);
              }
              interrupter.join();
              write(writer, FILE, "again");
            });
    assertEquals(SnapshotState.COMPLETE, report.snapshot().state());
    assertEquals(List.of("/a", "/a/b", "/a/b/file"), paths());
  }

  @Test
  void reuseSaysNoWhenAPackIsGoneAndTheFileIsWrittenAgain() throws Exception {
    Snapshot first = backup((w, c) -> write(w, FILE, "content")).snapshot();
    Entry entry;
    try (SnapshotReader reader = repository.open(first)) {
      entry = reader.entry(FILE).orElseThrow();
    }
    for (Path pack : new Damage(directory).files(ObjectKind.PACK)) {
      Damage.remove(pack);
    }
    BackupReport report =
        backup(
            (writer, context) -> {
              assertFalse(writer.reuse(FILE, Attributes.PLAIN, entry));
              write(writer, FILE, "content");
            });
    try (SnapshotReader reader = repository.open(report.snapshot())) {
      assertEquals(7, reader.entry(FILE).orElseThrow().size());
    }
  }

  @Test
  void aDependencyThatGoesMeanwhileIsAConflict() throws Exception {
    Snapshot first = backup((w, c) -> write(w, FILE, "content")).snapshot();
    BackupException thrown =
        assertThrows(
            BackupException.class,
            () ->
                backup(
                    (writer, context) -> {
                      writer.dependsOn(first);
                      Damage.remove(new Damage(directory).files(ObjectKind.SNAPSHOT).get(0));
                    }));
    assertEquals(Kind.CONFLICT, thrown.kind());
    assertEquals(List.of(), repository.list(SnapshotFilter.ALL));
  }

  @Test
  void aPackThatGoesMeanwhileIsAConflict() throws Exception {
    backup((w, c) -> write(w, FILE, "content"));
    BackupException thrown =
        assertThrows(
            BackupException.class,
            () ->
                backup(
                    (writer, context) -> {
                      write(writer, FILE, "content");
                      context.workers().join();
                      EntryPath previous = EntryPath.of("reused");
                      Entry entry = context.previous().orElseThrow().entry(FILE).orElseThrow();
                      assertTrue(writer.reuse(previous, Attributes.PLAIN, entry));
                      for (Path pack : new Damage(directory).files(ObjectKind.PACK)) {
                        Damage.remove(pack);
                      }
                    }));
    assertEquals(Kind.CONFLICT, thrown.kind());
    assertEquals(1, repository.list(SnapshotFilter.ALL).size());
  }

  private BackupReport backup(PausingSource.Pause capture)
      throws IOException, InterruptedException {
    return repository.backup(new PausingSource(new Nothing(), capture));
  }

  private List<String> paths() throws Exception {
    List<String> paths = new ArrayList<>();
    Snapshot snapshot = repository.list(SnapshotFilter.ALL).get(0);
    try (SnapshotReader reader = repository.open(snapshot);
        Cursor<Entry> walk = reader.walk(EntryPath.ROOT, Integer.MAX_VALUE)) {
      for (Entry each = walk.next(); each != null; each = walk.next()) {
        if (!each.path().startsWith(EntryPath.of(".backup"))) {
          paths.add(each.path().toString());
        }
      }
    }
    return paths;
  }

  private static Entry write(SnapshotWriter writer, EntryPath path, String content)
      throws IOException {
    try (EntryOutput out = writer.file(path, Attributes.PLAIN)) {
      out.write(content.getBytes(StandardCharsets.UTF_8));
      return out.commit();
    }
  }

  private interface Call {
    void make() throws IOException;
  }

  private static void refuses(Call call) {
    assertThrows(IllegalArgumentException.class, call::make);
  }

  /** Captures nothing by itself. */
  private static final class Nothing implements BackupSource {

    @Override
    public SourceId id() {
      return new SourceId("contract", "one");
    }

    @Override
    public void capture(SnapshotWriter writer, CaptureContext context) {}
  }
}
