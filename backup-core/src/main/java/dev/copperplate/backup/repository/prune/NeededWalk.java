package dev.copperplate.backup.repository.prune;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Workers;
import dev.copperplate.backup.repository.format.DamagedNode;
import dev.copperplate.backup.repository.format.FormatException;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.format.TreeItem;
import dev.copperplate.backup.repository.format.TreeNode;
import dev.copperplate.backup.repository.format.TreeReader;
import dev.copperplate.backup.repository.read.Trees;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Walks the directories of snapshots, each once, by several threads, and marks what they need. In
 * memory is what lies beside the path to where the walk is.
 */
final class NeededWalk {

  private record Step(Sha256 snapshot, Sha256 tree) {}

  private final NeededBlobs needed;
  private final Trees trees;
  private final Deque<Step> steps = new ArrayDeque<>();
  private int walking;

  private NeededWalk(NeededBlobs needed, Trees trees) {
    this.needed = needed;
    this.trees = trees;
  }

  /**
   * Marks what snapshots need.
   *
   * @param roots the root directory of each snapshot
   * @throws BackupException {@code DAMAGED}, naming the snapshot, if a directory cannot be read
   */
  static void mark(Map<Sha256, Sha256> roots, NeededBlobs needed, Trees trees, Workers workers)
      throws IOException, InterruptedException {
    NeededWalk walk = new NeededWalk(needed, trees);
    for (Map.Entry<Sha256, Sha256> each : roots.entrySet()) {
      walk.add(new Step(each.getKey(), each.getValue()));
    }
    for (int i = 0; i < workers.size(); i++) {
      var unused = workers.submit(walk::work);
    }
    workers.join();
  }

  private @Nullable Void work() throws IOException, InterruptedException {
    for (Step step = take(); step != null; step = take()) {
      try {
        walk(step);
      } finally {
        done();
      }
    }
    return null;
  }

  /** Null when there is nothing left to walk. */
  private synchronized @Nullable Step take() throws InterruptedException {
    while (steps.isEmpty() && walking > 0) {
      wait();
    }
    Step step = steps.poll();
    if (step != null) {
      walking++;
    }
    return step;
  }

  private synchronized void done() {
    walking--;
    notifyAll();
  }

  private void add(Step step) throws BackupException {
    if (needed.addTree(step.tree())) {
      synchronized (this) {
        steps.push(step);
        notifyAll();
      }
    } else if (!needed.isListed(step.tree())) {
      throw unreadable(step, "directory blob " + step.tree() + " is in no index", null);
    }
  }

  private void walk(Step step) throws IOException {
    try (TreeReader reader = new TreeReader(read(step))) {
      for (TreeItem item = reader.next(); item != null; item = reader.next()) {
        if (item instanceof DamagedNode damaged) {
          String entry = "directory blob " + step.tree() + ", entry '" + damaged.name() + "': ";
          throw unreadable(step, entry + damaged.problem(), null);
        }
        TreeNode node = (TreeNode) item;
        needed.addData(node.content());
        Sha256 subtree = node.subtree();
        if (subtree != null) {
          add(new Step(step.snapshot(), subtree));
        }
      }
    } catch (FormatException broken) {
      String tree = "directory blob " + step.tree() + ": ";
      throw unreadable(step, tree + broken.getMessage(), broken);
    }
  }

  private byte[] read(Step step) throws IOException {
    try {
      return trees.read(step.tree());
    } catch (BackupException failure) {
      if (failure.kind() != Kind.DAMAGED && failure.kind() != Kind.MISSING) {
        throw failure;
      }
      throw unreadable(step, failure.getMessage(), failure);
    }
  }

  private static BackupException unreadable(
      Step step, @Nullable String problem, @Nullable Throwable cause) {
    return new BackupException(
        Kind.DAMAGED,
        "Nothing was removed, because what snapshot "
            + step.snapshot().hex().substring(0, 8)
            + " needs is unknown: "
            + problem
            + ". Repair the repository from a replica, or remove the snapshot, and prune again",
        cause);
  }
}
