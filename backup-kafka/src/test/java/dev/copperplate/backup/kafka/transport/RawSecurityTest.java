package dev.copperplate.backup.kafka.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.kafka.KafkaCluster;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** TLS, logins and permissions, over one broker with a listener of each kind. */
@Timeout(120)
class RawSecurityTest {

  private static final String PASSWORD = "of-the-tests";
  private static final TransportOptions HASTY =
      TransportOptions.DEFAULTS.withPatience(Duration.ofSeconds(5));

  @TempDir static Path directory;
  private static final Map<String, String> ADDRESSES = new HashMap<>();
  private static Brokers brokers;
  private static TopicIdPartition topic;
  private static byte[] stored;

  @BeforeAll
  static void start() throws Exception {
    Path keys = directory.resolve("keys.p12");
    makeKeys(keys);
    Map<String, String> settings = settings(keys);
    brokers =
        new Brokers(
            directory.resolve("brokers"),
            1,
            settings,
            client("PLAIN", "plain.PlainLoginModule", "admin"));
    topic = brokers.topic("guarded", 1, Map.of());
    brokers.write(topic.topic(), 1_000, Map.of());
    stored = Brokers.segments(brokers.cluster.broker(1), topic);
    Brokers.done(
        brokers
            .admin
            .alterUserScramCredentials(
                List.of(
                    new UserScramCredentialUpsertion(
                        "reader",
                        new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, 4096),
                        PASSWORD)))
            .all());
    allow("User:reader", AclOperation.READ);
    allow("User:looker", AclOperation.DESCRIBE);
  }

  private static void makeKeys(Path keys) throws Exception {
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "broker",
                "-keyalg",
                "EC",
                "-storetype",
                "PKCS12",
                "-keystore",
                keys.toString(),
                "-storepass",
                PASSWORD,
                "-dname",
                "CN=127.0.0.1",
                "-ext",
                "SAN=IP:127.0.0.1,DNS:localhost")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertTrue(keytool.waitFor(60, TimeUnit.SECONDS));
    assertEquals(0, keytool.exitValue());
  }

  private static Map<String, String> settings(Path keys) throws Exception {
    String controller = "127.0.0.1:" + freePort();
    for (String name : List.of("PLAIN", "TLS", "BOTH", "CLIENTS")) {
      ADDRESSES.put(name, "127.0.0.1:" + freePort());
    }
    String advertised =
        ADDRESSES.entrySet().stream()
            .map(each -> each.getKey() + "://" + each.getValue())
            .collect(Collectors.joining(","));
    Map<String, String> settings = new HashMap<>();
    settings.put("controller.quorum.voters", "1@" + controller);
    settings.put("listeners", "CONTROLLER://" + controller + "," + advertised);
    settings.put("advertised.listeners", advertised);
    settings.put(
        "listener.security.protocol.map",
        "CLIENTS:PLAINTEXT,CONTROLLER:PLAINTEXT,PLAIN:SASL_PLAINTEXT,TLS:SSL,BOTH:SASL_SSL");
    settings.put("ssl.keystore.location", keys.toString());
    settings.put("ssl.keystore.password", PASSWORD);
    settings.put("ssl.keystore.type", "PKCS12");
    settings.put("sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-256");
    String users =
        Stream.of("admin", "reader", "looker", "stranger")
            .map(user -> " user_" + user + "=\"" + PASSWORD + "\"")
            .collect(Collectors.joining());
    for (String listener : List.of("plain", "both")) {
      settings.put(
          "listener.name." + listener + ".plain.sasl.jaas.config",
          "org.apache.kafka.common.security.plain.PlainLoginModule required" + users + ";");
      settings.put(
          "listener.name." + listener + ".scram-sha-256.sasl.jaas.config",
          "org.apache.kafka.common.security.scram.ScramLoginModule required;");
    }
    settings.put(
        "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
    settings.put("super.users", "User:admin;User:ANONYMOUS");
    return settings;
  }

  private static int freePort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static void allow(String who, AclOperation operation) throws Exception {
    Brokers.done(
        brokers
            .admin
            .createAcls(
                List.of(
                    new AclBinding(
                        new ResourcePattern(ResourceType.TOPIC, topic.topic(), PatternType.LITERAL),
                        new AccessControlEntry(who, "*", operation, AclPermissionType.ALLOW))))
            .all());
  }

  private static Map<String, String> client(String mechanism, String module, String user) {
    return client(mechanism, module, user, PASSWORD);
  }

  private static Map<String, String> client(
      String mechanism, String module, String user, String password) {
    Map<String, String> client = new HashMap<>();
    client.put("bootstrap.servers", ADDRESSES.getOrDefault("PLAIN", ""));
    client.put("security.protocol", "SASL_PLAINTEXT");
    client.put("sasl.mechanism", mechanism);
    client.put(
        "sasl.jaas.config",
        "org.apache.kafka.common.security."
            + module
            + " required username=\""
            + user
            + "\" password=\""
            + password
            + "\";");
    return client;
  }

  private static Map<String, String> trusting() {
    Map<String, String> client = new HashMap<>();
    client.put("bootstrap.servers", ADDRESSES.get("TLS"));
    client.put("security.protocol", "SSL");
    client.put("ssl.truststore.location", directory.resolve("keys.p12").toString());
    client.put("ssl.truststore.password", PASSWORD);
    client.put("ssl.truststore.type", "PKCS12");
    return client;
  }

  @AfterAll
  static void stop() {
    brokers.close();
  }

  private static byte[] read(Map<String, String> client) throws Exception {
    try (RawTransport transport = RawTransport.of(KafkaCluster.of(client), HASTY);
        BatchStream stream = transport.read(topic, 0, 1_000, -1)) {
      return Brokers.rest(stream);
    }
  }

  private static BackupException refused(Map<String, String> client) {
    BackupException refused = assertThrows(BackupException.class, () -> read(client));
    assertEquals(Kind.DENIED, refused.kind(), refused.getMessage());
    assertFalse(refused.getMessage().contains(PASSWORD));
    return refused;
  }

  @Test
  void batchesComeOverTls() throws Exception {
    assertArrayEquals(stored, read(trusting()));
  }

  @Test
  void batchesComeToWhoLoggedInByPlain() throws Exception {
    assertArrayEquals(stored, read(client("PLAIN", "plain.PlainLoginModule", "reader")));
  }

  @Test
  void batchesComeToWhoLoggedInByScram() throws Exception {
    assertArrayEquals(stored, read(client("SCRAM-SHA-256", "scram.ScramLoginModule", "reader")));
  }

  @Test
  void batchesComeOverTlsToWhoLoggedInByScram() throws Exception {
    Map<String, String> client = trusting();
    client.putAll(client("SCRAM-SHA-256", "scram.ScramLoginModule", "reader"));
    client.put("bootstrap.servers", ADDRESSES.get("BOTH"));
    client.put("security.protocol", "SASL_SSL");
    assertArrayEquals(stored, read(client));
  }

  @Test
  void propertiesOfOtherClientsDoNoHarm() throws Exception {
    Map<String, String> client = client("PLAIN", "plain.PlainLoginModule", "reader");
    client.put("group.id", "g");
    client.put("key.deserializer", "no.such.Class");
    client.put("acks", "all");
    client.put("of.nobody", "1");
    assertArrayEquals(stored, read(client));
  }

  @Test
  void aMissingReadPermissionIsNamed() {
    BackupException refused = refused(client("PLAIN", "plain.PlainLoginModule", "looker"));
    assertTrue(refused.getMessage().contains("lacks Read on topic guarded"), refused.getMessage());
  }

  @Test
  void aTopicThatMayNotBeSeenIsNoDeletedOne() {
    BackupException refused = refused(client("PLAIN", "plain.PlainLoginModule", "stranger"));
    assertTrue(
        refused.getMessage().contains("lacks Describe on topic guarded"), refused.getMessage());
  }

  @Test
  void aWrongPasswordIsRefusedAtOnce() {
    BackupException refused =
        refused(client("SCRAM-SHA-256", "scram.ScramLoginModule", "reader", "wrong"));
    assertTrue(refused.getMessage().contains("login"), refused.getMessage());
  }

  @Test
  void aWrongPasswordIsRefusedOnARawConnectionToo() throws Exception {
    Map<String, String> client =
        client("SCRAM-SHA-256", "scram.ScramLoginModule", "reader", "wrong");
    assertEquals(Kind.DENIED, probed(client, "PLAIN").kind());
  }

  @Test
  void aCertificateThatIsNotTrustedIsRefused() throws Exception {
    Map<String, String> client =
        Map.of("bootstrap.servers", ADDRESSES.get("TLS"), "security.protocol", "SSL");
    assertEquals(Kind.DENIED, probed(client, "TLS").kind());
  }

  private static BackupException probed(Map<String, String> client, String listener)
      throws Exception {
    String[] address = ADDRESSES.get(listener).split(":");
    try (RawTransport transport = RawTransport.of(KafkaCluster.of(client), HASTY)) {
      Patience patience = transport.patience("Probing");
      Endpoint broker = new Endpoint(address[0], Integer.parseInt(address[1]));
      return assertThrows(
          BackupException.class, () -> transport.connections().probe(broker, patience));
    }
  }
}
