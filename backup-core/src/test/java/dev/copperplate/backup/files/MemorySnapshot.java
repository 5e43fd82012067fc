package dev.copperplate.backup.files;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.ContentId;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryOutput;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.EntryType;
import dev.copperplate.backup.Manifest;
import dev.copperplate.backup.RawName;
import dev.copperplate.backup.RunId;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotId;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.SnapshotWriter;
import dev.copperplate.backup.SourceId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot in memory that is as strict as its contract when written, and as nasty as told when
 * read.
 */
final class MemorySnapshot implements SnapshotWriter, SnapshotReader {

  /** One entry with its bytes. */
  record Item(
      EntryPath path,
      EntryType type,
      Attributes attributes,
      RawName content,
      long size,
      Optional<RawName> linkTarget,
      long deviceNumber)
      implements Entry {}

  private static final RawName NOTHING = RawName.of("");

  private final NavigableMap<EntryPath, Item> entries = new TreeMap<>();
  private final Set<EntryPath> completed = new HashSet<>();
  private final Set<EntryPath> started = new HashSet<>();
  private final Map<EntryPath, BackupException.Kind> broken = new HashMap<>();
  private final List<Item> hostile = new ArrayList<>();
  private final AtomicInteger open = new AtomicInteger();
  private final int openFiles;
  int mostOpen;
  final List<EntryPath> read = new ArrayList<>();
  final List<EntryPath> reused = new ArrayList<>();
  boolean forgetful;
  Consumer<Entry> beforeNext = entry -> {};
  Consumer<Entry> onOpen = entry -> {};
  Consumer<EntryPath> onFile = path -> {};

  MemorySnapshot() {
    this(6);
  }

  MemorySnapshot(int openFiles) {
    this.openFiles = openFiles;
  }

  // ---- what tests arrange

  MemorySnapshot directory(String path, int mode) {
    return put(path, EntryType.DIRECTORY, TestAttributes.of(mode), new byte[0], null);
  }

  MemorySnapshot file(String path, String content) {
    return file(path, content.getBytes(StandardCharsets.UTF_8), TestAttributes.of(0644));
  }

  MemorySnapshot file(String path, byte[] content, Attributes attributes) {
    return put(path, EntryType.FILE, attributes, content, null);
  }

  MemorySnapshot symlink(String path, String target) {
    return put(path, EntryType.SYMLINK, TestAttributes.of(0777), new byte[0], RawName.of(target));
  }

  MemorySnapshot item(Item item) {
    entries.put(item.path(), item);
    return this;
  }

  private MemorySnapshot put(
      String path,
      EntryType type,
      Attributes attributes,
      byte[] content,
      @Nullable RawName target) {
    EntryPath at = EntryPath.of(path);
    return item(
        new Item(
            at,
            type,
            attributes,
            RawName.of(content),
            content.length,
            Optional.ofNullable(target),
            0));
  }

  /** Reading the entry (a directory: its children, a file: its second half) fails. */
  MemorySnapshot breaks(String path, BackupException.Kind kind) {
    broken.put(EntryPath.of(path), kind);
    return this;
  }

  /** The walk yields this entry after all others, wherever it claims to lie. */
  MemorySnapshot hostile(Item item) {
    hostile.add(item);
    return this;
  }

  NavigableMap<EntryPath, Item> entries() {
    return entries;
  }

  Item get(String path) {
    return get(EntryPath.of(path));
  }

  Item get(EntryPath path) {
    Item item = entries.get(path);
    if (item == null) {
      throw new AssertionError("No " + path + " in " + entries.keySet());
    }
    return item;
  }

  // ---- writing

  @Override
  public synchronized EntryOutput file(EntryPath path, Attributes attributes) {
    start(path);
    int now = open.incrementAndGet();
    if (now > openFiles) {
      throw new IllegalStateException("More than " + openFiles + " open files");
    }
    mostOpen = Math.max(mostOpen, now);
    onFile.accept(path);
    return new Output(path, attributes);
  }

  @Override
  public synchronized void directory(EntryPath path, Attributes attributes) {
    if (completed.contains(path)) {
      throw new IllegalArgumentException(path + " is complete");
    }
    start(path);
    add(new Item(path, EntryType.DIRECTORY, attributes, NOTHING, 0, Optional.empty(), 0));
  }

  @Override
  public synchronized void symlink(EntryPath path, RawName target, Attributes attributes) {
    start(path);
    add(new Item(path, EntryType.SYMLINK, attributes, NOTHING, 0, Optional.of(target), 0));
  }

  @Override
  public synchronized void special(
      EntryPath path, EntryType type, long deviceNumber, Attributes attributes) {
    start(path);
    add(new Item(path, type, attributes, NOTHING, 0, Optional.empty(), deviceNumber));
  }

