package dev.copperplate.backup.repository.capture;

import dev.copperplate.backup.EntryType;
import dev.copperplate.backup.RawName;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.format.TreeItem;
import dev.copperplate.backup.repository.format.TreeNode;
import dev.copperplate.backup.repository.format.TreeReader;
import dev.copperplate.backup.repository.read.Trees;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory of the previous snapshot with which one is compared, for the counts alone: where it
 * cannot be read, everything counts as new. Not thread-safe.
 */
final class PreviousDirectory {

  private static final Logger LOG = LoggerFactory.getLogger(PreviousDirectory.class);

  private final Trees trees;
  private final @Nullable Sha256 tree;
  private @Nullable Map<RawName, Sha256> directories;

  /**
   * @param tree of the directory, null if it did not exist
   */
  PreviousDirectory(Trees trees, @Nullable Sha256 tree) {
    this.trees = trees;
    this.tree = tree;
  }

  /** The directory of that name below this one. */
  PreviousDirectory child(RawName name) {
    if (directories == null) {
      directories = directories();
    }
    return new PreviousDirectory(trees, directories.get(name));
  }

  /** Compares the entries that now make up the directory, and the directory itself. */
  Counts compare(List<TreeNode> nodes, Sha256 now) {
    boolean unchanged = now.equals(tree);
    Counts counts = Counts.directory(tree != null, unchanged);
    // The same bytes need no reading to know that nothing in them has changed.
    return counts.plus(unchanged ? unchanged(nodes) : compare(nodes));
  }

  private static Counts unchanged(List<TreeNode> nodes) {
    Counts counts = Counts.NONE;
    for (TreeNode node : nodes) {
      if (node.type() == EntryType.FILE) {
        counts = counts.plus(Counts.file(true, true, node.size()));
      }
    }
    return counts;
  }

  private Counts compare(List<TreeNode> nodes) {
    Counts counts = Counts.NONE;
    Nodes earlier = new Nodes();
    for (TreeNode node : nodes) {
      if (node.type() == EntryType.FILE) {
        TreeNode before = earlier.find(node.name());
        boolean known = before != null && before.type() == EntryType.FILE;
        boolean same = before != null && isSame(before, node);
        counts = counts.plus(Counts.file(known, same, node.size()));
      }
    }
    return counts;
  }

  private static boolean isSame(TreeNode before, TreeNode now) {
    return before.type() == now.type()
        && before.content().equals(now.content())
        && before.attributes().modified().equals(now.attributes().modified())
        && before.attributes().permissions() == now.attributes().permissions()
        && before.attributes().uid() == now.attributes().uid()
        && before.attributes().gid() == now.attributes().gid();
  }

  private Map<RawName, Sha256> directories() {
    Map<RawName, Sha256> found = new HashMap<>();
    Nodes all = new Nodes();
    for (TreeNode node = all.next(); node != null; node = all.next()) {
      if (node.subtree() != null) {
        found.put(node.name(), node.subtree());
      }
    }
    return found;
  }

  /** The nodes of the earlier directory, in their order; ends where it cannot be read. */
  private final class Nodes {

    private @Nullable TreeReader reader;
    private @Nullable TreeNode current;

    Nodes() {
      if (tree != null) {
        try {
          reader = new TreeReader(trees.read(tree));
        } catch (IOException unreadable) {
          LOG.debug("Counting without directory {}", tree, unreadable);
        }
      }
      next();
    }

    /** Hands out the current node and goes on. */
    @Nullable TreeNode next() {
      TreeNode handedOut = current;
      current = read();
      return handedOut;
    }

    /** The node of that name, for names that ascend. */
    @Nullable TreeNode find(RawName name) {
      while (current != null && current.name().compareTo(name) < 0) {
        current = read();
      }
      return current != null && current.name().equals(name) ? current : null;
    }

    private @Nullable TreeNode read() {
      try {
        while (reader != null) {
          TreeItem item = reader.next();
          if (item == null) {
            reader = null;
          } else if (item instanceof TreeNode node) {
            return node;
          }
        }
      } catch (IOException broken) {
        LOG.debug("Counting without the rest of directory {}", tree, broken);
        reader = null;
      }
      return null;
    }
  }
}
