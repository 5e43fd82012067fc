package dev.copperplate.backup.postgres.tools;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Starts programs that speak English and get a handful of variables of the environment: what else
 * is set PostgreSQL would read.
 */
public final class ProgramLaunch {

  /** What a program is found and loaded by. */
  private static final List<String> KEPT = List.of("PATH", "LD_LIBRARY_PATH");

  private ProgramLaunch() {}

  /**
   * Starts a program.
   *
   * @param variables set on top
   * @throws BackupException {@code NOT_FOUND} if it does not start
   */
  public static Process start(ProcessBuilder program, Map<String, String> variables)
      throws BackupException {
    program.environment().keySet().retainAll(KEPT);
    program.environment().put("LC_ALL", "C");
    program.environment().putAll(variables);
    try {
      return program.start();
    } catch (IOException e) {
      throw new BackupException(
          Kind.NOT_FOUND,
          "Cannot start " + program.command().get(0) + ": is it there, and executable?",
          e);
    }
  }
}
