package dev.copperplate.backup.postgres.capture;

/** Keys of the manifest of a base backup. */
public final class Facts {

  public static final String KIND = "kind";
  public static final String FULL = "full";
  public static final String INCREMENTAL = "incremental";
  public static final String FULL_REASON = "full-reason";
  public static final String CHAIN = "chain";
  public static final String PARENT_RUN = "parent-run";
  public static final String SERVER_VERSION = "server-version";
  public static final String SEGMENT_BYTES = "wal-segment-bytes";
  public static final String TIMELINE = "timeline";
  public static final String START_LSN = "start-lsn";
  public static final String END_LSN = "end-lsn";

  /** A time of the server's clock, at or soon after the end of the backup. */
  public static final String END_TIME = "end-time";

  /** Before the number of a tablespace; its value is the place on the server. */
  public static final String TABLESPACE = "tablespace.";

  private Facts() {}
}
