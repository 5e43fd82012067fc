package dev.copperplate.backup.postgres.basebackup;

import dev.copperplate.backup.postgres.Lsn;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A {@code backup_label}: where recovery of a base backup begins. Without it a server would begin
 * at the wrong place and lose data in silence.
 *
 * @param start where the WAL begins that it needs
 * @param checkpoint the checkpoint to begin with
 * @param timeline on which
 * @param fromStandby whether the server was one
 * @param incrementalFrom the start of the base that an incremental builds on
 */
public record BackupLabel(
    Lsn start, Lsn checkpoint, int timeline, boolean fromStandby, Optional<Lsn> incrementalFrom) {

  /** The name of the file in the data directory. */
  public static final String NAME = "backup_label";

  /** The server writes half a kibibyte, and a label of a kibibyte at most. */
  public static final int MAX_BYTES = 16 * 1024;

  private static final Pattern LINE = Pattern.compile("([A-Z ]{1,40}): (.*)");
  private static final String INCREMENTAL = "INCREMENTAL FROM LSN";
  private static final String INCREMENTAL_TIMELINE = "INCREMENTAL FROM TLI";

  /**
   * Reads the server's file.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static BackupLabel parse(byte[] file) {
    Map<String, String> fields = fields(file);
    // The server adds the name of the segment in parentheses.
    String start = required(fields, "START WAL LOCATION").split(" ", 2)[0];
    return new BackupLabel(
        Lsn.parse(start),
        Lsn.parse(required(fields, "CHECKPOINT LOCATION")),
        timeline(required(fields, "START TIMELINE")),
        "standby".equals(fields.get("BACKUP FROM")),
        Optional.ofNullable(fields.get(INCREMENTAL)).map(Lsn::parse));
  }

  /** The file of a combined backup: that of the newest incremental, without what makes it one. */
  public static byte[] combined(byte[] file) {
    StringBuilder kept = new StringBuilder();
    for (String line : text(file).split("(?<=\n)")) {
      if (!line.startsWith(INCREMENTAL + ": ") && !line.startsWith(INCREMENTAL_TIMELINE + ": ")) {
        kept.append(line);
      }
    }
    return kept.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static Map<String, String> fields(byte[] file) {
    if (file.length > MAX_BYTES) {
      throw new IllegalArgumentException("A backup_label of " + file.length + " bytes is none");
    }
    Map<String, String> fields = new HashMap<>();
    for (String line : text(file).split("\n", -1)) {
      Matcher parts = LINE.matcher(line);
      if (parts.matches()) {
        fields.putIfAbsent(parts.group(1), parts.group(2));
      }
    }
    return fields;
  }

  private static String required(Map<String, String> fields, String name) {
    String value = fields.get(name);
    if (value == null) {
      throw new IllegalArgumentException("A backup_label without " + name);
    }
    return value;
  }

  private static int timeline(String digits) {
    int timeline = Integer.parseInt(digits);
    if (timeline < 1) {
      throw new IllegalArgumentException("Not a timeline: " + digits);
    }
    return timeline;
  }

  /** Every byte is a character: the label is in whatever encoding somebody chose. */
  private static String text(byte[] file) {
    return new String(file, StandardCharsets.ISO_8859_1);
  }
}
