package dev.copperplate.benchmarks.warm;

import dev.copperplate.benchmarks.CommandLine;
import dev.copperplate.benchmarks.DirectoryRemoval;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Backs a directory up, again without changes, restores it and checks everything, several times
 * inside one JVM; if asked, stock restic does the same in turns.
 *
 * <p>Nothing is taken off restic's times: each holds the start of a process and the derivation of
 * the key, which our own steps after the first have behind them as they have in a service. The step
 * {@code open} shows what that is.
 */
public final class WarmRounds {

  private static final String SOURCE = "--source";
  private static final String WORK = "--work";
  private static final String ROUNDS = "--rounds";
  private static final String RESTIC = "--restic";
  private static final String ROOFLINE = "--roofline-mbs";

  private static final String USAGE =
      """
      WarmRounds --source DIR --work DIR [--rounds N] [--restic PATH] [--roofline-mbs X]
        --source DIR       what is backed up
        --work DIR         where repositories and restored files are, and are removed again
        --rounds N         6 unless told; the first two of three or more do not count
        --restic PATH      the program that does the same in turns
        --roofline-mbs X   what a backup could reach at most, as Stages prints it""";

  private static final String OURS = "copperplate";
  private static final String THEIRS = "restic";
  private static final int DEFAULT_ROUNDS = 6;
  private static final int WARM_UP = 2;
  private static final double MEGABYTE = 1e6;

  private final Path work;
  private final int warmUp;
  private final List<Lane> lanes;
  private final PrintStream out;

  private WarmRounds(Path work, int warmUp, List<Lane> lanes, PrintStream out) {
    this.work = work;
    this.warmUp = warmUp;
    this.lanes = lanes;
    this.out = out;
  }

  /**
   * One of those who do the same.
   *
   * @param name of it, and of its directory
   * @param entrant makes it ready for a round
   * @param times what its rounds took
   */
  private record Lane(String name, Entrant entrant, Times times) {

    Lane(String name, int warmUp, Entrant entrant) {
      this(name, entrant, new Times(warmUp));
    }
  }

  /** Makes a contender for a round, in an empty directory. */
  @FunctionalInterface
  private interface Entrant {
    Contender enter(Path directory) throws IOException;
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    run(System.out, arguments);
  }

  static void run(PrintStream out, String... arguments) throws IOException, InterruptedException {
    CommandLine line =
        new CommandLine(USAGE, List.of(SOURCE, WORK, ROUNDS, RESTIC, ROOFLINE), arguments);
    Path source = line.path(SOURCE);
    Optional<Double> roofline = line.optional(ROOFLINE).map(Double::valueOf);
    int rounds = line.count(ROUNDS, DEFAULT_ROUNDS);
    int warmUp = rounds > WARM_UP ? WARM_UP : 0;
    Path work = Files.createTempDirectory(Files.createDirectories(line.path(WORK)), "warm");
    try {
      WarmRounds all = new WarmRounds(work, warmUp, lanes(line, warmUp, source, work), out);
      for (int round = 1; round <= rounds; round++) {
        all.round(round);
        all.printRound(round);
      }
      all.printMedians(rounds - warmUp, size(source), roofline);
    } finally {
      DirectoryRemoval.remove(work);
    }
  }

  private static List<Lane> lanes(CommandLine line, int warmUp, Path source, Path work)
      throws IOException, InterruptedException {
    if (line.optional(RESTIC).isEmpty()) {
      Template template = Template.ofOurs(work);
      return List.of(new Lane(OURS, warmUp, at -> new OurRound(template, source, at)));
    }
    Path program = line.path(RESTIC);
    Template template = Template.ofRestic(work, program);
    return List.of(
        new Lane(OURS, warmUp, at -> new OurRound(template, source, at)),
        new Lane(THEIRS, warmUp, at -> new ResticRound(template, program, source, at)));
  }

  private void round(int number) throws IOException, InterruptedException {
    List<Contender> contenders = new ArrayList<>();
    try {
      for (Lane each : lanes) {
        // It stays to the end: who makes files after many were removed waits for the file system.
        Path directory = Files.createDirectory(work.resolve(each.name() + "-" + number));
        contenders.add(each.entrant().enter(directory));
      }
      for (Step step : Step.values()) {
        for (int i = 0; i < lanes.size(); i++) {
          // Who goes first changes: a disk still writes what the one before has written.
          int turn = (i + number) % lanes.size();
          lanes.get(turn).times().measure(contenders.get(turn), step);
        }
      }
    } finally {
      for (Contender each : contenders) {
        each.close();
      }
    }
  }

  private static long size(Path source) throws IOException {
    long bytes = 0;
    try (Stream<Path> all = Files.walk(source)) {
      for (Path each : all.filter(Files::isRegularFile).toList()) {
        bytes += Files.size(each);
      }
    }
    return bytes;
  }

  private void printRound(int number) {
    out.printf(Locale.ROOT, "round %d%s%n", number, number > warmUp ? "" : ", does not count");
    for (Lane lane : lanes) {
      out.printf(Locale.ROOT, "  %-12s", lane.name());
      for (Step each : Step.values()) {
        out.printf(Locale.ROOT, " %s %.3f s", each, lane.times().last(each));
      }
      out.println();
    }
  }

  private void printMedians(int rounds, long bytes, Optional<Double> roofline) {
    out.printf(
        Locale.ROOT, "%nMedians of %d rounds in a warm JVM, %.1f MB%n", rounds, bytes / MEGABYTE);
    Times ours = lanes.get(0).times();
    for (Step each : Step.values()) {
      double own = ours.median(each);
      out.printf(Locale.ROOT, "  %-10s %9.3f s", each, own);
      if (each.movesAll()) {
        out.printf(Locale.ROOT, " %8.1f MB/s", bytes / MEGABYTE / own);
      }
      for (Lane other : lanes.subList(1, lanes.size())) {
        double its = other.times().median(each);
        out.printf(Locale.ROOT, "   %s %9.3f s, ours %.2f of it", other.name(), its, own / its);
      }
      out.println();
    }
    if (lanes.size() > 1) {
      out.println("  restic's times hold its start and the derivation of the key, as open shows");
    }
    roofline.ifPresent(
        mbs ->
            out.printf(
                Locale.ROOT,
                "  backup at %.0f %% of the roofline of %.0f MB/s%n",
                100 * bytes / MEGABYTE / ours.median(Step.BACKUP) / mbs,
                mbs));
  }
}
