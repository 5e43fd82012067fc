package dev.copperplate.benchmarks.stages;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/**
 * How fast a backup could be at most: if its stages took the time that each takes alone, spread
 * evenly over all processors, and nothing else took any.
 *
 * @param kind what is backed up
 * @param costs the stages in their order
 * @param processors how many there are
 * @param diskMbs how many MB of plain bytes a second the disk takes
 */
record Roofline(DataKind kind, List<Cost> costs, int processors, double diskMbs) {

  /** The level of zstd that the engine uses unless told otherwise. */
  static final int LEVEL = 3;

  /** Nanoseconds a byte times megabytes a second. */
  private static final double NANOS_PER_BYTE = 1_000;

  /**
   * What a stage costs.
   *
   * @param nanosPerByte time of one thread for each plain byte
   */
  record Cost(String stage, double nanosPerByte) {

    /** Of a stage that handles only a part of the plain bytes, at so many MB/s a thread. */
    static Cost of(String stage, double mbs, double share) {
      return new Cost(stage, share * NANOS_PER_BYTE / mbs);
    }
  }

  static Roofline of(DataKind kind, Scores scores, int processors) {
    double share = Pieces.storedShare(kind, LEVEL);
    List<Cost> costs =
        List.of(
            Cost.of("read", scores.mbs("ReadStage.read"), 1),
            Cost.of("copy and chunk", scores.mbs("ChunkStage.copyAndChunk", kind), 1),
            Cost.of("blob hash", scores.mbs("HashStage.blobs"), 1),
            Cost.of("compress", scores.mbs("CompressStage.compress", kind, LEVEL), 1),
            Cost.of("seal", scores.mbs("SealStage.seal"), share),
            Cost.of("self-check", scores.mbs("SelfCheckStage.check", kind), 1),
            Cost.of("pack hash", scores.mbs("HashStage.pack"), share),
            Cost.of("write", scores.mbs("WriteStage.write"), share));
    double disk = scores.totalMbs("WriteStage.put") / share;
    return new Roofline(kind, costs, processors, disk);
  }

  /** Time of one thread for each plain byte, in nanoseconds. */
  double sum() {
    return costs.stream().mapToDouble(Cost::nanosPerByte).sum();
  }

  /** MB of plain bytes a second that the processors allow. */
  double processorMbs() {
    return processors * NANOS_PER_BYTE / sum();
  }

  /** The roofline itself: the lower of what the processors and the disk allow. */
  double mbs() {
    return Math.min(processorMbs(), diskMbs);
  }

  void print(PrintStream out) {
    out.printf(Locale.ROOT, "%nRoofline, %s at level %d%n", kind, LEVEL);
    for (Cost each : costs) {
      out.printf(
          Locale.ROOT,
          "  %-16s %8.3f ns/byte %4.0f %%%n",
          each.stage(),
          each.nanosPerByte(),
          100 * each.nanosPerByte() / sum());
    }
    out.printf(Locale.ROOT, "  %-16s %8.3f ns/byte%n", "sum", sum());
    out.printf(
        Locale.ROOT,
        "  %d processors allow %.0f MB/s, the disk %.0f MB/s%n",
        processors,
        processorMbs(),
        diskMbs);
    out.printf(Locale.ROOT, "  roofline %.0f MB/s%n", mbs());
  }
}
