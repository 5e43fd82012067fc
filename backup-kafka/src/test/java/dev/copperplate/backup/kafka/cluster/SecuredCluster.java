package dev.copperplate.backup.kafka.cluster;

import dev.copperplate.backup.kafka.KafkaCluster;
import dev.copperplate.backup.kafka.scratch.ScratchCluster;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;

/** A broker with an authorizer, one listener where everybody may do all, and one with SASL. */
final class SecuredCluster implements Closeable {

  /** Of the user {@code limited}. */
  static final String PASSWORD = "canary-in-jaas-7d1e";

  private final ScratchCluster brokers;
  private final String plain;
  private final String sasl;

  private SecuredCluster(ScratchCluster brokers, String plain, String sasl) {
    this.brokers = brokers;
    this.plain = plain;
    this.sasl = sasl;
  }

  static SecuredCluster start(Path directory) throws IOException {
    String plain = "127.0.0.1:" + freePort();
    String sasl = "127.0.0.1:" + freePort();
    String controller = "127.0.0.1:" + freePort();
    Map<String, String> settings = new HashMap<>();
    settings.put(
        "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
    settings.put("super.users", "User:ANONYMOUS");
    settings.put("allow.everyone.if.no.acl.found", "true");
    settings.put(
        "listeners", "CLIENTS://" + plain + ",SASL://" + sasl + ",CONTROLLER://" + controller);
    settings.put("advertised.listeners", "CLIENTS://" + plain + ",SASL://" + sasl);
    settings.put("controller.quorum.voters", "1@" + controller);
    settings.put(
        "listener.security.protocol.map",
        "CLIENTS:PLAINTEXT,SASL:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT");
    settings.put("sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512");
    settings.put(
        "listener.name.sasl.plain.sasl.jaas.config",
        "org.apache.kafka.common.security.plain.PlainLoginModule required user_limited=\""
            + PASSWORD
            + "\";");
    for (String each : new String[] {"scram-sha-256", "scram-sha-512"}) {
      settings.put(
          "listener.name.sasl." + each + ".sasl.jaas.config",
          "org.apache.kafka.common.security.scram.ScramLoginModule required;");
    }
    settings.put("group.coordinator.rebalance.protocols", "classic,consumer,share");
    return new SecuredCluster(ScratchCluster.start(directory, 1, settings), plain, sasl);
  }

  /** As a user who may do all. */
  KafkaCluster everything() {
    return KafkaCluster.of(Map.of("bootstrap.servers", plain));
  }

  /** As a user who may do what ACLs allow. */
  KafkaCluster limited() {
    return sasl(
        "PLAIN",
        "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"limited\" password=\""
            + PASSWORD
            + "\";");
  }

  KafkaCluster sasl(String mechanism, String jaas) {
    return KafkaCluster.of(
        Map.of(
            "bootstrap.servers", sasl,
            "security.protocol", "SASL_PLAINTEXT",
            "sasl.mechanism", mechanism,
            "sasl.jaas.config", jaas));
  }

  String id() {
    return brokers.id();
  }

  static Admin admin(KafkaCluster cluster) {
    return Admin.create(cluster.properties());
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    brokers.close();
  }
}
