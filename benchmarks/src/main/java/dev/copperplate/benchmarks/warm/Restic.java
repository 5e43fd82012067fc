package dev.copperplate.benchmarks.warm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Stock restic, a process for each command, without a cache.
 *
 * @param program its path
 * @param repository a directory
 * @param passwordFile its password
 */
record Restic(Path program, Path repository, Path passwordFile) {

  private static final long LIMIT_HOURS = 1;

  /**
   * Runs a command to its end.
   *
   * @throws IOException with what restic said, if it does not succeed
   */
  void run(String... command) throws IOException, InterruptedException {
    List<String> words =
        new ArrayList<>(
            List.of(
                program.toString(),
                "--repo",
                repository.toString(),
                "--password-file",
                passwordFile.toString(),
                "--no-cache",
                "--quiet"));
    words.addAll(List.of(command));
    Path said = Files.createTempFile(passwordFile.getParent(), "restic", ".log");
    ProcessBuilder builder = new ProcessBuilder(words);
    builder.environment().keySet().removeIf(name -> name.startsWith("RESTIC"));
    Process process = builder.redirectErrorStream(true).redirectOutput(said.toFile()).start();
    try {
      process.getOutputStream().close();
      if (!process.waitFor(LIMIT_HOURS, TimeUnit.HOURS) || process.exitValue() != 0) {
        throw new IOException(String.join(" ", words) + " failed: " + Files.readString(said));
      }
    } finally {
      process.destroyForcibly();
      Files.delete(said);
    }
  }
}
