package dev.copperplate.backup.repository.format;

/** What a tree lists: a node, or one that cannot be read while its neighbours can. */
public sealed interface TreeItem permits TreeNode, DamagedNode {}
