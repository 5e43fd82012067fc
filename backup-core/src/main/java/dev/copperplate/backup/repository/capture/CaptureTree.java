package dev.copperplate.backup.repository.capture;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.RawName;
import dev.copperplate.backup.repository.format.BlobType;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.format.TreeNode;
import dev.copperplate.backup.repository.format.TreeWriter;
import dev.copperplate.backup.repository.pack.BlobWriter;
import dev.copperplate.backup.repository.read.StoredEntry.Origin;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The directories of a capture. Each is stored by the thread that finishes the last thing in it,
 * and is out of memory then. Thread-safe.
 */
final class CaptureTree {

  private final BlobWriter blobs;
  private final Directory root;
  private Counts counts = Counts.NONE;
  private @Nullable Sha256 rootTree;

  CaptureTree(BlobWriter blobs, PreviousDirectory previous) {
    this.blobs = blobs;
    this.root = new Directory(null, EntryPath.ROOT, previous);
  }

  /** Takes the path for a file that is about to be written. */
  synchronized Directory reserve(EntryPath path) {
    Directory directory = directory(path.parent());
    directory.add(path.name(), Child.Open.FILE);
    return directory;
  }

  /** Puts a file that was reserved. */
  void finish(Directory directory, TreeNode node) throws IOException {
    synchronized (this) {
      directory.finish(node.name(), node);
    }
    settle(directory);
  }

  /** Gives a reserved path back. */
  void abandon(Directory directory, RawName name) throws IOException {
    synchronized (this) {
      directory.remove(name);
    }
    settle(directory);
  }

  /**
   * Puts an entry that needs nothing more.
   *
   * @param origin where the same entry stands in a stored directory; null if that is not known
   */
  synchronized void add(EntryPath path, TreeNode node, @Nullable Origin origin) {
    Directory directory = directory(path.parent());
    directory.add(path.name(), new Child.Finished(node));
    directory.compare(node, origin);
  }

  /** Counts what a finished entry brings with it. */
  synchronized void count(Counts more) {
    counts = counts.plus(more);
  }

  synchronized void describe(EntryPath path, Attributes attributes) {
    directory(path).describe(attributes);
  }

  /** Completes a directory and all below it. What is complete stays so. */
  void complete(EntryPath path) throws IOException {
    List<Directory> completed;
    synchronized (this) {
      if (isComplete(path)) {
        return;
      }
      completed = incompleteDeepestFirst(directory(path));
      completed.forEach(Directory::complete);
    }
    for (Directory each : completed) {
      settle(each);
    }
  }

  /**
   * Completes everything and waits until it is stored.
   *
   * @return the id of the root
   * @throws IllegalStateException if a file is still open
   */
  Sha256 finish() throws IOException {
    complete(EntryPath.ROOT);
    synchronized (this) {
      if (rootTree == null) {
        throw new IllegalStateException(
            "The capture returned while files were still being written");
      }
      return rootTree;
    }
  }

  synchronized Counts counts() {
    return counts;
  }

  private static List<Directory> incompleteDeepestFirst(Directory top) {
    List<Directory> found = new ArrayList<>();
    Deque<Directory> todo = new ArrayDeque<>(List.of(top));
    while (!todo.isEmpty()) {
      Directory next = todo.pop();
      found.add(next);
      next.openDirectories().forEach(todo::push);
    }
    Collections.reverse(found);
    return found;
  }

  /** Whether the directory, or one above it, was completed, stored by now or not. */
  private boolean isComplete(EntryPath path) {
    Directory at = root;
    for (RawName name : path.names()) {
      Child child = at.child(name);
      if (at.isComplete() || child instanceof Child.Finished stored && stored.isDirectory()) {
        return true;
      }
      if (!(child instanceof Directory directory)) {
        return false;
      }
      at = directory;
    }
    return at.isComplete();
  }

  /** Stores a directory in which nothing is unfinished, and then those above it likewise. */
  private void settle(Directory start) throws IOException {
    for (Directory each = start; each != null; each = each.parent) {
      List<TreeNode> nodes;
      Sha256 tree;
      synchronized (this) {
        if (!each.settle()) {
          return;
        }
        tree = each.unchangedTree();
        nodes = each.takeNodes();
      }
      if (tree == null || !blobs.rely(BlobType.TREE, tree)) {
        tree = store(nodes);
      }
      Counts more = each.previous.compare(nodes, tree);
      synchronized (this) {
        counts = counts.plus(more);
        Directory parent = each.parent;
        if (parent == null) {
          rootTree = tree;
        } else {
          RawName name = each.path.name();
          parent.finish(name, TreeNode.directory(name, each.attributes(), tree));
        }
      }
    }
  }

  private Sha256 store(List<TreeNode> nodes) throws IOException {
    TreeWriter writer = new TreeWriter();
    nodes.forEach(writer::add);
    return blobs.storeTree(writer.finish());
  }

  /** The directory at a path, made with plain attributes where it is new. */
  private Directory directory(EntryPath path) {
    Directory at = root;
    for (RawName name : path.names()) {
      Child child = at.child(name);
      if (child == null) {
        Directory made = new Directory(at, at.path.child(name), at.previous.child(name));
        at.add(name, made);
        at = made;
      } else if (child instanceof Directory directory) {
        at = directory;
      } else {
        throw new IllegalArgumentException(
            path
                + " is written below "
                + at.path.child(name)
                + ", which is finished or no directory");
      }
    }
    return at;
  }
}
