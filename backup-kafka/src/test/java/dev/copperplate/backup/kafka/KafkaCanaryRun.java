package dev.copperplate.backup.kafka;

import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.kafka.KafkaPreflight.Restore;
import dev.copperplate.backup.kafka.transport.TransportOptions;
import dev.copperplate.backup.kafka.transport.Transports;
import dev.copperplate.backup.repository.BackupReport;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.target.LocalTarget;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * A host that talks too much: it uses all of the module with properties full of secrets, well and
 * badly, and prints whatever it is given, logs and stack traces included. Runs in a JVM of its own.
 */
final class KafkaCanaryRun {

  private static final String SASL = "org.apache.kafka.common.security.";
  private static final TopicSelection TOPICS = TopicSelection.named("orders", "denied");

  private final BackupRepository repository;
  private final Path keys;

  private KafkaCanaryRun(BackupRepository repository, Path keys) {
    this.repository = repository;
    this.keys = keys;
  }

  /** A folder with a repository and a key store, where to log in, and where everything is open. */
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    BackupTarget target = LocalTarget.at(folder.resolve("repository"));
    try (BackupRepository repository =
        BackupRepository.open(target, TestRepositories.PASSWORDS, RepositoryOptions.DEFAULT)) {
      KafkaCanaryRun run = new KafkaCanaryRun(repository, folder.resolve("keys.p12"));
      run.works(arguments[1], System.getenv("CANARY_PASSWORD"), folder);
      run.fails(arguments[1], System.getenv("CANARY_PASSWORD"), System.getenv("CANARY_WRONG"));
    }
  }

  private void works(String bootstrap, String password, Path folder) throws Exception {
    KafkaCluster cluster = KafkaCluster.of(login(bootstrap, "PLAIN", password));
    uses(cluster);
    uses(KafkaCluster.of(login(bootstrap, "SCRAM-SHA-256", password)));
    Snapshot snapshot = backUp(cluster, TOPICS);
    try (SnapshotReader reader = repository.open(snapshot)) {
      tell(reader.manifest());
    }
    KafkaMetadataRestorer restorer = KafkaMetadataRestorer.into(cluster);
    tell(restorer);
    attempt(() -> repository.planRestore(snapshot, restorer));
    attempt(() -> repository.restore(snapshot, restorer));
    attempt(
        () -> repository.restore(snapshot, restorer.scramUsers(user -> password.toCharArray())));
    KafkaTopicsRestorer replay =
        KafkaTopicsRestorer.to(cluster, folder.resolve("journal")).renamed(name -> name + ".again");
    tell(replay);
    attempt(() -> repository.planRestore(snapshot, replay));
    attempt(() -> repository.restore(snapshot, replay));
    String wrong = System.getenv("CANARY_WRONG");
    attempt(
        () ->
            repository.restore(
                snapshot,
                KafkaTopicsRestorer.to(
                    KafkaCluster.of(login(bootstrap, "PLAIN", wrong)), folder.resolve("other"))));
  }

  private void fails(String bootstrap, String password, String wrong) {
    for (String mechanism : List.of("PLAIN", "SCRAM-SHA-256")) {
      Map<String, Object> good = login(bootstrap, mechanism, password);
      uses(KafkaCluster.of(login(bootstrap, mechanism, wrong)));
      uses(with(good, "sasl.jaas.config", wrong));
      uses(with(good, "sasl.jaas.config", SASL + "plain.PlainLoginModule required " + wrong));
      uses(with(good, "sasl.jaas.config", "no.such.Module required password=\"" + wrong + "\";"));
      uses(with(good, "sasl.jaas.config", SASL + "plain.PlainLoginModule nor \"" + wrong + "\";"));
      uses(with(good, "security.protocol", wrong));
      uses(with(good, "request.timeout.ms", wrong));
      uses(with(good, "ssl.keystore.password", wrong));
      uses(with(good, "auto.offset.reset", wrong));
      uses(with(good, "isolation.level", wrong));
      uses(with(good, "some.token", wrong));
    }
    encrypted(bootstrap, wrong);
    tokens(bootstrap, wrong);
  }

  private void encrypted(String bootstrap, String wrong) {
    Map<String, Object> tls = new HashMap<>();
    tls.put("bootstrap.servers", bootstrap);
    tls.put("security.protocol", "SSL");
    tls.put("ssl.truststore.location", keys.toString());
    tls.put("ssl.truststore.type", "PKCS12");
    tls.put("ssl.truststore.password", wrong);
    uses(KafkaCluster.of(tls));
    uses(with(tls, "ssl.truststore.location", keys.resolveSibling("absent").toString()));
    uses(with(tls, "ssl.truststore.type", wrong));
    tls.remove("ssl.truststore.location");
    tls.remove("ssl.truststore.password");
    tls.put("ssl.keystore.type", "PEM");
    tls.put("ssl.keystore.key", wrong);
    tls.put("ssl.key.password", wrong);
    uses(with(tls, "ssl.keystore.certificate.chain", wrong));
    uses(with(tls, "ssl.truststore.certificates", wrong));
  }

  private void tokens(String bootstrap, String wrong) {
    Map<String, Object> token = login(bootstrap, "OAUTHBEARER", wrong);
    String module = SASL + "oauthbearer.OAuthBearerLoginModule required ";
    uses(
        with(
            token,
            "sasl.jaas.config",
            module + "unsecuredLoginStringClaim_sub=\"" + wrong + "\";"));
    uses(
        with(
            token, "sasl.jaas.config", module + "clientId=\"me\" clientSecret=\"" + wrong + "\";"));
    uses(with(token, "sasl.oauthbearer.token.endpoint.url", "http://127.0.0.1:1/" + wrong));
    uses(with(token, "sasl.login.callback.handler.class", wrong));
  }

  private static Map<String, Object> login(String bootstrap, String mechanism, String password) {
    String module = mechanism.equals("PLAIN") ? "plain.PlainLoginModule" : "scram.ScramLoginModule";
    return new HashMap<>(
        Map.of(
            "bootstrap.servers",
            bootstrap,
            "security.protocol",
            "SASL_PLAINTEXT",
            "sasl.mechanism",
            mechanism,
            "reconnect.backoff.max.ms",
            "50",
            "sasl.jaas.config",
            SASL + module + " required username=\"backup\" password=\"" + password + "\";"));
  }

  private static KafkaCluster with(Map<String, Object> properties, String name, String value) {
    Map<String, Object> all = new HashMap<>(properties);
    all.put(name, value);
    return KafkaCluster.of(all);
  }

  private void uses(KafkaCluster cluster) {
    tell(cluster);
    KafkaPreflight preflight =
        KafkaPreflight.of(cluster)
            .backup(TOPICS)
            .restore(Restore.PADDED, "restored")
            .groups("readers")
            .limit(Duration.ofSeconds(2));
    tell(preflight);
    attempt(preflight::run);
    tell(KafkaTopicsSource.of("shop", cluster, TOPICS));
    attempt(
        () ->
            Transports.open(
                cluster,
                TransportOptions.DEFAULTS.withPatience(Duration.ofSeconds(2)),
                records -> {
                  throw new IllegalStateException();
                }));
  }

  private Snapshot backUp(KafkaCluster cluster, TopicSelection topics) throws Exception {
    BackupReport report = repository.backup(KafkaTopicsSource.of("shop", cluster, topics));
    tell(report);
    tell(report.findings());
    return report.snapshot();
  }

  private static void attempt(Callable<?> call) {
    try {
      Object told = call.call();
      tell(told);
      if (told instanceof AutoCloseable open) {
        open.close();
      }
    } catch (Exception e) {
      System.out.println("FAILED");
      e.printStackTrace(System.out);
    }
  }

  private static void tell(Object any) {
    System.out.println("TOLD " + any);
  }
}
