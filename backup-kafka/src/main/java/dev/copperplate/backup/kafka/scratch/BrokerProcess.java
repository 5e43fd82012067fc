package dev.copperplate.backup.kafka.scratch;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;

/**
 * The only class that names the broker's own, which are on the class path where drills are wanted.
 */
final class BrokerProcess {

  private final KafkaRaftServer server;

  private BrokerProcess(KafkaRaftServer server) {
    this.server = server;
  }

  static int format(String clusterId, Path configuration, PrintStream told) throws IOException {
    try {
      return StorageTool.execute(
          new String[] {"format", "-t", clusterId, "-c", configuration.toString()}, told);
    } catch (NoClassDefFoundError absent) {
      throw absent(absent);
    }
  }

  static BrokerProcess start(int node, Properties properties) throws IOException {
    // A broker that gives up ends its process, and this one is somebody's service.
    Exit.setExitProcedure(BrokerProcess::refuse);
    Exit.setHaltProcedure(BrokerProcess::refuse);
    try {
      KafkaRaftServer server =
          new KafkaRaftServer(KafkaConfig.fromProps(properties, false), Time.SYSTEM);
      try {
        server.startup();
      } catch (RuntimeException notStarted) {
        server.shutdown();
        throw notStarted;
      }
      return new BrokerProcess(server);
    } catch (NoClassDefFoundError absent) {
      throw absent(absent);
    } catch (RuntimeException notStarted) {
      throw new BackupException(
          Kind.UNAVAILABLE, "Scratch broker " + node + " did not start", notStarted);
    }
  }

  void stop() {
    server.shutdown();
    server.awaitShutdown();
  }

  private static void refuse(int status, @Nullable String message) {
    throw new IllegalStateException("A scratch broker gave up, status " + status + ": " + message);
  }

  private static BackupException absent(NoClassDefFoundError absent) {
    return new BackupException(
        Kind.UNSUPPORTED,
        "No Kafka broker is on the class path; add org.apache.kafka:kafka_2.13 in the version of"
            + " kafka-clients",
        absent);
  }
}
