package dev.copperplate.backup.postgres.drill;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The configuration of a drill's server. It replaces every file of the snapshot, so that nothing of
 * the snapshot archives, connects, subscribes or is loaded before somebody asks it to.
 */
public final class DrillConfiguration {

  private static final int EVENT_TRIGGERS_CAN_BE_OFF = 17;

  private final Map<String, String> settings = new LinkedHashMap<>();

  /**
   * @param major version of the server
   * @param control what recovery may need as much of
   * @param libraries those that may be loaded with the server; with the names of files only
   */
  public DrillConfiguration(int major, ControlFile control, List<String> libraries) {
    keepAlone();
    settings.put("shared_preload_libraries", String.join(",", libraries));
    takeOver(control);
    spare();
    if (major >= EVENT_TRIGGERS_CAN_BE_OFF) {
      settings.put("event_triggers", "off");
      settings.put("summarize_wal", "off");
    }
  }

  private void keepAlone() {
    settings.put("listen_addresses", "");
    settings.put("unix_socket_permissions", "0700");
    settings.put("ssl", "off");
    settings.put("archive_mode", "off");
    settings.put("archive_command", "");
    settings.put("archive_library", "");
    settings.put("primary_conninfo", "");
    settings.put("max_wal_senders", "0");
    settings.put("max_logical_replication_workers", "0");
    settings.put("session_preload_libraries", "");
    settings.put("local_preload_libraries", "");
    settings.put("autovacuum", "off");
    settings.put("autovacuum_freeze_max_age", "2000000000");
    settings.put("autovacuum_multixact_freeze_max_age", "2000000000");
  }

  /** Hot standby alone would demand more, and nobody asks while recovery runs. */
  private void takeOver(ControlFile control) {
    settings.put("hot_standby", "off");
    settings.put("max_connections", Integer.toString(Math.max(10, control.maxConnections())));
    settings.put("max_prepared_transactions", Integer.toString(control.maxPreparedTransactions()));
    settings.put(
        "max_locks_per_transaction",
        Integer.toString(Math.max(64, control.maxLocksPerTransaction())));
  }

  /** The copy is thrown away, so that nothing needs to be durable; and no statement is logged. */
  private void spare() {
    settings.put("fsync", "off");
    settings.put("full_page_writes", "off");
    settings.put("synchronous_commit", "off");
    settings.put("huge_pages", "off");
    settings.put("jit", "off");
    settings.put("logging_collector", "off");
    settings.put("log_destination", "stderr");
    settings.put("log_statement", "none");
    settings.put("log_min_error_statement", "panic");
    settings.put("lc_messages", "C");
    settings.put("log_timezone", "UTC");
    settings.put("timezone", "UTC");
  }

  /** The text of {@code postgresql.conf}. */
  public byte[] text() {
    StringBuilder text = new StringBuilder();
    settings.forEach((name, value) -> text.append(name).append(" = '").append(value).append("'\n"));
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  /** What the command line has to say, since it says where the configuration is. */
  public static Map<String, String> files(Path configuration, Path access, Path identities) {
    return Map.of(
        "config_file", configuration.toString(),
        "hba_file", access.toString(),
        "ident_file", identities.toString(),
        "restart_after_crash", "off");
  }
}
