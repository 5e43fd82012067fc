package dev.copperplate.backup.kafka.scratch;

import dev.copperplate.backup.BackupException;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.Uuid;

/**
 * Brokers in this process, on loopback and in a directory of their own. The first one is the
 * controller as well, so the others cannot do without it.
 *
 * <p>Not thread-safe. Closing it stops the brokers and leaves the directory.
 */
public final class ScratchCluster implements Closeable {

  private final String id;
  private final List<ScratchBroker> brokers;

  private ScratchCluster(String id, List<ScratchBroker> brokers) {
    this.id = id;
    this.brokers = brokers;
  }

  /**
   * Starts brokers on what is in the directory, or on nothing if that is empty or absent.
   *
   * @param directory for logs and configuration of all brokers
   * @param count how many brokers
   * @param settings of each broker, which win over those that make it small and quick
   * @throws BackupException {@code UNSUPPORTED} if no broker is on the class path, {@code
   *     UNAVAILABLE} if one did not start
   */
  public static ScratchCluster start(Path directory, int count, Map<String, String> settings)
      throws IOException {
    String id = Uuid.randomUuid().toString();
    int controller = freePort();
    List<ScratchBroker> brokers = new ArrayList<>();
    for (int node = 1; node <= count; node++) {
      Path home = Files.createDirectories(directory.resolve("broker-" + node));
      brokers.add(new ScratchBroker(home, node, freePort(), controller, settings));
    }
    ScratchCluster cluster = new ScratchCluster(id, brokers);
    try {
      for (ScratchBroker broker : brokers) {
        broker.format(id);
      }
      cluster.start();
    } catch (IOException | RuntimeException notStarted) {
      cluster.close();
      throw notStarted;
    }
    return cluster;
  }

  /** Starts the brokers that do not run, where they were. */
  public void start() throws IOException {
    for (ScratchBroker broker : brokers) {
      broker.start();
    }
  }

  /** A broker, counted from 1. */
  public ScratchBroker broker(int node) {
    return brokers.get(node - 1);
  }

  /** The identity of the cluster. */
  public String id() {
    return id;
  }

  /** What clients are told as {@code bootstrap.servers}. */
  public String bootstrap() {
    return brokers.stream().map(ScratchBroker::address).collect(Collectors.joining(","));
  }

  /** Stops all brokers, the controller last. */
  public void stop() {
    for (int node = brokers.size(); node > 0; node--) {
      broker(node).stop();
    }
  }

  @Override
  public void close() {
    stop();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
