package dev.copperplate.backup.repository.capture;

import dev.copperplate.backup.EntryType;
import dev.copperplate.backup.RawName;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.format.TreeItem;
import dev.copperplate.backup.repository.format.TreeNode;
import dev.copperplate.backup.repository.format.TreeReader;
import dev.copperplate.backup.repository.format.TreeWriter;
import dev.copperplate.backup.repository.read.StoredEntry.Origin;
import dev.copperplate.backup.repository.read.Trees;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
  private @Nullable Map<RawName, Known> others;

  /**
   * @param tree of the directory, null if it did not exist
   */
  PreviousDirectory(Trees trees, @Nullable Sha256 tree) {
    this.trees = trees;
    this.tree = tree;
  }

  /** The directory of that name below this one. */
  PreviousDirectory child(RawName name) {
    Known known = others().get(name);
    return new PreviousDirectory(trees, known == null ? null : known.node().subtree());
  }

  /**
   * How many bytes an entry is in this directory, if it is the same in all; otherwise 0.
   *
   * @param origin where the same entry stands; null if that has to be found out, which is not done
   *     for files
   */
  int sameBytes(TreeNode now, @Nullable Origin origin) {
    if (origin != null) {
      return origin.tree().equals(tree) ? origin.size() : 0;
    }
    if (tree == null || now.type() == EntryType.FILE) {
      return 0;
    }
    Known before = others().get(now.name());
    return before != null && before.isSame(now) ? before.size() : 0;
  }

  /** This directory, if it has that many entries with that many bytes; otherwise null. */
  @Nullable Sha256 treeOf(int entries, long bytes) {
    try {
      return tree != null && trees.size(tree) == TreeWriter.size(entries, bytes) ? tree : null;
    } catch (IOException unreadable) {
      LOG.debug("Not comparing with directory {}", tree, unreadable);
      return null;
    }
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

  private Map<RawName, Known> others() {
    if (others == null) {
      others = new HashMap<>();
      Nodes all = new Nodes();
      for (TreeNode node = all.current; node != null; node = all.current) {
        if (node.type() != EntryType.FILE) {
          others.put(node.name(), new Known(node, all.size()));
        }
        all.advance();
      }
    }
    return others;
  }

  /**
   * An entry that is no file.
   *
   * @param size how many bytes it is in the directory; 0 if that is not known
   */
  private record Known(TreeNode node, int size) {

    boolean isSame(TreeNode now) {
      return node.type() == now.type()
          && Objects.equals(node.subtree(), now.subtree())
          && Objects.equals(node.linkTarget(), now.linkTarget())
          && node.deviceNumber() == now.deviceNumber()
          && node.attributes().equals(now.attributes());
    }
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
      advance();
    }

    void advance() {
      current = read();
    }

    /** How many bytes the current node is; 0 if that is not known. */
    int size() {
      return reader == null ? 0 : reader.size();
    }

    /** The node of that name, for names that ascend. */
    @Nullable TreeNode find(RawName name) {
      while (current != null && current.name().compareTo(name) < 0) {
        advance();
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
