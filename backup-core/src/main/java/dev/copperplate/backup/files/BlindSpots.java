package dev.copperplate.backup.files;

import dev.copperplate.backup.Finding;
import dev.copperplate.backup.RunContext;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Counts what a capture cannot see through the JDK, for one finding at its end. Used by the walking
 * thread alone.
 */
final class BlindSpots {

  private long inodes;
  private long links;
  private long refused;
  private @Nullable Path firstRefused;

  /** A file or directory, which may have attributes of other namespaces. */
  void inodeSeen() {
    inodes++;
  }

  void linkSeen() {
    links++;
  }

  /** Extended attributes that are there, or may be, and could not be read. */
  void attributesRefused(Path path) {
    refused++;
    if (firstRefused == null) {
      firstRefused = path;
    }
  }

  void report(RunContext context) {
    StringBuilder message =
        new StringBuilder("The JDK reads no extended attributes but user.*: ACLs, capabilities")
            .append(" and labels of ")
            .append(inodes)
            .append(" files and directories and of ")
            .append(links)
            .append(" symbolic links are not in the snapshot.");
    if (firstRefused != null) {
      message
          .append(" The user.* attributes of ")
          .append(refused)
          .append(" could not be read, the first being ")
          .append(PathBytes.bytes(firstRefused));
    }
    context.report(Finding.info("extended attributes", message.toString()));
  }
}
