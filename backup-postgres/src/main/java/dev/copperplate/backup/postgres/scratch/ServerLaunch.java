package dev.copperplate.backup.postgres.scratch;

import dev.copperplate.backup.BackupException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * How to start a server on a data directory that is ours. Immutable.
 *
 * <p>Settings go by the command line, which every user of the machine can read: no secret belongs
 * there. They win over the files of the data directory, {@code postgresql.auto.conf} included.
 */
public final class ServerLaunch {

  private final PostgresBinaries binaries;
  private final Path data;
  private final ServerUser user;
  private final Map<String, String> settings;
  private final OptionalInt port;
  private final boolean writable;
  private final Duration limit;

  private ServerLaunch(
      PostgresBinaries binaries,
      Path data,
      ServerUser user,
      Map<String, String> settings,
      OptionalInt port,
      boolean writable,
      Duration limit) {
    this.binaries = binaries;
    this.data = data;
    this.user = user;
    this.settings = settings;
    this.port = port;
    this.writable = writable;
    this.limit = limit;
  }

  /**
   * A server that listens on a Unix socket alone, in a directory that only its user can enter, and
   * is to be up within a minute.
   *
   * @param data belongs to the user already
   */
  public static ServerLaunch of(PostgresBinaries binaries, Path data, ServerUser user) {
    return new ServerLaunch(
        binaries,
        data.toAbsolutePath().normalize(),
        user,
        Map.of(),
        OptionalInt.empty(),
        false,
        Duration.ofMinutes(1));
  }

  /** With a setting of the server. */
  public ServerLaunch set(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(settings);
    more.put(name, value);
    return new ServerLaunch(binaries, data, user, more, port, writable, limit);
  }

  /** With settings of the server. */
  public ServerLaunch set(Map<String, String> more) {
    ServerLaunch launch = this;
    for (Map.Entry<String, String> each : more.entrySet()) {
      launch = launch.set(each.getKey(), each.getValue());
    }
    return launch;
  }

  /** Listening on 127.0.0.1, too; see {@link LoopbackPorts}. */
  public ServerLaunch port(int number) {
    return new ServerLaunch(
        binaries, data, user, settings, OptionalInt.of(number), writable, limit);
  }

  /** That is up once it takes writes: when its recovery has ended. */
  public ServerLaunch writable() {
    return new ServerLaunch(binaries, data, user, settings, port, true, limit);
  }

  /** With another limit until the server takes connections; recovery counts. */
  public ServerLaunch within(Duration time) {
    return new ServerLaunch(binaries, data, user, settings, port, writable, time);
  }

  /**
   * Starts it and waits until it takes connections. Those that only read are enough unless {@link
   * #writable} was said; without hot standby a server in recovery says that it takes them, and
   * refuses.
   *
   * @throws ServerStartException if it does not start
   * @throws BackupException {@code UNAVAILABLE} if it takes too long; nothing runs then
   */
  public ScratchServer start() throws IOException, InterruptedException {
    return ScratchServer.start(this);
  }

  PostgresBinaries binaries() {
    return binaries;
  }

  Path data() {
    return data;
  }

  ServerUser user() {
    return user;
  }

  Map<String, String> settings() {
    return settings;
  }

  OptionalInt port() {
    return port;
  }

  /** Whether a server in that state, as its own file calls it, is up. */
  boolean isUp(String status) {
    return status.equals("ready") || (!writable && status.equals("standby"));
  }

  Duration limit() {
    return limit;
  }
}
