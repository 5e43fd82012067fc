package dev.copperplate.backup.target;

import dev.copperplate.backup.Cursor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A file system in memory that notes every call that changes something. */
final class ModelDisk implements Disk {

  private static final class Node {
    final boolean directory;
    final Instant modified;
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    final Map<String, Node> names = new HashMap<>();

    Node(boolean directory, Instant modified) {
      this.directory = directory;
      this.modified = modified;
    }
  }

  private final Node root = new Node(true, Instant.EPOCH);
  private final List<String> calls = new ArrayList<>();
  Instant now = Instant.parse("2026-01-01T00:00:00Z");
  @Nullable Room room;
  boolean hardLinks = true;

  /** What was called, in order. */
  List<String> calls() {
    return calls;
  }

  private void call(String call) {
    calls.add(call.replaceAll("-tmp-[0-9]+", "-tmp"));
  }

  private @Nullable Node at(Path path) {
    Node node = root;
    for (Path name : path) {
      node = node == null ? null : node.names.get(name.toString());
    }
    return node;
  }

  private Node node(Path path) throws NoSuchFileException {
    Node node = at(path);
    if (node == null) {
      throw new NoSuchFileException(path.toString());
    }
    return node;
  }

  private void add(Path path, Node node) throws IOException {
    if (node(parent(path)).names.putIfAbsent(name(path), node) != null) {
      throw new FileAlreadyExistsException(path.toString());
    }
  }

  private static Path parent(Path path) {
    Path parent = path.getParent();
    return parent == null ? path : parent;
  }

  private static String name(Path path) {
    return path.getFileName().toString();
  }

  @Override
  public @Nullable Stat stat(Path path) throws IOException {
    Node node = at(path);
    return node == null
        ? null
        : new Stat(
            node.directory ? Type.DIRECTORY : Type.FILE, node.bytes.size(), node.modified, false);
  }

  @Override
  public boolean isDirectory(Path path) {
    Node node = at(path);
    return node != null && node.directory;
  }

  @Override
  public Cursor<String> names(Path directory) throws IOException {
    return Cursor.of(List.copyOf(node(directory).names.keySet()));
  }

  @Override
  public SeekableByteChannel read(Path file) throws IOException {
    return new MemoryChannel(node(file).bytes.toByteArray());
  }

  @Override
  public NewFile create(Path file) throws IOException {
    call("create " + file);
    Node node = new Node(false, now);
    add(file, node);
    return new NewFile() {
      @Override
      public void write(ByteBuffer bytes) throws IOException {
        call("write " + file);
        node.bytes.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
      }

      @Override
      public void sync() throws IOException {
        call("sync " + file);
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void makeDirectory(Path directory, boolean groupReadable) throws IOException {
    call("makeDirectory " + directory);
    add(directory, new Node(true, now));
  }

  @Override
  public void protect(Path file, boolean groupReadable) {
    call("protect " + file);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    call("rename " + from + " to " + to);
    Node node = node(from);
    node(parent(from)).names.remove(name(from));
    node(parent(to)).names.put(name(to), node);
  }

  @Override
  public void link(Path existing, Path name) throws IOException {
    call("link " + existing + " as " + name);
    if (!hardLinks) {
      throw new FileSystemException(name.toString(), null, "Operation not permitted");
    }
    add(name, node(existing));
  }

  @Override
  public void delete(Path file) throws IOException {
    call("delete " + file);
    node(file);
    node(parent(file)).names.remove(name(file));
  }

  @Override
  public void syncDirectory(Path directory) throws IOException {
    call("syncDirectory " + directory);
    node(directory);
  }

  @Override
  public @Nullable Room room(Path path) {
    return room;
  }
}
