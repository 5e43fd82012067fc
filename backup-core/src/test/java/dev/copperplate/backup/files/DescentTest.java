package dev.copperplate.backup.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryPath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DescentTest {

  private final MemorySnapshot snapshot = new MemorySnapshot();
  private final Recorder recorder = new Recorder();

  private void run() throws IOException, InterruptedException {
    try (Cursor<Entry> walk = snapshot.walk(EntryPath.ROOT, Integer.MAX_VALUE)) {
      new Descent<>(recorder).run(walk, EntryPath.ROOT);
    }
  }

  @Test
  void everyDirectoryIsLeftAfterWhatItHolds() throws Exception {
    snapshot.directory("a", 0700).directory("a/b", 0700).file("a/b/c", "").file("d", "");
    run();
    assertEquals(
        List.of("/a", "/a/b", "/a/b/c", "left /a/b", "left /a", "/d", "left /"), recorder.events);
  }

  @Test
  void whatIsBelowASkippedDirectoryIsNotSeen() throws Exception {
    snapshot.directory("skip", 0700).directory("skip/b", 0700).file("skip/b/c", "").file("t", "");
    run();
    assertEquals(List.of("/skip", "/t", "left /"), recorder.events);
  }

  @Test
  void entriesWithoutTheirDirectoryAreRefused() throws Exception {
    snapshot.file("a/b", "").directory("c", 0700).file("c/d/e", "");
    run();
    assertEquals(
        List.of("refused /a/b", "/c", "refused /c/d/e", "left /c", "left /"), recorder.events);
  }

  @Test
  void theDepthIsBounded() throws Exception {
    StringBuilder path = new StringBuilder("d");
    for (int i = 0; i < Descent.MAX_DEPTH + 10; i++) {
      snapshot.directory(path.toString(), 0700);
      path.append("/d");
    }
    run();
    assertEquals(1, recorder.events.stream().filter(each -> each.startsWith("refused")).count());
    assertEquals(2 * Descent.MAX_DEPTH + 2, recorder.events.size());
  }

  @Test
  void afterAFailureDirectoriesAreAbandonedAndNotLeft() {
    snapshot.directory("a", 0700).directory("a/b", 0700).file("a/b/fail", "");
    assertThrows(IOException.class, this::run);
    assertEquals(
        List.of("/a", "/a/b", "abandoned /a/b", "abandoned /a", "abandoned /"), recorder.events);
  }

  /** Writes down what it is told. */
  private static final class Recorder implements Descent.Visitor<EntryPath> {

    private final List<String> events = new ArrayList<>();

    @Override
    public @Nullable EntryPath directory(EntryPath parent, Entry entry) {
      events.add(entry.path().toString());
      return entry.path().name().toString().equals("skip") ? null : entry.path();
    }

    @Override
    public void other(EntryPath parent, Entry entry) throws IOException {
      if (entry.path().name().toString().equals("fail")) {
        throw new IOException("as told");
      }
      events.add(entry.path().toString());
    }

    @Override
    public void left(EntryPath directory) {
      events.add("left " + directory);
    }

    @Override
    public void abandoned(EntryPath directory) {
      events.add("abandoned " + directory);
    }

    @Override
    public void broken(BackupException failure) {
      events.add("broken " + failure.getMessage());
    }

    @Override
    public void refused(Entry entry, String why) {
      events.add("refused " + entry.path());
    }
  }
}
