package dev.copperplate.backup.postgres.inventory;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Manifest;
import dev.copperplate.backup.RunId;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.postgres.Lsn;
import dev.copperplate.backup.postgres.capture.Facts;
import dev.copperplate.backup.postgres.wal.SegmentSize;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a base says of itself.
 *
 * @param identity the system identifier, decimal
 * @param incremental whether it builds on {@code parent}
 * @param serverVersion as {@code server_version_num}
 * @param segments how the cluster cuts its WAL
 * @param timeline on which it ended
 * @param start where the WAL begins that it needs
 * @param end where it is consistent
 * @param ended when the base had ended, by the server's clock, if it was noted
 * @param parent the run that it builds on
 * @param tablespaces the places on the server, by the tablespace's number
 */
public record BaseFacts(
    String identity,
    boolean incremental,
    int serverVersion,
    SegmentSize segments,
    int timeline,
    Lsn start,
    Lsn end,
    Optional<Instant> ended,
    Optional<RunId> parent,
    SortedMap<String, String> tablespaces) {

  /** Whether a snapshot is a base, full or incremental. */
  public static boolean isBase(Manifest manifest) {
    String kind = manifest.get(Facts.KIND).orElse("");
    return kind.equals(Facts.FULL) || kind.equals(Facts.INCREMENTAL);
  }

  /** Reads them from the manifest of a snapshot. */
  public static BaseFacts of(Snapshot snapshot, Manifest manifest) throws BackupException {
    try {
      return new BaseFacts(
          required(manifest, Manifest.IDENTITY),
          required(manifest, Facts.KIND).equals(Facts.INCREMENTAL),
          Integer.parseInt(required(manifest, Facts.SERVER_VERSION)),
          new SegmentSize(Long.parseLong(required(manifest, Facts.SEGMENT_BYTES))),
          Integer.parseInt(required(manifest, Facts.TIMELINE)),
          Lsn.parse(required(manifest, Facts.START_LSN)),
          Lsn.parse(required(manifest, Facts.END_LSN)),
          manifest.get(Facts.END_TIME).map(Instant::parse),
          manifest.get(Facts.PARENT_RUN).map(RunId::new),
          tablespaces(manifest));
    } catch (IllegalArgumentException | DateTimeException wrong) {
      throw new BackupException(
          Kind.INVALID,
          "Snapshot " + snapshot.run() + " is no base of PostgreSQL: " + wrong.getMessage(),
          wrong);
    }
  }

  /** The version as people say it. */
  public int major() {
    return serverVersion / 10_000;
  }

  public Cluster cluster() {
    return new Cluster(identity, segments);
  }

  static String required(Manifest manifest, String key) {
    return manifest
        .get(key)
        .orElseThrow(() -> new IllegalArgumentException("its manifest has no " + key));
  }

  private static SortedMap<String, String> tablespaces(Manifest manifest) {
    SortedMap<String, String> places = new TreeMap<>();
    for (Map.Entry<String, String> fact : manifest.facts().entrySet()) {
      if (fact.getKey().startsWith(Facts.TABLESPACE)) {
        places.put(fact.getKey().substring(Facts.TABLESPACE.length()), fact.getValue());
      }
    }
    return places;
  }
}
