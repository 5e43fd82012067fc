package dev.copperplate.backup.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** For whom this process runs. */
final class ProcessOwner {

  /** The number of the user who owns what this process makes; -1 if it cannot be told. */
  static final long UID = uid();

  private static final long UNSIGNED = 0xffff_ffffL;

  private ProcessOwner() {}

  private static long uid() {
    try {
      Object uid = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
      return uid instanceof Integer number ? number & UNSIGNED : -1;
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException unknown) {
      return -1;
    }
  }
}
