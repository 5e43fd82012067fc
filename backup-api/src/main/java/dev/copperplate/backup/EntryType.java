package dev.copperplate.backup;

/** What an entry is. */
public enum EntryType {
  FILE,
  DIRECTORY,
  SYMLINK,
  FIFO,
  SOCKET,
  CHARACTER_DEVICE,
  BLOCK_DEVICE
}
