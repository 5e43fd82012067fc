package dev.copperplate.backup.kafka.scratch;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** One broker of a {@link ScratchCluster}. */
public final class ScratchBroker {

  private final Path home;
  private final int node;
  private final int port;
  private final int controllerPort;
  private final Map<String, String> settings;
  private @Nullable BrokerProcess running;

  ScratchBroker(Path home, int node, int port, int controllerPort, Map<String, String> settings) {
    this.home = home;
    this.node = node;
    this.port = port;
    this.controllerPort = controllerPort;
    this.settings = settings;
  }

  /** Where clients reach it. */
  public String address() {
    return "127.0.0.1:" + port;
  }

  /** The directory that holds a directory for each partition. */
  public Path logDirectory() {
    return home.resolve("data");
  }

  /** Starts it unless it runs. */
  public void start() throws IOException {
    if (running == null) {
      running = BrokerProcess.start(node, properties());
    }
  }

  /** Stops it as an orderly shutdown does, unless it is stopped. */
  public void stop() {
    if (running != null) {
      running.stop();
      running = null;
    }
  }

  void format(String clusterId) throws IOException {
    if (Files.exists(logDirectory())) {
      return;
    }
    Path file = home.resolve("server.properties");
    try (OutputStream out = Files.newOutputStream(file)) {
      properties().store(out, null);
    }
    ByteArrayOutputStream told = new ByteArrayOutputStream();
    int status =
        BrokerProcess.format(clusterId, file, new PrintStream(told, true, StandardCharsets.UTF_8));
    if (status != 0) {
      throw new BackupException(
          Kind.UNAVAILABLE,
          "Formatting of "
              + home
              + " for a scratch broker failed: "
              + told.toString(StandardCharsets.UTF_8).strip(),
          null);
    }
  }

  private Properties properties() {
    boolean first = node == 1;
    Properties all = new Properties();
    all.setProperty("process.roles", first ? "broker,controller" : "broker");
    all.setProperty("node.id", Integer.toString(node));
    all.setProperty("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
    all.setProperty(
        "listeners",
        "CLIENTS://" + address() + (first ? ",CONTROLLER://127.0.0.1:" + controllerPort : ""));
    all.setProperty("advertised.listeners", "CLIENTS://" + address());
    all.setProperty("inter.broker.listener.name", "CLIENTS");
    all.setProperty("controller.listener.names", "CONTROLLER");
    all.setProperty("listener.security.protocol.map", "CLIENTS:PLAINTEXT,CONTROLLER:PLAINTEXT");
    all.setProperty("log.dirs", logDirectory().toString());
    all.setProperty("offsets.topic.replication.factor", "1");
    all.setProperty("offsets.topic.num.partitions", "4");
    all.setProperty("transaction.state.log.replication.factor", "1");
    all.setProperty("transaction.state.log.min.isr", "1");
    all.setProperty("transaction.state.log.num.partitions", "4");
    all.setProperty("share.coordinator.state.topic.replication.factor", "1");
    all.setProperty("share.coordinator.state.topic.min.isr", "1");
    all.setProperty("group.initial.rebalance.delay.ms", "0");
    all.setProperty("log.cleaner.dedupe.buffer.size", Integer.toString(8 << 20));
    // Nobody shall find a topic that nobody made.
    all.setProperty("auto.create.topics.enable", "false");
    all.putAll(settings);
    return all;
  }
}
