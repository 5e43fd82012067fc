package dev.copperplate.backup.testkit.filesystem;

import java.nio.ByteBuffer;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A file or directory: what it is, and what of that is durable. */
final class Node {

  static final Set<PosixFilePermission> EVERYTHING = EnumSet.allOf(PosixFilePermission.class);

  final boolean directory;

  /** Of a directory: all names, and those that it had when it was forced. */
  final Map<String, Node> names = new TreeMap<>();

  final Map<String, Node> durableNames = new TreeMap<>();

  /** What happened to the names since, in order. */
  final List<Change> changes = new ArrayList<>();

  /** Of a file. The durable bytes are those of the last force. */
  byte[] bytes = new byte[0];

  int size;
  byte[] durableBytes = new byte[0];
  boolean dirty;

  Set<PosixFilePermission> permissions;
  Set<PosixFilePermission> durablePermissions;
  Instant modified;

  private Node(boolean directory, Instant modified, Set<PosixFilePermission> permissions) {
    this.directory = directory;
    this.modified = modified;
    this.permissions = permissions;
    this.durablePermissions = permissions;
  }

  static Node directory(Instant modified, Set<PosixFilePermission> permissions) {
    return new Node(true, modified, permissions);
  }

  static Node file(Instant modified, Set<PosixFilePermission> permissions) {
    return new Node(false, modified, permissions);
  }

  /**
   * One change of a directory's names.
   *
   * @param gone the name that went
   * @param come the name that came, of the node
   */
  record Change(@Nullable String gone, @Nullable String come, Node node) {

    void apply(Map<String, Node> names) {
      if (gone != null) {
        names.remove(gone, node);
      }
      if (come != null) {
        names.put(come, node);
      }
    }
  }

  @Nullable Node child(String name) {
    return names.get(name);
  }

  void change(Change change, Instant now) {
    change.apply(names);
    changes.add(change);
    modified = now;
  }

  void write(long position, ByteBuffer from, Instant now) {
    int end = Math.toIntExact(position + from.remaining());
    if (end > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(end, 2 * bytes.length));
    }
    from.get(bytes, (int) position, from.remaining());
    size = Math.max(size, end);
    dirty = true;
    modified = now;
  }

  void truncate(int length, Instant now) {
    Arrays.fill(bytes, length, size, (byte) 0);
    size = length;
    dirty = true;
    modified = now;
  }

  void permissions(Set<PosixFilePermission> changed) {
    permissions = changed;
    dirty = true;
  }

  byte[] content() {
    return Arrays.copyOf(bytes, size);
  }

  void force() {
    if (directory) {
      durableNames.clear();
      durableNames.putAll(names);
      changes.clear();
    } else if (dirty) {
      durableBytes = content();
    }
    durablePermissions = permissions;
    dirty = false;
  }

  /** The bytes of all files from here on; one with several names counts once. */
  long bytesBelow() {
    return bytesBelow(Collections.newSetFromMap(new IdentityHashMap<>()));
  }

  private long bytesBelow(Set<Node> seen) {
    long sum = seen.add(this) ? size : 0;
    for (Node child : names.values()) {
      sum += child.bytesBelow(seen);
    }
    return sum;
  }
}
