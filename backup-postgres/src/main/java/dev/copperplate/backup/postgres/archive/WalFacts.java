package dev.copperplate.backup.postgres.archive;

import dev.copperplate.backup.Manifest;
import dev.copperplate.backup.SnapshotWriter;
import dev.copperplate.backup.postgres.Lsn;
import dev.copperplate.backup.postgres.capture.Facts;
import dev.copperplate.backup.postgres.replication.WalPosition;
import dev.copperplate.backup.postgres.wal.SegmentSize;
import dev.copperplate.backup.postgres.wal.WalRange;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The facts of a commit.
 *
 * @param system fact {@code identity}: the system identifier
 * @param version fact {@code server-version}
 * @param size fact {@code wal-segment-bytes}
 * @param start facts {@code start-lsn} and {@code start-timeline}: where the window begins
 * @param end facts {@code end-lsn} and {@code timeline}: what is durable
 * @param slot fact {@code slot}
 * @param began fact {@code window-began}: when the window began
 * @param closed fact {@code window}, {@code closed} or {@code open}: whether it is its last commit
 * @param gaps fact {@code gap}: ranges that are missing, such as {@code 0/3000000-0/5000000}, with
 *     a comma between two; absent if there is none
 */
public record WalFacts(
    String system,
    int version,
    SegmentSize size,
    WalPosition start,
    WalPosition end,
    String slot,
    Instant began,
    boolean closed,
    List<WalRange> gaps) {

  /** On which timeline the window began. */
  public static final String START_TIMELINE = "start-timeline";

  private static final String GAP = "gap";
  private static final String CLOSED = "closed";

  public WalFacts {
    gaps = List.copyOf(gaps);
  }

  void writeTo(SnapshotWriter writer) {
    writer.fact(Manifest.IDENTITY, system);
    writer.fact(Facts.SERVER_VERSION, Integer.toString(version));
    writer.fact(Facts.SEGMENT_BYTES, Long.toString(size.bytes()));
    writer.fact(START_TIMELINE, Integer.toString(start.timeline()));
    writer.fact(Facts.START_LSN, start.lsn().toString());
    writer.fact(Facts.TIMELINE, Integer.toString(end.timeline()));
    writer.fact(Facts.END_LSN, end.lsn().toString());
    writer.fact("slot", slot);
    writer.fact("window-began", began.toString());
    writer.fact("window", closed ? CLOSED : "open");
    if (!gaps.isEmpty()) {
      writer.fact(GAP, String.join(",", gaps.stream().map(WalFacts::text).toList()));
    }
  }

  private static String text(WalRange gap) {
    return gap.from() + "-" + gap.to();
  }

  /** Reads them; empty if these are the facts of something else. */
  static Optional<WalFacts> of(Manifest manifest) {
    try {
      return Optional.of(
          new WalFacts(
              text(manifest, Manifest.IDENTITY),
              Integer.parseInt(text(manifest, Facts.SERVER_VERSION)),
              new SegmentSize(Long.parseLong(text(manifest, Facts.SEGMENT_BYTES))),
              position(manifest, Facts.START_LSN, START_TIMELINE),
              position(manifest, Facts.END_LSN, Facts.TIMELINE),
              text(manifest, "slot"),
              Instant.parse(text(manifest, "window-began")),
              text(manifest, "window").equals(CLOSED),
              gaps(manifest)));
    } catch (IllegalArgumentException | DateTimeException notOurs) {
      return Optional.empty();
    }
  }

  private static String text(Manifest manifest, String key) {
    return manifest.get(key).orElseThrow(() -> new IllegalArgumentException("No fact " + key));
  }

  private static WalPosition position(Manifest manifest, String lsn, String timeline) {
    return new WalPosition(
        Lsn.parse(text(manifest, lsn)), Integer.parseInt(text(manifest, timeline)));
  }

  /**
   * The ranges that a commit says are missing.
   *
   * @throws IllegalArgumentException if it says it in no way that is known
   */
  public static List<WalRange> gaps(Manifest manifest) {
    String text = manifest.get(GAP).orElse("");
    List<WalRange> gaps = new ArrayList<>();
    for (String each : text.isEmpty() ? new String[0] : text.split(",", -1)) {
      int dash = each.indexOf('-');
      if (dash < 0) {
        throw new IllegalArgumentException("Not a range of WAL: " + each);
      }
      gaps.add(
          new WalRange(Lsn.parse(each.substring(0, dash)), Lsn.parse(each.substring(dash + 1))));
    }
    return gaps;
  }
}
