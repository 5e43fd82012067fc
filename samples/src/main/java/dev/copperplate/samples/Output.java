package dev.copperplate.samples;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a sample writes to.
 *
 * @param out results
 * @param err messages and progress
 * @param terminal whether a person sees {@code err} as it is written, so that a line may be drawn
 *     again
 */
record Output(PrintStream out, PrintStream err, boolean terminal) {

  /** That of this process. */
  static Output system() {
    return new Output(System.out, System.err, isTerminal());
  }

  /** Linux tells of standard error itself; elsewhere the JDK speaks for it, newer ones too well. */
  @SuppressWarnings("SystemConsoleNull")
  private static boolean isTerminal() {
    if ("dumb".equals(System.getenv("TERM"))) {
      return false;
    }
    try {
      return Files.readSymbolicLink(Path.of("/proc/self/fd/2")).startsWith("/dev");
    } catch (IOException | UnsupportedOperationException notLinux) {
      return System.console() != null;
    }
  }
}
