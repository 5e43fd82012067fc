package dev.copperplate.backup.postgres.scratch;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.postgresql.PGProperty;

/**
 * A running server on a data directory that is ours. What it changes there, it changes itself.
 *
 * <p>Ends with {@link #close}, and also when this process is killed: a small process of the same
 * user notices that, and stops it. Two threads: one reads the log, one is the JDK's for the
 * process. Safe for use by several threads.
 */
public final class ScratchServer implements AutoCloseable {

  private static final int PORT_OF_SOCKET = 5432;
  private static final int LOG_BYTES = 64 << 10;
  private static final int LOG_IN_MESSAGE = 2_000;
  private static final Duration POLL = Duration.ofMillis(15);
  private static final Duration FAST = Duration.ofSeconds(60);
  private static final Duration IMMEDIATE = Duration.ofSeconds(10);
  private static final Duration SIGNAL = Duration.ofSeconds(10);

  private final ServerLaunch launch;
  private final SocketDirectory sockets;
  private final Process process;
  private final ProcessLog log;
  private final Watcher watcher;

  private ScratchServer(ServerLaunch launch, SocketDirectory sockets)
      throws IOException, InterruptedException {
    this.launch = launch;
    this.sockets = sockets;
    this.process = Command.start(launch.user().running(words(launch, sockets)), Map.of());
    this.log = ProcessLog.of(process, LOG_BYTES);
    this.watcher = Watcher.of(process, launch);
  }

  static ScratchServer start(ServerLaunch launch) throws IOException, InterruptedException {
    launch.user().requireReach(launch.data());
    launch.user().requireReach(launch.binaries().directory());
    SocketDirectory sockets = SocketDirectory.make(launch.user());
    ScratchServer server;
    try {
      server = new ScratchServer(launch, sockets);
    } catch (IOException | InterruptedException | RuntimeException e) {
      sockets.close();
      throw e;
    }
    try {
      server.process.getOutputStream().close();
      server.awaitReady();
      return server;
    } catch (IOException | InterruptedException | RuntimeException e) {
      server.kill();
      throw e;
    }
  }

  private static List<String> words(ServerLaunch launch, SocketDirectory sockets) {
    List<String> words = new ArrayList<>();
    words.add(launch.binaries().program("postgres"));
    words.addAll(List.of("-D", launch.data().toString()));
    launch.settings().forEach((name, value) -> words.addAll(List.of("-c", name + "=" + value)));
    words.addAll(List.of("-c", "unix_socket_directories=" + sockets.path()));
    words.addAll(List.of("-c", "port=" + launch.port().orElse(PORT_OF_SOCKET)));
    String addresses = launch.port().isPresent() ? "127.0.0.1" : "";
    words.addAll(List.of("-c", "listen_addresses=" + addresses));
    return words;
  }

  private void awaitReady() throws IOException, InterruptedException {
    long end = System.nanoTime() + launch.limit().toNanos();
    while (!isReady()) {
      if (!process.isAlive()) {
        log.awaitEnd();
        throw new ServerStartException("The server on " + this + " did not start: " + why());
      }
      if (System.nanoTime() - end > 0) {
        throw new BackupException(
            Kind.UNAVAILABLE,
            "The server on " + this + " was not up within " + launch.limit() + ": " + why());
      }
      process.waitFor(POLL.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private boolean isReady() throws IOException {
    return process.isAlive() && PostmasterFile.read(launch.data()).filter(this::isOurs).isPresent();
  }

  /** A file that an earlier server left names another directory. */
  private boolean isOurs(PostmasterFile file) {
    return launch.isUp(file.status()) && file.socketDirectory().equals(sockets.path().toString());
  }

  private String why() {
    String text = log.text().strip();
    return text.substring(Math.max(0, text.length() - LOG_IN_MESSAGE));
  }

  /** The end of its log: 64 KiB. */
  public String log() {
    return log.text();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** The directory of its Unix socket. */
  public Path socketDirectory() {
    return sockets.path();
  }

  /** The port of its Unix socket, and of 127.0.0.1 if it listens there. */
  public int port() {
    return launch.port().orElse(PORT_OF_SOCKET);
  }

  /** An address for the driver, to be used with {@link #properties}. */
  public String url() {
    return "jdbc:postgresql://localhost/";
  }

  /** What makes the driver take the Unix socket; the caller adds what else it needs. */
  public Properties properties(String database, String user) {
    Properties properties = new Properties();
    PGProperty.SOCKET_FACTORY.set(properties, UnixSocketFactory.class.getName());
    PGProperty.SOCKET_FACTORY_ARG.set(properties, socket().toString());
    PGProperty.PG_DBNAME.set(properties, database);
    PGProperty.USER.set(properties, user);
    PGProperty.SSL_MODE.set(properties, "disable");
    PGProperty.GSS_ENC_MODE.set(properties, "disable");
    return properties;
  }

  private Path socket() {
    return sockets.path().resolve(".s.PGSQL." + port());
  }

  /** Kills a server that another process of ours started and did not end, and waits for its end. */
  public static void kill(ProcessHandle server) {
    Command.kill(server);
  }

  /** Kills it and all its processes, as a power failure would. */
  public void kill() throws IOException {
    Command.kill(process.toHandle());
    release();
  }

  /**
   * Stops it: fast, after a minute immediately, after ten seconds more by killing. An interrupted
   * thread kills at once, and stays interrupted.
   */
  @Override
  public void close() throws IOException {
    try {
      if (!stop("INT", FAST) && !stop("QUIT", IMMEDIATE)) {
        Command.kill(process.toHandle());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      kill();
    }
  }

  private boolean stop(String signal, Duration limit) throws IOException, InterruptedException {
    PostmasterFile file = PostmasterFile.read(launch.data()).orElse(null);
    if (process.isAlive() && file != null) {
      signal(signal, file.pid());
      return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    }
    return !process.isAlive();
  }

  /** The JDK sends no signals but two. One that comes too late is no failure. */
  private void signal(String name, long pid) throws IOException, InterruptedException {
    String program = launch.binaries().program("pg_ctl");
    List<String> words = List.of(program, "kill", name, Long.toString(pid));
    Command.Result result = new Command(launch.user().running(words), Map.of()).run(SIGNAL);
    if (!result.succeeded() && process.isAlive()) {
      result.outputOrThrow();
    }
  }

  private void release() throws IOException {
    watcher.close();
    log.close();
    sockets.close();
  }

  @Override
  public String toString() {
    return launch.data().toString();
  }
}
