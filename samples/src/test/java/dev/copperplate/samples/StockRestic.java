package dev.copperplate.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The restic that {@code RESTIC} names, else the one on the search path. Where there is none, tests
 * that ask for it are skipped; with {@code CI=true} they fail instead.
 *
 * @param program its path
 */
record StockRestic(Path program) {

  private static final long LIMIT_SECONDS = 120;

  static StockRestic find() {
    Optional<Path> named = Optional.ofNullable(System.getenv("RESTIC")).map(Path::of);
    Optional<Path> found = named.filter(Files::isExecutable).or(StockRestic::onPath);
    if (found.isPresent()) {
      return new StockRestic(found.get());
    }
    String message = "No restic: set RESTIC to the program";
    return Boolean.parseBoolean(System.getenv("CI")) ? fail(message) : abort(message);
  }

  private static Optional<Path> onPath() {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return List.of(path.split(File.pathSeparator)).stream()
        .map(each -> Path.of(each, "restic"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Runs a command that begins with the word restic. Its cache goes to the given directory. */
  void run(List<?> command, Path directory) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>();
    command.forEach(each -> words.add(each.toString()));
    assertEquals("restic", words.get(0));
    words.set(0, program.toString());
    Path log = directory.resolve("restic.log");
    ProcessBuilder builder = new ProcessBuilder(words);
    builder.environment().keySet().removeIf(name -> name.startsWith("RESTIC"));
    builder.environment().put("XDG_CACHE_HOME", directory.resolve("cache").toString());
    Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    process.getOutputStream().close();
    assertTrue(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS), "restic ends");
    assertEquals(0, process.exitValue(), Files.readString(log));
  }
}
