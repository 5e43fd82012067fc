package dev.copperplate.backup.repository.capture;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.EntryType;
import dev.copperplate.backup.repository.format.BlobType;
import dev.copperplate.backup.repository.format.FormatException;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.format.TreeItem;
import dev.copperplate.backup.repository.format.TreeNode;
import dev.copperplate.backup.repository.format.TreeReader;
import dev.copperplate.backup.repository.pack.BlobWriter;
import dev.copperplate.backup.repository.read.Trees;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** A stored directory with all below it, looked through before a new snapshot relies on it. */
public final class StoredSubtree {

  private final BlobWriter blobs;
  private final Trees trees;

  public StoredSubtree(BlobWriter blobs, Trees trees) {
    this.blobs = blobs;
    this.trees = trees;
  }

  /** Counts what is below, all of it unmodified; null if any of it is no longer stored whole. */
  public @Nullable Counts rely(Sha256 root) throws IOException {
    Counts counts = Counts.NONE;
    Deque<Sha256> todo = new ArrayDeque<>();
    todo.push(root);
    try {
      while (!todo.isEmpty()) {
        if (Thread.currentThread().isInterrupted()) {
          throw new InterruptedIOException(
              "Interrupted while a stored directory was looked through");
        }
        Sha256 tree = todo.pop();
        if (!blobs.rely(BlobType.TREE, tree)) {
          return null;
        }
        counts = counts.plus(Counts.directory(true, true));
        try (TreeReader reader = new TreeReader(trees.read(tree))) {
          for (TreeItem item = reader.next(); item != null; item = reader.next()) {
            if (!(item instanceof TreeNode node) || !relyOnContent(node)) {
              return null;
            }
            if (node.subtree() != null) {
              todo.push(node.subtree());
            }
            if (node.type() == EntryType.FILE) {
              counts = counts.plus(Counts.file(true, true, node.size()));
            }
          }
        }
      }
      return counts;
    } catch (FormatException broken) {
      return null;
    } catch (BackupException failure) {
      if (failure.kind() == Kind.MISSING || failure.kind() == Kind.DAMAGED) {
        return null;
      }
      throw failure;
    }
  }

  private boolean relyOnContent(TreeNode node) {
    for (int i = 0; i < node.content().size(); i++) {
      if (!blobs.rely(BlobType.DATA, node.content().get(i))) {
        return false;
      }
    }
    return true;
  }
}
