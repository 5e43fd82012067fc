package dev.copperplate.backup.kafka;

import dev.copperplate.backup.kafka.scratch.ScratchCluster;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;

/**
 * A broker that allows nothing unless an ACL does, with a listener of an administrator who may do
 * all, and one where the user {@code backup} logs in.
 */
final class GuardedCluster implements Closeable {

  private final ScratchCluster brokers;
  private final String open;
  private final String guarded;
  private final Admin admin;

  private GuardedCluster(ScratchCluster brokers, String open, String guarded) {
    this.brokers = brokers;
    this.open = open;
    this.guarded = guarded;
    this.admin = Admin.create(administrator().properties());
  }

  static GuardedCluster start(Path directory, String password) throws Exception {
    String open = "127.0.0.1:" + freePort();
    String guarded = "127.0.0.1:" + freePort();
    String controller = "127.0.0.1:" + freePort();
    Map<String, String> settings = new HashMap<>();
    settings.put(
        "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
    settings.put("super.users", "User:ANONYMOUS");
    settings.put(
        "listeners", "CLIENTS://" + open + ",GUARDED://" + guarded + ",CONTROLLER://" + controller);
    settings.put("advertised.listeners", "CLIENTS://" + open + ",GUARDED://" + guarded);
    settings.put("controller.quorum.voters", "1@" + controller);
    settings.put(
        "listener.security.protocol.map",
        "CLIENTS:PLAINTEXT,GUARDED:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT");
    settings.put("sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-256");
    settings.put(
        "listener.name.guarded.plain.sasl.jaas.config",
        "org.apache.kafka.common.security.plain.PlainLoginModule required user_backup=\""
            + password
            + "\";");
    settings.put(
        "listener.name.guarded.scram-sha-256.sasl.jaas.config",
        "org.apache.kafka.common.security.scram.ScramLoginModule required;");
    GuardedCluster cluster =
        new GuardedCluster(ScratchCluster.start(directory, 1, settings), open, guarded);
    TestCluster.done(
        cluster
            .admin
            .alterUserScramCredentials(
                List.of(
                    new UserScramCredentialUpsertion(
                        "backup",
                        new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, 4096),
                        password)))
            .all());
    return cluster;
  }

  /** Of the administrator. */
  Admin admin() {
    return admin;
  }

  KafkaCluster administrator() {
    return KafkaCluster.of(Map.of("bootstrap.servers", open));
  }

  /** Where the user {@code backup} logs in. */
  String guarded() {
    return guarded;
  }

  KafkaCluster plain(String password) {
    return login("PLAIN", "plain.PlainLoginModule", password);
  }

  KafkaCluster scram(String password) {
    return login("SCRAM-SHA-256", "scram.ScramLoginModule", password);
  }

  private KafkaCluster login(String mechanism, String module, String password) {
    return KafkaCluster.of(
        Map.of(
            "bootstrap.servers",
            guarded,
            "security.protocol",
            "SASL_PLAINTEXT",
            "sasl.mechanism",
            mechanism,
            "sasl.jaas.config",
            "org.apache.kafka.common.security."
                + module
                + " required username=\"backup\" password=\""
                + password
                + "\";"));
  }

  void createTopic(String name, Map<String, String> settings) throws Exception {
    NewTopic topic = new NewTopic(name, Optional.of(1), Optional.of((short) 1));
    TestCluster.done(admin.createTopics(List.of(topic.configs(settings))).all());
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(5));
    brokers.close();
  }
}
