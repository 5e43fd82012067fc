package dev.copperplate.backup.postgres.restore;

import dev.copperplate.backup.postgres.RecoveryTarget;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The settings of a recovery, for {@code postgresql.auto.conf}, which the server reads after all
 * other files. Every byte is a character: paths need not be text.
 */
public final class RecoverySettings {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS'+00'", Locale.ROOT);

  /** What a base may bring along of an earlier recovery or of the life of a standby. */
  private static final List<String> EMPTIED =
      List.of(
          "recovery_target",
          "recovery_target_name",
          "recovery_target_time",
          "recovery_target_xid",
          "recovery_target_lsn",
          "archive_cleanup_command",
          "recovery_end_command",
          "primary_conninfo",
          "primary_slot_name");

  private static final int EVENT_TRIGGERS_CAN_BE_OFF = 17;

  private final Map<String, String> settings = new LinkedHashMap<>();

  /**
   * @param timeline to recover along; the base's own is the server's "current", for which it needs
   *     no history
   */
  public RecoverySettings(RestoreChoices choices, OptionalInt timeline, int major) {
    EMPTIED.forEach(each -> settings.put(each, ""));
    settings.put("restore_command", restoreCommand(choices.wal()));
    String number = timeline.isPresent() ? Integer.toString(timeline.getAsInt()) : "current";
    settings.put("recovery_target_timeline", number);
    settings.put("recovery_target_action", choices.pause() ? "pause" : "promote");
    settings.put("recovery_target_inclusive", "on");
    target(choices.target());
    if (choices.inPlace()) {
      // Without it recovery ends in a panic where a tablespace is a directory. Seen with 15 and 17.
      settings.put("allow_in_place_tablespaces", "on");
    }
    if (!choices.replacement()) {
      setApart(major);
    }
  }

  private void target(RecoveryTarget target) {
    if (target instanceof RecoveryTarget.Immediate) {
      last("recovery_target", "immediate");
    } else if (target instanceof RecoveryTarget.Time time) {
      target("time", TIME.format(time.instant().atOffset(ZoneOffset.UTC)), time.inclusive());
    } else if (target instanceof RecoveryTarget.Position position) {
      target("lsn", position.lsn().toString(), position.inclusive());
    } else if (target instanceof RecoveryTarget.Transaction transaction) {
      target("xid", Long.toString(transaction.id()), transaction.inclusive());
    } else if (target instanceof RecoveryTarget.RestorePoint point) {
      target("name", latin(point.name().getBytes(StandardCharsets.UTF_8)), true);
    }
  }

  private void target(String kind, String value, boolean inclusive) {
    last("recovery_target_" + kind, value);
    settings.put("recovery_target_inclusive", inclusive ? "on" : "off");
  }

  /** A server that meets an empty target behind one that is set takes them for two. */
  private void last(String name, String value) {
    settings.remove(name);
    settings.put(name, value);
  }

  private void setApart(int major) {
    settings.put("archive_mode", "off");
    // The file of the server that runs, where both are on one machine.
    settings.put("external_pid_file", "");
    // Standbys that the copy does not have: every commit would wait for them.
    settings.put("synchronous_standby_names", "");
    settings.put("max_logical_replication_workers", "0");
    settings.put("shared_preload_libraries", "");
    settings.put("session_preload_libraries", "");
    settings.put("local_preload_libraries", "");
    if (major >= EVENT_TRIGGERS_CAN_BE_OFF) {
      settings.put("event_triggers", "off");
    }
  }

  /**
   * What a client says to connect without what is attached to databases and roles. Only a client's
   * word counts for more than that.
   */
  static String aloof(int major) {
    String options =
        "-c session_preload_libraries= -c local_preload_libraries= -c role=none"
            + " -c default_transaction_read_only=off";
    return major >= EVENT_TRIGGERS_CAN_BE_OFF ? options + " -c event_triggers=off" : options;
  }

  /** The file: what it held, without what these settings replace, and these. */
  public byte[] appendedTo(byte[] file) {
    StringBuilder text = new StringBuilder();
    for (String line : latin(file).split("\n")) {
      if (!settings.containsKey(StoredConfiguration.nameIn(line)) && !line.isEmpty()) {
        text.append(line).append('\n');
      }
    }
    text.append("# Written when this directory was restored.\n");
    settings.forEach(
        (name, value) -> text.append(name).append(" = ").append(quoted(value)).append('\n'));
    return text.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  /** In the server's files a backslash begins an escape, and a quote is doubled. */
  static String quoted(String value) {
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'";
  }

  /**
   * Copies a segment, or what there is of it. The server replaces {@code %f} and {@code %p}, so a
   * percent sign is doubled; the rest is a shell's.
   */
  static String restoreCommand(Path directory) {
    String quoted = "'" + latin(directory).replace("'", "'\\''").replace("%", "%%") + "'";
    String from = quoted + "/%f";
    String partial = from + ".partial";
    return "if [ -f "
        + from
        + " ]; then cp "
        + from
        + " \"%p\";"
        + " else [ -f "
        + partial
        + " ] && cp "
        + partial
        + " \"%p\"; fi";
  }

  /** The bytes of a path, whatever the locale: only its URI keeps them. */
  static byte[] bytes(Path path) {
    String raw = path.toUri().getRawPath();
    // An existing directory has a slash at the end of its URI.
    int end = raw.length() > 1 && raw.endsWith("/") ? raw.length() - 1 : raw.length();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(end);
    for (int i = 0; i < end; i++) {
      boolean escaped = raw.charAt(i) == '%';
      bytes.write(escaped ? Integer.parseInt(raw, i + 1, i + 3, 16) : raw.charAt(i));
      i += escaped ? 2 : 0;
    }
    return bytes.toByteArray();
  }

  static String latin(Path path) {
    return latin(bytes(path));
  }

  private static String latin(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
