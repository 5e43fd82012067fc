package dev.copperplate.benchmarks.sidebyside;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What the command line and the environment say.
 *
 * @param given values of options by their names; flags have an empty one
 * @param environment of this process
 */
record Settings(Map<String, String> given, Map<String, String> environment) {

  static final String USAGE =
      """
      Usage: benchmarks/run [OPTION]…

      Runs stock restic and the samples on the same work, in turn, and writes what they took.

        --work DIR            for data and repositories (benchmarks/target/work)
        --output FILE         the results (benchmarks/RESULTS.md)
        --rounds N            how often each is measured (5)
        --only NAME,…         only tasks with these names, or whose names begin with NAME-
        --scale F             multiply all sizes and counts (1)
        --cold                empty the page cache before each run; needs root
        --with-stream         also the file of 20 GB
        --with-million        also the million files
        --java PATH           the JVM that is measured (the one that runs this)
        --java-options "…"    for that JVM, divided by blanks (-XX:+UseSerialGC -Xmx512m)
        --no-archive          without class-data archives
        --any-restic          not only with the version that results are compared with
        --no-build            with what was built before
        --list                print the names of all tasks
        --help                print this

      RESTIC names restic, PG_BIN the directory of PostgreSQL's programs.
      """;

  /** What README.md recommends for programs that begin and end often. */
  private static final String JAVA_OPTIONS = "-XX:+UseSerialGC -Xmx512m";

  private static final Set<String> VALUES =
      Set.of(
          "work",
          "output",
          "rounds",
          "only",
          "scale",
          "java",
          "java-options",
          // From benchmarks/run alone:
          "jar",
          "revision");
  private static final Set<String> FLAGS =
      Set.of("cold", "with-stream", "with-million", "no-archive", "any-restic", "list", "help");

  Settings {
    given = Map.copyOf(given);
    environment = Map.copyOf(environment);
  }

  static Settings parse(List<String> line, Map<String, String> environment)
      throws SettingsException {
    Map<String, String> given = new HashMap<>();
    for (int index = 0; index < line.size(); index++) {
      String word = line.get(index);
      String name = word.startsWith("--") ? word.substring(2) : "";
      if (FLAGS.contains(name)) {
        given.put(name, "");
      } else if (VALUES.contains(name) && index + 1 < line.size()) {
        index++;
        given.put(name, line.get(index));
      } else {
        throw new SettingsException("Not an option, or without its value: " + word);
      }
    }
    return new Settings(given, environment);
  }

  boolean has(String flag) {
    return given.containsKey(flag);
  }

  Path path(String name) throws SettingsException {
    return Path.of(text(name)).toAbsolutePath();
  }

  int rounds() throws SettingsException {
    double rounds = positive("rounds", 5);
    if (rounds % 1 != 0) {
      throw new SettingsException("--rounds is a whole number: " + rounds);
    }
    return (int) rounds;
  }

  double scale() throws SettingsException {
    return positive("scale", 1);
  }

  PageCache cache() throws SettingsException {
    PageCache cache = has("cold") ? PageCache.COLD : PageCache.WARM;
    if (!cache.possible()) {
      throw new SettingsException("--cold needs root, to empty the page cache");
    }
    return cache;
  }

  /** The jar with all samples. */
  Path jar() throws SettingsException {
    Path jar = path("jar");
    if (!Files.exists(jar)) {
      throw new SettingsException("There is no " + jar + ": build it, without --no-build");
    }
    return jar;
  }

  String revision() {
    return given.getOrDefault("revision", "unknown");
  }

  Path java() {
    return Path.of(given.getOrDefault("java", System.getProperty("java.home") + "/bin/java"));
  }

  List<String> javaOptions() {
    return Stream.of(given.getOrDefault("java-options", JAVA_OPTIONS).split(" "))
        .filter(each -> !each.isEmpty())
        .toList();
  }

  /** The restic that {@code RESTIC} names, else the one on the search path. */
  Path restic() throws SettingsException {
    Optional<Path> named = Optional.ofNullable(environment.get("RESTIC")).map(Path::of);
    return named
        .or(() -> onPath("restic"))
        .filter(Files::isExecutable)
        .map(Path::toAbsolutePath)
        .orElseThrow(() -> new SettingsException("No restic: set RESTIC to the program"));
  }

  /** Of all tasks those that were asked for. */
  List<Task> chosen(List<Task> all) throws SettingsException {
    if (!given.containsKey("only")) {
      return all.stream().filter(this::asked).toList();
    }
    List<String> names = List.of(text("only").split(","));
    for (String each : names) {
      if (all.stream().noneMatch(task -> meant(task, each))) {
        throw new SettingsException("No such task: " + each + ". --list prints all");
      }
    }
    return all.stream().filter(task -> names.stream().anyMatch(each -> meant(task, each))).toList();
  }

  private boolean asked(Task task) {
    String data = task.data().name();
    return !Set.of("stream", "million").contains(data) || has("with-" + data);
  }

  private static boolean meant(Task task, String name) {
    return task.name().equals(name) || task.name().startsWith(name + "-");
  }

  private String text(String name) throws SettingsException {
    String value = given.get(name);
    if (value == null) {
      throw new SettingsException("--" + name + " is missing");
    }
    return value;
  }

  private double positive(String name, double otherwise) throws SettingsException {
    String value = given.getOrDefault(name, Double.toString(otherwise));
    try {
      double number = Double.parseDouble(value);
      if (number > 0 && Double.isFinite(number)) {
        return number;
      }
    } catch (NumberFormatException wrong) {
      // Said below.
    }
    throw new SettingsException("--" + name + " is a number above 0: " + value);
  }

  private Optional<Path> onPath(String program) {
    return Stream.of(environment.getOrDefault("PATH", "").split(File.pathSeparator))
        .map(each -> Path.of(each, program))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
