package dev.copperplate.backup.repository.capture;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.RawName;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.format.TreeNode;
import dev.copperplate.backup.repository.read.StoredEntry.Origin;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A directory that is being written. Its children are in memory until it is complete and nothing
 * below it is open any more. Guarded by the lock of its {@link CaptureTree}.
 */
final class Directory implements Child {

  final @Nullable Directory parent;
  final EntryPath path;
  final PreviousDirectory previous;
  private final Map<RawName, Child> children = new HashMap<>();
  private Attributes attributes = Attributes.PLAIN_DIRECTORY;
  private boolean described;
  private boolean complete;
  private boolean settled;
  private boolean changed;
  private long unchangedBytes;
  // Files that are open and directories that are not settled.
  private int unfinished;

  Directory(@Nullable Directory parent, EntryPath path, PreviousDirectory previous) {
    this.parent = parent;
    this.path = path;
    this.previous = previous;
  }

  Attributes attributes() {
    return attributes;
  }

  void describe(Attributes given) {
    if (described) {
      throw new IllegalArgumentException("Directory " + path + " is written twice");
    }
    if (complete) {
      throw new IllegalArgumentException(
          "Directory " + path + " gets its attributes after it was completed");
    }
    described = true;
    attributes = given;
  }

  @Nullable Child child(RawName name) {
    return children.get(name);
  }

  void add(RawName name, Child child) {
    if (complete) {
      throw new IllegalArgumentException(
          path.child(name) + " is written after its directory was completed");
    }
    if (children.putIfAbsent(name, child) != null) {
      throw new IllegalArgumentException(path.child(name) + " is written twice");
    }
    if (!(child instanceof Child.Finished)) {
      unfinished++;
    }
  }

  void finish(RawName name, TreeNode node) {
    children.put(name, new Child.Finished(node));
    unfinished--;
    compare(node, null);
  }

  /** Notes whether a finished entry is to the byte what it was in the previous snapshot. */
  void compare(TreeNode node, @Nullable Origin origin) {
    if (changed) {
      return;
    }
    int same = previous.sameBytes(node, origin);
    changed = same == 0;
    unchangedBytes += same;
  }

  /**
   * The previous directory, if this one is to the byte the same: every entry is one of its entries,
   * and together they are as many bytes. To be asked before the nodes are taken.
   */
  @Nullable Sha256 unchangedTree() {
    return changed ? null : previous.treeOf(children.size(), unchangedBytes);
  }

  void remove(RawName name) {
    children.remove(name);
    unfinished--;
  }

  void complete() {
    complete = true;
  }

  boolean isComplete() {
    return complete;
  }

  /** The directories below that are not settled yet. */
  List<Directory> openDirectories() {
    List<Directory> open = new ArrayList<>();
    for (Child child : children.values()) {
      if (child instanceof Directory directory) {
        open.add(directory);
      }
    }
    return open;
  }

  /** Whether it can be stored now: true once. */
  boolean settle() {
    if (!complete || unfinished > 0 || settled) {
      return false;
    }
    settled = true;
    return true;
  }

  /** Its entries in order, to be asked for once it is settled; it forgets them. */
  List<TreeNode> takeNodes() {
    List<TreeNode> nodes = new ArrayList<>(children.size());
    for (Child child : children.values()) {
      nodes.add(((Child.Finished) child).node());
    }
    children.clear();
    nodes.sort(Comparator.comparing(TreeNode::name));
    return nodes;
  }
}
