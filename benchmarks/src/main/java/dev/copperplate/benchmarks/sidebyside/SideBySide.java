package dev.copperplate.benchmarks.sidebyside;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Runs stock restic and the samples side by side and writes the results.
 *
 * <p>{@code benchmarks/run} starts it. Each task is kept in a file of its own below the work
 * directory as soon as it is measured, and the page of results is written anew from all of them.
 */
public final class SideBySide {

  private static final int FAILURE = 1;
  private static final int USAGE = 2;

  private final Settings settings;
  private final PrintStream out;
  private final List<Task> all;
  private final Optional<PostgresPrograms> postgres;

  private SideBySide(Settings settings, PrintStream out) throws IOException, SettingsException {
    this.settings = settings;
    this.out = out;
    this.postgres = PostgresPrograms.find(settings.environment());
    this.all = Catalogue.of(settings.scale(), postgres);
  }

  public static void main(String[] line) {
    System.exit(run(System.out, System.err, System.getenv(), line));
  }

  /** Runs it and returns its exit code: 0, 1 for a failure, 2 for wrong settings. */
  static int run(
      PrintStream out, PrintStream err, Map<String, String> environment, String... line) {
    try {
      Settings settings = Settings.parse(List.of(line), environment);
      if (settings.has("help")) {
        out.print(Settings.USAGE);
        return 0;
      }
      SideBySide sideBySide = new SideBySide(settings, out);
      if (settings.has("list")) {
        sideBySide.list();
      } else {
        sideBySide.run();
      }
      return 0;
    } catch (SettingsException wrong) {
      err.println(wrong.getMessage());
      return USAGE;
    } catch (IOException failure) {
      err.println(failure instanceof CommandFailure ? failure.getMessage() : failure.toString());
      return FAILURE;
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      err.println("Interrupted");
      return FAILURE;
    }
  }

  private void list() {
    all.forEach(each -> out.printf(Locale.ROOT, "%-24s %s%n", each.name(), each.title()));
  }

  private void run() throws IOException, InterruptedException, SettingsException {
    List<Task> chosen = settings.chosen(all);
    Bench bench = Bench.in(settings.path("work"), settings.restic());
    if (!bench.restic().expected() && !settings.has("any-restic")) {
      throw new SettingsException(
          "Results are compared with restic "
              + Restic.EXPECTED
              + ", and this is "
              + bench.restic().version()
              + ". Set RESTIC to that one, or say --any-restic");
    }
    SampleJvm jvm = jvm(bench);
    Samples copperplate = new Samples(jvm, bench.passwordFile());
    Race race =
        new Race(bench, bench.restic(), copperplate, settings.cache(), settings.rounds(), out);
    Map<String, String> conditions = conditions(bench, jvm);
    for (Task task : chosen) {
      Race.Outcome outcome = race.run(task);
      Result result =
          new Result(
              task.name(),
              task.title(),
              conditions,
              LocalDate.now(ZoneOffset.UTC).toString(),
              outcome.restic(),
              outcome.copperplate());
      ResultFile.write(results(bench).resolve(file(task)), result);
      publish(bench);
    }
  }

  private SampleJvm jvm(Bench bench) throws IOException, InterruptedException, SettingsException {
    String version = Execution.run(bench.output(), settings.java().toString(), "-version");
    Path jar = settings.jar();
    SampleJvm plain =
        new SampleJvm(
            settings.java(),
            version.lines().findFirst().orElse("unknown"),
            settings.javaOptions(),
            jar,
            JarFacts.hash(jar),
            Optional.empty());
    return settings.has("no-archive") ? plain : new ClassDataArchives(bench, plain).get();
  }

  private Map<String, String> conditions(Bench bench, SampleJvm jvm)
      throws IOException, InterruptedException, SettingsException {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("Copperplate", "revision " + settings.revision());
    facts.put("zstd-jni", JarFacts.zstd(jvm.jar()));
    facts.put("JVM", jvm.version());
    facts.put("JVM options", jvm.options().isEmpty() ? "none" : String.join(" ", jvm.options()));
    facts.put("Class-data archive", jvm.archive().isPresent() ? "one for each sample" : "none");
    facts.put("restic", bench.restic().version());
    if (postgres.isPresent()) {
      facts.put("PostgreSQL", postgres.get().version(bench.output()));
    }
    facts.put("Rounds", Integer.toString(settings.rounds()));
    facts.put("Page cache", settings.cache().title());
    if (settings.scale() != 1) {
      facts.put("Scale", settings.scale() + ": NOT the full sizes");
    }
    facts.putAll(Machine.facts(bench.directory()));
    return facts;
  }

  private void publish(Bench bench) throws IOException, SettingsException {
    List<Result> kept = new ArrayList<>();
    try (Stream<Path> files = Files.list(results(bench))) {
      for (Path each : (Iterable<Path>) files.sorted()::iterator) {
        kept.add(ResultFile.read(each));
      }
    }
    List<String> order = all.stream().map(Task::name).toList();
    kept.sort(Comparator.comparing(each -> order.indexOf(each.task())));
    Files.writeString(
        settings.path("output"), ResultTable.page(kept, notes()), StandardCharsets.UTF_8);
  }

  private List<String> notes() {
    return postgres.isPresent()
        ? List.of()
        : List.of("There was no PostgreSQL on this machine, so its data directory is left out.");
  }

  private String file(Task task) throws SettingsException {
    return task.name() + "." + settings.cache().name().toLowerCase(Locale.ROOT) + ".tsv";
  }

  private static Path results(Bench bench) {
    return bench.directory().resolve("results");
  }
}
