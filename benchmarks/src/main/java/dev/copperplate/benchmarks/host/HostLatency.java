package dev.copperplate.benchmarks.host;

import dev.copperplate.benchmarks.CommandLine;
import dev.copperplate.benchmarks.DirectoryRemoval;
import dev.copperplate.benchmarks.warm.Template;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * How much later a service answers while a backup runs in its JVM: a client in another JVM asks at
 * a fixed rate, in turns without and with a backup.
 */
public final class HostLatency {

  private static final String SOURCE = "--source";
  private static final String WORK = "--work";
  private static final String SECONDS = "--seconds";
  private static final String RATE = "--rate";
  private static final String TURNS = "--turns";

  private static final String USAGE =
      """
      HostLatency --source DIR --work DIR [--seconds N] [--rate N] [--turns N]
        --source DIR   what is backed up; enough for N seconds is best
        --work DIR     where repositories are, and are removed again
        --seconds N    of each turn without and with a backup; 30, at most 600
        --rate N       requests a second; 200
        --turns N      pairs of turns; 2, at most 20""";

  private static final int MOST_SECONDS = 600;
  private static final int MOST_TURNS = 20;

  private final Path source;
  private final Path work;
  private final Template template;
  private final ClientProcess client;
  private final int requests;
  private final PrintStream out;
  private Latencies without = Latencies.NONE;
  private Latencies with = Latencies.NONE;

  private HostLatency(Path source, Path work, ClientProcess client, int requests, PrintStream out)
      throws IOException {
    this.source = source;
    this.work = work;
    this.template = Template.ofOurs(work);
    this.client = client;
    this.requests = requests;
    this.out = out;
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    run(System.out, arguments);
  }

  static void run(PrintStream out, String... arguments) throws IOException, InterruptedException {
    CommandLine line =
        new CommandLine(USAGE, List.of(SOURCE, WORK, SECONDS, RATE, TURNS), arguments);
    Path source = line.path(SOURCE);
    int seconds = Math.min(MOST_SECONDS, line.count(SECONDS, 30));
    int rate = line.count(RATE, 200);
    int turns = Math.min(MOST_TURNS, line.count(TURNS, 2));
    Path work = Files.createTempDirectory(Files.createDirectories(line.path(WORK)), "host");
    try (Service service = new Service();
        ClientProcess client = new ClientProcess(work, service.port(), rate)) {
      new HostLatency(source, work, client, Math.multiplyExact(rate, seconds), out).run(turns);
    } finally {
      DirectoryRemoval.remove(work);
    }
  }

  private void run(int turns) throws IOException, InterruptedException {
    out.println("Warming up, does not count");
    turnWithout();
    turnWith();
    without = Latencies.NONE;
    with = Latencies.NONE;
    for (int turn = 1; turn <= turns; turn++) {
      out.printf(Locale.ROOT, "Turn %d%n", turn);
      turnWithout();
      turnWith();
    }
    out.printf(Locale.ROOT, "All %d turns%n", turns);
    print("without", without);
    print("with", with);
    out.printf(
        Locale.ROOT,
        "  p99 with a backup is %.2f of that without%n",
        with.percentile(99) / without.percentile(99));
  }

  private void turnWithout() throws IOException {
    Latencies measured = client.ask(requests);
    print("without", measured);
    without = without.and(measured);
  }

  private void turnWith() throws IOException, InterruptedException {
    try (Footprint footprint = new Footprint();
        BackupLoad load = new BackupLoad(template, source, work.resolve("repository"))) {
      Latencies measured = client.ask(requests);
      print("with", measured);
      with = with.and(measured);
      out.printf(Locale.ROOT, "  backups that came to their end meanwhile: %d%n", load.finished());
      footprint.print(out);
    }
  }

  private void print(String name, Latencies measured) {
    out.printf(
        Locale.ROOT,
        "  %-8s %7d requests, ms: p50 %.2f p90 %.2f p99 %.2f p99.9 %.2f max %.2f; p99 of the"
            + " sending %.2f%n",
        name,
        measured.count(),
        measured.percentile(50),
        measured.percentile(90),
        measured.percentile(99),
        measured.percentile(99.9),
        measured.percentile(100),
        measured.sentPercentile(99));
  }
}
