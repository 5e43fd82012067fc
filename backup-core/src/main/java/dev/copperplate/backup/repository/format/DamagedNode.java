package dev.copperplate.backup.repository.format;

/**
 * A node of a tree that makes no sense: its name cannot be that of a file, its type is unknown, a
 * value is out of range. Nothing of it may be restored.
 *
 * @param name as it stands in the tree, for a message and nothing else; empty if there is none
 * @param problem what is wrong with it
 */
public record DamagedNode(String name, String problem) implements TreeItem {}