  @Override
  public synchronized boolean reuse(EntryPath path, Attributes attributes, Entry content) {
    if (forgetful) {
      return false;
    }
    start(path);
    Item item = (Item) content;
    reused.add(path);
    add(new Item(path, item.type(), attributes, item.content(), item.size(), item.linkTarget(), 0));
    return true;
  }

  private void start(EntryPath path) {
    if (!started.add(path)) {
      throw new IllegalArgumentException(path + " is written a second time");
    }
    for (EntryPath above = path; !above.isRoot(); ) {
      above = above.parent();
      if (completed.contains(above)) {
        throw new IllegalArgumentException(above + " is complete, so no " + path);
      }
    }
  }

  private synchronized void add(Item item) {
    entries.put(item.path(), item);
  }

  @Override
  public synchronized void complete(EntryPath directory) {
    completed.add(directory);
  }

  boolean isComplete(String path) {
    return completed.contains(EntryPath.of(path));
  }

  @Override
  public void fact(String key, String value) {
    throw new IllegalStateException("Plain files have no facts");
  }

  @Override
  public void dependsOn(Snapshot earlier) {}

  @Override
  public void replaces(Snapshot earlier) {}

  private final class Output extends EntryOutput {

    private final EntryPath path;
    private final Attributes attributes;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private boolean closed;

    Output(EntryPath path, Attributes attributes) {
      this.path = path;
      this.attributes = attributes;
    }

    @Override
    public void write(int value) {
      bytes.write(value);
    }

    @Override
    public void write(byte[] array, int from, int length) {
      bytes.write(array, from, length);
    }

    @Override
    public Entry commit() {
      RawName content = RawName.of(bytes.toByteArray());
      Item item =
          new Item(
              path, EntryType.FILE, attributes, content, content.length(), Optional.empty(), 0);
      add(item);
      synchronized (MemorySnapshot.this) {
        read.add(path);
      }
      return item;
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        open.decrementAndGet();
      }
    }
  }

  // ---- reading

  @Override
  public Snapshot snapshot() {
    String hash = "0".repeat(64);
    return new Snapshot(
        new SnapshotId(hash),
        new RunId("run"),
        new ContentId(hash),
        new SourceId("files", "/x"),
        "test",
        Instant.EPOCH,
        SnapshotState.COMPLETE,
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Set.of(),
        7,
        77);
  }

  @Override
  public Manifest manifest() {
    return Manifest.EMPTY;
  }

  @Override
  public synchronized Optional<Entry> entry(EntryPath path) {
    return Optional.ofNullable(entries.get(path));
  }

  @Override
  public synchronized Cursor<Entry> walk(EntryPath from, int depth) {
    List<Object> steps = new ArrayList<>();
    @Nullable EntryPath skipped = null;
    for (Item item : entries.values()) {
      int below = item.path().names().size() - from.names().size();
      if (!item.path().startsWith(from) || below < 1 || below > depth) {
        continue;
      }
      if (skipped != null && item.path().startsWith(skipped)) {
        continue;
      }
      steps.add(item);
      BackupException.Kind kind = broken.get(item.path());
      if (kind != null && item.type() == EntryType.DIRECTORY) {
        skipped = item.path();
        steps.add(new BackupException(kind, "Tree of " + item.path() + " is broken"));
      }
    }
    steps.addAll(hostile);
    var iterator = steps.iterator();
    return () -> {
      if (!iterator.hasNext()) {
        return null;
      }
      Object step = iterator.next();
      if (step instanceof BackupException failure) {
        throw failure;
      }
      Item item = (Item) step;
      beforeNext.accept(item);
      return item;
    };
  }

  @Override
  public InputStream open(Entry file, ByteRange range) {
    onOpen.accept(file);
    Item item = (Item) file;
    byte[] content = item.content().toByteArray();
    BackupException.Kind kind = broken.get(item.path());
    if (kind == null) {
      return new ByteArrayInputStream(content);
    }
    return new BrokenStream(
        Arrays.copyOf(content, content.length / 2),
        new BackupException(kind, "Content of " + item.path() + " is broken"));
  }

  @Override
  public void close() {}

  /** Ends in a failure. */
  private static final class BrokenStream extends InputStream {

    private final InputStream start;
    private final IOException failure;

    BrokenStream(byte[] start, IOException failure) {
      this.start = new ByteArrayInputStream(start);
      this.failure = failure;
    }

    @Override
    public int read() throws IOException {
      int value = start.read();
      if (value < 0) {
        throw failure;
      }
      return value;
    }

    @Override
    public int read(byte[] array, int from, int length) throws IOException {
      int count = start.read(array, from, length);
      if (count < 0) {
        throw failure;
      }
      return count;
    }
  }
}
