package dev.copperplate.backup.postgres;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Manifest;
import dev.copperplate.backup.RunId;
import dev.copperplate.backup.Snapshot;
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
record BaseFacts(
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

  /** The type of sources of bases. */
  static final String TYPE = "postgres";

  private static final String TABLESPACE = "tablespace.";

  /** Reads them from the manifest of a snapshot. */
  static BaseFacts of(Snapshot snapshot, Manifest manifest) throws BackupException {
    try {
      return new BaseFacts(
          required(manifest, Manifest.IDENTITY),
          required(manifest, "kind").equals("incremental"),
          Integer.parseInt(required(manifest, "server-version")),
          new SegmentSize(Long.parseLong(required(manifest, "wal-segment-bytes"))),
          Integer.parseInt(required(manifest, "timeline")),
          Lsn.parse(required(manifest, "start-lsn")),
          Lsn.parse(required(manifest, "end-lsn")),
          manifest.get("end-time").map(Instant::parse),
          manifest.get("parent-run").map(RunId::new),
          tablespaces(manifest));
    } catch (IllegalArgumentException | DateTimeException wrong) {
      throw new BackupException(
          Kind.INVALID,
          "Snapshot " + snapshot.run() + " is no base of PostgreSQL: " + wrong.getMessage(),
          wrong);
    }
  }

  /** The version as people say it. */
  int major() {
    return serverVersion / 10_000;
  }

  static String required(Manifest manifest, String key) {
    return manifest
        .get(key)
        .orElseThrow(() -> new IllegalArgumentException("its manifest has no " + key));
  }

  private static SortedMap<String, String> tablespaces(Manifest manifest) {
    SortedMap<String, String> places = new TreeMap<>();
    for (Map.Entry<String, String> fact : manifest.facts().entrySet()) {
      if (fact.getKey().startsWith(TABLESPACE)) {
        places.put(fact.getKey().substring(TABLESPACE.length()), fact.getValue());
      }
    }
    return places;
  }
}
