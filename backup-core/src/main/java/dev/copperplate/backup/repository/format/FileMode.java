package dev.copperplate.backup.repository.format;

import dev.copperplate.backup.EntryType;

/**
 * Go's file modes, which trees hold: permissions as in POSIX, everything else at bits of its own.
 */
final class FileMode {

  private static final long DIRECTORY = 1L << 31;
  private static final long SYMLINK = 1L << 27;
  private static final long DEVICE = 1L << 26;
  private static final long FIFO = 1L << 25;
  private static final long SOCKET = 1L << 24;
  private static final long SETUID = 1L << 23;
  private static final long SETGID = 1L << 22;
  private static final long CHARACTER_DEVICE = 1L << 21;
  private static final long STICKY = 1L << 20;

  private static final int POSIX_SETUID = 04000;
  private static final int POSIX_SETGID = 02000;
  private static final int POSIX_STICKY = 01000;
  private static final int POSIX_PERMISSIONS = 0777;

  private FileMode() {}

  static long encode(EntryType type, int permissions) {
    return typeBits(type)
        | (permissions & POSIX_PERMISSIONS)
        | ((permissions & POSIX_SETUID) != 0 ? SETUID : 0)
        | ((permissions & POSIX_SETGID) != 0 ? SETGID : 0)
        | ((permissions & POSIX_STICKY) != 0 ? STICKY : 0);
  }

  /** The twelve bits of POSIX. What the mode says of the type does not count: the node names it. */
  static int permissions(long mode) {
    return (int) (mode & POSIX_PERMISSIONS)
        | ((mode & SETUID) != 0 ? POSIX_SETUID : 0)
        | ((mode & SETGID) != 0 ? POSIX_SETGID : 0)
        | ((mode & STICKY) != 0 ? POSIX_STICKY : 0);
  }

  private static long typeBits(EntryType type) {
    return switch (type) {
      case FILE -> 0;
      case DIRECTORY -> DIRECTORY;
      case SYMLINK -> SYMLINK;
      case FIFO -> FIFO;
      case SOCKET -> SOCKET;
      case CHARACTER_DEVICE -> DEVICE | CHARACTER_DEVICE;
      case BLOCK_DEVICE -> DEVICE;
    };
  }
}
