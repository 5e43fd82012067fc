package dev.copperplate.backup.repository.capture;

import dev.copperplate.backup.repository.format.TreeNode;

/** What a name in a directory that is being written stands for. */
sealed interface Child permits Directory, Child.Finished, Child.Open {

  /** An entry that needs nothing more. */
  record Finished(TreeNode node) implements Child {

    boolean isDirectory() {
      return node.subtree() != null;
    }
  }

  /** A file that is being written. */
  enum Open implements Child {
    FILE
  }
}
