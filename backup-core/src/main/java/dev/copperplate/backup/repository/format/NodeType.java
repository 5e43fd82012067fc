package dev.copperplate.backup.repository.format;

import dev.copperplate.backup.EntryType;

/** The words for types of nodes. */
final class NodeType {

  private NodeType() {}

  static String json(EntryType type) {
    return switch (type) {
      case FILE -> "file";
      case DIRECTORY -> "dir";
      case SYMLINK -> "symlink";
      case FIFO -> "fifo";
      case SOCKET -> "socket";
      case CHARACTER_DEVICE -> "chardev";
      case BLOCK_DEVICE -> "dev";
    };
  }

  static EntryType parse(String json) throws BadValueException {
    return switch (json) {
      case "file" -> EntryType.FILE;
      case "dir" -> EntryType.DIRECTORY;
      case "symlink" -> EntryType.SYMLINK;
      case "fifo" -> EntryType.FIFO;
      case "socket" -> EntryType.SOCKET;
      case "chardev" -> EntryType.CHARACTER_DEVICE;
      case "dev" -> EntryType.BLOCK_DEVICE;
      default -> throw new BadValueException("Its type is unknown");
    };
  }
}
