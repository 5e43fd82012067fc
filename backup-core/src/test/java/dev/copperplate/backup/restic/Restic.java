package dev.copperplate.backup.restic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Stock restic, the judge of what we write and the author of what we must read. Where it is not
 * installed, tests that ask for it are skipped; with {@code CI=true} they fail instead, so that no
 * pipeline loses its judge unnoticed.
 *
 * <p>Immutable. Runs without a cache and in UTC; the password goes by a file.
 */
public final class Restic {

  /** The version that everything is judged by: environment variable, else the search path. */
  public static final String STOCK = "RESTIC";

  /** The oldest version that we care about: environment variable only. */
  public static final String OLD = "RESTIC_0_14";

  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final Path program;
  private final Map<String, String> environment;
  private final Optional<Path> directory;

  private Restic(Path program, Map<String, String> environment, Optional<Path> directory) {
    this.program = program;
    this.environment = Map.copyOf(environment);
    this.directory = directory;
  }

  /** The restic that {@code RESTIC} names, else the one on the search path. */
  public static Restic stock() {
    return find(STOCK, named(STOCK).or(Restic::onPath));
  }

  /** The restic 0.14 that {@code RESTIC_0_14} names: it must read us, too. */
  public static Restic old() {
    return find(OLD, named(OLD));
  }

  /** The same program for one repository. Writes the password into a file beside it. */
  public Restic at(Path repository, String password) throws IOException {
    Path file = repository.resolveSibling(repository.getFileName() + ".password");
    Files.writeString(file, password);
    return with(
        Map.of(
            "RESTIC_REPOSITORY", repository.toString(), "RESTIC_PASSWORD_FILE", file.toString()));
  }

  /** The same with more variables in its environment. */
  public Restic with(Map<String, String> variables) {
    Map<String, String> all = new HashMap<>(environment);
    all.putAll(variables);
    return new Restic(program, all, directory);
  }

  /** The same, run in a directory. */
  public Restic in(Path directory) {
    return new Restic(program, environment, Optional.of(directory));
  }

  /** Where it is. */
  public Path program() {
    return program;
  }

  /** Runs it and waits for its end. */
  public Result run(String... arguments) throws IOException, InterruptedException {
    Path out = Files.createTempFile("restic", ".out");
    Path err = Files.createTempFile("restic", ".err");
    try {
      Process process =
          builder(arguments).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
      process.getOutputStream().close();
      if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
        return fail("restic " + List.of(arguments) + " took over " + LIMIT + ": " + text(err));
      }
      return new Result(List.of(arguments), process.exitValue(), text(out), text(err));
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }

  /** Starts it, to be fed by its standard input and to go on until that ends. */
  public Held hold(String... arguments) throws IOException {
    Path said = Files.createTempFile("restic", ".out");
    ProcessBuilder builder = builder(arguments).redirectErrorStream(true);
    return new Held(builder.redirectOutput(said.toFile()).start(), said);
  }

  /** A run that goes on. */
  public record Held(Process process, Path said) implements AutoCloseable {

    public void write(byte[] bytes) throws IOException {
      process.getOutputStream().write(bytes);
      process.getOutputStream().flush();
    }

    /** Waits until it holds a lock on a repository. */
    public void awaitLock(Path repository) throws IOException, InterruptedException {
      for (long end = System.nanoTime() + LIMIT.toNanos(); System.nanoTime() - end < 0; ) {
        try (Stream<Path> locks = Files.list(repository.resolve("locks"))) {
          if (locks.findAny().isPresent()) {
            return;
          }
        }
        TimeUnit.MILLISECONDS.sleep(10);
      }
      fail("restic takes no lock: " + text(said));
    }

    /** Ends its input, and returns its exit code. */
    public int end() throws IOException, InterruptedException {
      process.getOutputStream().close();
      if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        return fail("restic took over " + LIMIT + ": " + text(said));
      }
      return process.exitValue();
    }

    @Override
    public void close() throws IOException {
      process.destroyForcibly();
      Files.delete(said);
    }
  }

  /** Runs it; anything but exit code 0 fails the test. Returns its standard output. */
  public String succeed(String... arguments) throws IOException, InterruptedException {
    Result result = run(arguments);
    assertEquals(0, result.exitCode(), result::toString);
    return result.out();
  }

  private ProcessBuilder builder(String... arguments) {
    List<String> command = new ArrayList<>(List.of(program.toString(), "--no-cache"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    Map<String, String> variables = builder.environment();
    variables.keySet().removeIf(name -> name.startsWith("RESTIC"));
    variables.put("TZ", "UTC");
    variables.put("LC_ALL", "C");
    variables.putAll(environment);
    directory.ifPresent(at -> builder.directory(at.toFile()));
    return builder;
  }

  private static Restic find(String variable, Optional<Path> program) {
    if (program.isPresent()) {
      return new Restic(program.get(), Map.of(), Optional.empty());
    }
    String message = "No restic: set " + variable + " to the program";
    return Boolean.parseBoolean(System.getenv("CI")) ? fail(message) : abort(message);
  }

  private static Optional<Path> named(String variable) {
    return Optional.ofNullable(System.getenv(variable)).map(Path::of).filter(Files::isExecutable);
  }

  private static Optional<Path> onPath() {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return List.of(path.split(File.pathSeparator)).stream()
        .map(each -> Path.of(each, "restic"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }

  /** What a run said. */
  public record Result(List<String> arguments, int exitCode, String out, String err) {}
}
