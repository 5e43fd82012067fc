package dev.copperplate.backup.kafka.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.BackupSource;
import dev.copperplate.backup.CaptureContext;
import dev.copperplate.backup.EntryOutput;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Finding.Severity;
import dev.copperplate.backup.RestorePlan;
import dev.copperplate.backup.RestoreReport;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotWriter;
import dev.copperplate.backup.SourceId;
import dev.copperplate.backup.kafka.KafkaCluster;
import dev.copperplate.backup.kafka.KafkaMetadataRestorer;
import dev.copperplate.backup.kafka.KafkaMetadataRestorer.Part;
import dev.copperplate.backup.kafka.scratch.ScratchCluster;
import dev.copperplate.backup.repository.BackupReport;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.repository.RestoreOptions;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.testkit.MemoryTarget;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialDeletion;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.quota.ClientQuotaFilter;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaMetadataRestorerTest {

  private static final String SCRAM_PASSWORD = "canary of scram é😀";
  private static final AclBinding READING =
      acl(ResourceType.TOPIC, "orders", PatternType.LITERAL, "ann", AclPermissionType.ALLOW);
  private static final AclBinding PREFIX =
      acl(ResourceType.TOPIC, "ord", PatternType.PREFIXED, "ben", AclPermissionType.ALLOW);
  private static final AclBinding DENIAL =
      acl(ResourceType.GROUP, "a / 😀", PatternType.LITERAL, "cy", AclPermissionType.DENY);
  private static final Map<String, String> USER =
      Collections.unmodifiableMap(new HashMap<>(Map.of("user", "ann / 'x'")));
  private static final Map<String, String> DEFAULT_CLIENT =
      Collections.singletonMap("client-id", null);

  @TempDir static Path directory;

  private static SecuredCluster cluster;
  private static Admin admin;

  private BackupRepository repository;

  @BeforeAll
  static void start() throws Exception {
    cluster = SecuredCluster.start(directory.resolve("secured"));
    admin = SecuredCluster.admin(cluster.everything());
    done(
        admin
            .createTopics(
                List.of(new NewTopic("orders", 1, (short) 1), new NewTopic("sales", 1, (short) 1)))
            .all());
  }

  @AfterAll
  static void stop() {
    admin.close();
    cluster.close();
  }

  @BeforeEach
  void create() throws Exception {
    repository = TestRepositories.create(new MemoryTarget(), RepositoryOptions.DEFAULT);
    done(admin.createAcls(List.of(READING, PREFIX, DENIAL)).all());
    quota(USER, 1000.0);
    quota(DEFAULT_CLIENT, 2000.0);
    override("orders", "retention.ms", "-1");
    override("orders", "max.message.bytes", "2000000");
    done(
        admin
            .alterUserScramCredentials(
                List.of(
                    new UserScramCredentialUpsertion(
                        "sam",
                        new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4099),
                        SCRAM_PASSWORD)))
            .all());
    Soon.equal(
        List.of(3, 2, 2, true),
        () ->
            List.of(
                acls().size(),
                quotas().size(),
                overrides("orders").size(),
                scram().contains("sam")));
  }

  @AfterEach
  void clean() throws Exception {
    repository.close();
    removeAll();
  }

  @Test
  void whatWasRemovedComesBackAsItWas() throws Exception {
    Snapshot snapshot = capture().snapshot();
    Object before = metadata();
    removeAll();
    Object bare = metadata();
    List<char[]> handed = new ArrayList<>();
    KafkaMetadataRestorer restorer =
        restorer()
            .scramUsers(
                user -> {
                  char[] password = SCRAM_PASSWORD.toCharArray();
                  handed.add(password);
                  return user.equals("sam") ? password : null;
                });

    RestorePlan plan = repository.planRestore(snapshot, restorer);
    assertEquals(
        List.of(
            "set max.message.bytes=2000000, retention.ms=-1 of topic orders",
            "set consumer_byte_rate=2000.0 of quota of default client-id",
            "set consumer_byte_rate=1000.0 of quota of user 'ann / 'x''",
            "set SCRAM-SHA-512 of user 'sam' if there is a password for it",
            "create ACL ALLOW User:ben from * READ on PREFIXED TOPIC ord",
            "create ACL ALLOW User:ann from * READ on LITERAL TOPIC orders",
            "create ACL DENY User:cy from * READ on LITERAL GROUP a / 😀"),
        plan.steps());
    assertEquals(List.of(), plan.destroys());
    assertEquals(bare, metadata(), "a plan changes nothing");
    assertEquals(List.of(), handed, "a plan asks for no password");

    RestoreReport report = repository.restore(snapshot, restorer);

    assertEquals(List.of(), report.findings());
    Soon.equal(before, KafkaMetadataRestorerTest::metadata);
    assertEquals("3", report.facts().get("acls.created"));
    assertEquals("2", report.facts().get("quotas.created"));
    assertEquals("1", report.facts().get("configurations.created"));
    assertEquals("1", report.facts().get("scram.created"));
    assertEquals(1, handed.size());
    assertArrayEquals(new char[SCRAM_PASSWORD.length()], handed.get(0), "wiped");
    assertFalse((report + restorer.toString()).contains("canary"), report::toString);
    logIn();

    RestoreReport again = repository.restore(snapshot, restorer());
    assertEquals(List.of(), again.plan().steps(), "all of it is there");
    assertEquals("3", again.facts().get("acls.present"));
    assertEquals("2", again.facts().get("quotas.present"));
    assertEquals("1", again.facts().get("configurations.present"));
  }

  @Test
  void whatDiffersIsNamedAndLeftUnlessItIsToBeReplaced() throws Exception {
    Snapshot snapshot = capture().snapshot();
    Object before = metadata();
    override("orders", "retention.ms", "5000");
    quota(USER, 7.0);
    Soon.equal("5000", () -> overrides("orders").get("retention.ms"));
    Soon.equal(Map.of("consumer_byte_rate", 7.0), () -> quotas().get(new ClientQuotaEntity(USER)));
    Object changed = metadata();

    RestoreReport report = repository.restore(snapshot, restorer());
    assertEquals(changed, metadata());
    assertEquals(
        Set.of(
            "topic orders: retention.ms is 5000, and -1 in the snapshot: left as it is",
            "quota of user 'ann / 'x'': consumer_byte_rate is 7.0, and 1000.0 in the snapshot: left"
                + " as it is"),
        texts(report.findings(), Severity.WARNING));
    assertEquals("1", report.facts().get("quotas.differing"));

    KafkaMetadataRestorer replacing = restorer().replacing();
    RestorePlan plan = repository.planRestore(snapshot, replacing);
    assertEquals(
        List.of(
            "retention.ms=5000 of topic orders",
            "consumer_byte_rate=7.0 of quota of user 'ann / 'x''"),
        plan.destroys());
    assertEquals(
        Kind.NOT_CONFIRMED,
        assertThrows(BackupException.class, () -> repository.restore(snapshot, replacing)).kind());
    assertEquals(changed, metadata());
    repository.restore(snapshot, replacing, RestoreOptions.DEFAULT.confirmed(plan));
    Soon.equal(before, KafkaMetadataRestorerTest::metadata);
  }

  @Test
  void aRenamedTopicTakesItsConfigurationAndItsAclsAlong() throws Exception {
    Snapshot snapshot = capture().snapshot();
    removeAll();
    RestoreReport report =
        repository.restore(
            snapshot,
            restorer()
                .only(Part.ACLS, Part.TOPIC_CONFIGURATIONS)
                .renamed(Map.of("orders", "sales")));
    AclBinding renamed =
        acl(ResourceType.TOPIC, "sales", PatternType.LITERAL, "ann", AclPermissionType.ALLOW);
    Soon.equal(Set.of(renamed, PREFIX, DENIAL), KafkaMetadataRestorerTest::acls);
    Soon.equal(
        Map.of("retention.ms", "-1", "max.message.bytes", "2000000"), () -> overrides("sales"));
    assertEquals(Map.of(), overrides("orders"));
    assertEquals(Map.of(), quotas(), "not asked for");
    assertEquals(
        Set.of(
            "ALLOW User:ben from * READ on PREFIXED TOPIC ord: It was for topic orders as well,"
                + " which is sales now"),
        texts(report.findings(), Severity.WARNING));
    assertThrows(
        IllegalArgumentException.class, () -> restorer().renamed(Map.of("a", "c", "b", "c")));
  }

  @Test
  void aTopicThatIsNotThereIsNamedAndTheRestComesBack() throws Exception {
    Snapshot snapshot = capture().snapshot();
    removeAll();
    RestoreReport report =
        repository.restore(snapshot, restorer().renamed(Map.of("orders", "absent")));
    assertTrue(
        texts(report.findings(), Severity.WARNING)
            .contains("topic absent: It is not there: its configuration was not restored"));
    Soon.equal(2, () -> quotas().size());
    Soon.equal(3, () -> acls().size());
  }

  @Test
  void whatTheUserMayNotChangeIsNamedWithTheAclThatAllowsIt() throws Exception {
    Snapshot snapshot = capture().snapshot();
    removeAll();
    List<AclBinding> sight = new ArrayList<>();
    for (AclOperation each : List.of(AclOperation.DESCRIBE, AclOperation.DESCRIBE_CONFIGS)) {
      sight.add(
          new AclBinding(
              new ResourcePattern(ResourceType.CLUSTER, "kafka-cluster", PatternType.LITERAL),
              new AccessControlEntry("User:limited", "*", each, AclPermissionType.ALLOW)));
    }
    done(admin.createAcls(sight).all());
    Soon.equal(2, () -> acls().size());

    RestoreReport report =
        repository.restore(
            snapshot,
            KafkaMetadataRestorer.into(cluster.limited())
                .scramUsers(user -> SCRAM_PASSWORD.toCharArray()));

    Set<String> ends = new HashSet<>();
    for (Finding each : report.findings()) {
      ends.add(each.severity() + each.remedy().replaceAll(".* --operation", ""));
    }
    assertEquals(Set.of("ERROR Alter --cluster", "ERROR AlterConfigs --cluster"), ends);
    assertEquals("0", report.facts().get("acls.created"));
    Soon.equal(2, () -> overrides("orders").size());
    assertFalse(report.toString().contains("canary"), report::toString);

    done(admin.deleteAcls(sight.stream().map(AclBinding::toFilter).toList()).all());
    done(admin.createAcls(List.of(sight.get(1))).all());
    Soon.equal(Set.of(sight.get(1)), KafkaMetadataRestorerTest::acls);
    BackupException blind =
        assertThrows(
            BackupException.class,
            () ->
                repository.restore(
                    snapshot, KafkaMetadataRestorer.into(cluster.limited()).only(Part.ACLS)));
    assertEquals(Kind.DENIED, blind.kind());
    assertEquals(
        "Reading the ACLs that are there is refused: the user lacks Describe on the cluster",
        blind.getMessage());
  }

  @Test
  void aUserWithoutPasswordAndIterationsThatNoBrokerTakesAreNamed() throws Exception {
    ClusterDescription none =
        new ClusterDescription("c", -1, "", 0, List.of(), Map.of(), Map.of(), List.of());
    List<ScramUser> users =
        List.of(
            new ScramUser("new", "SCRAM-SHA-256", 4096),
            new ScramUser("slow", "SCRAM-SHA-256", Integer.MAX_VALUE),
            new ScramUser("strange", "SCRAM-MD5", 4096));
    Snapshot snapshot =
        repository
            .backup(
                new Written(
                    writer -> {
                      Document.CLUSTER.write(writer, List.of(none));
                      Document.SCRAM.write(writer, users);
                    }))
            .snapshot();
    RestoreReport report = repository.restore(snapshot, restorer().only().scramUsers(user -> null));
    assertEquals(
        Set.of("SCRAM-SHA-256 of user 'new': There is no password for it: not restored"),
        texts(report.findings(), Severity.WARNING));
    assertEquals(
        Set.of(
            "SCRAM-SHA-256 of user 'slow': No broker takes its mechanism or its 2147483647"
                + " iterations",
            "SCRAM-MD5 of user 'strange': No broker takes its mechanism or its 4096 iterations"),
        texts(report.findings(), Severity.ERROR));
    assertEquals(
        2, texts(repository.restore(snapshot, restorer()).findings(), Severity.WARNING).size());
  }

  @Test
  void aSnapshotOfSomethingElseIsRefusedAndABrokenOneNamed() throws Exception {
    Snapshot other = repository.backup(new Written(writer -> {})).snapshot();
    assertEquals(
        Kind.INVALID,
        assertThrows(BackupException.class, () -> repository.restore(other, restorer())).kind());
    Snapshot broken =
        repository
            .backup(
                new Written(
                    writer -> {
                      text(writer, "cluster/cluster.json", "{}");
                      text(writer, "cluster/acls.jsonl", "{\"resource\":\"x\"}\n");
                    }))
            .snapshot();
    BackupException damaged =
        assertThrows(
            BackupException.class, () -> repository.restore(broken, restorer().only(Part.ACLS)));
    assertEquals(Kind.DAMAGED, damaged.kind());
    assertTrue(
        String.valueOf(damaged.getMessage()).startsWith("Line 1 of /cluster/acls.jsonl"),
        damaged::getMessage);
  }

  @Test
  void brokersWithoutAuthorizerHaveNoAclsAndGetNone() throws Exception {
    Snapshot snapshot = capture().snapshot();
    try (ScratchCluster open = ScratchCluster.start(directory.resolve("open"), 1, Map.of())) {
      KafkaCluster reached = KafkaCluster.of(Map.of("bootstrap.servers", open.bootstrap()));
      BackupReport backup = repository.backup(new ClusterSource(reached, List.of()));
      assertEquals(Set.of(), texts(backup.findings(), Severity.WARNING));
      assertEquals(
          Set.of("ACLs: The brokers have no authorizer, so there are none"),
          texts(backup.findings(), Severity.INFO));
      RestoreReport report =
          repository.restore(snapshot, KafkaMetadataRestorer.into(reached).only(Part.ACLS));
      assertEquals(
          Set.of("ACLs: The brokers have no authorizer: 3 ACLs were not restored"),
          texts(report.findings(), Severity.WARNING));
    }
  }

  @Test
  void propertiesThatMakeNoClientAreNotQuoted() throws Exception {
    Snapshot snapshot = capture().snapshot();
    KafkaCluster broken =
        cluster.sasl(
            "PLAIN",
            "org.apache.kafka.common.security.plain.PlainLoginModule required password=a canary;");
    BackupException failure =
        assertThrows(
            BackupException.class,
            () -> repository.restore(snapshot, KafkaMetadataRestorer.into(broken)));
    StringWriter trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace, true));
    assertFalse(trace.toString().contains("canary"), trace::toString);
    assertEquals(Kind.INVALID, failure.kind());
  }

  /** Writes what it is told. */
  private record Written(Files files) implements BackupSource {

    interface Files {
      void write(SnapshotWriter writer) throws IOException;
    }

    @Override
    public SourceId id() {
      return new SourceId("kafka-topics", "written");
    }

    @Override
    public void capture(SnapshotWriter writer, CaptureContext context) throws IOException {
      files.write(writer);
    }
  }

  private static void text(SnapshotWriter writer, String path, String text) throws IOException {
    try (EntryOutput out = writer.file(EntryPath.of(path), Attributes.PLAIN)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
      out.commit();
    }
  }

  private BackupReport capture() throws Exception {
    return repository.backup(new ClusterSource(cluster.everything(), List.of("orders", "sales")));
  }

  private static KafkaMetadataRestorer restorer() {
    return KafkaMetadataRestorer.into(cluster.everything());
  }

  private static void logIn() throws Exception {
    KafkaCluster asSam =
        cluster.sasl(
            "SCRAM-SHA-512",
            "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"sam\" password=\""
                + SCRAM_PASSWORD
                + "\";");
    try (Admin sam = SecuredCluster.admin(asSam)) {
      assertEquals(cluster.id(), done(sam.describeCluster().clusterId()));
    }
  }

  private static Set<String> texts(List<Finding> findings, Severity severity) {
    Set<String> texts = new HashSet<>();
    for (Finding each : findings) {
      if (each.severity() == severity) {
        texts.add(each.subject() + ": " + each.message());
      }
    }
    return texts;
  }

  private static Object metadata() throws Exception {
    return List.of(acls(), quotas(), overrides("orders"), overrides("sales"), scram());
  }

  private static Set<AclBinding> acls() throws Exception {
    Collection<AclBinding> all = done(admin.describeAcls(AclBindingFilter.ANY).values());
    return new HashSet<>(all);
  }

  private static Map<ClientQuotaEntity, Map<String, Double>> quotas() throws Exception {
    return done(admin.describeClientQuotas(ClientQuotaFilter.all()).entities());
  }

  private static String scram() throws Exception {
    return done(admin.describeUserScramCredentials().all()).toString();
  }

  private static Map<String, String> overrides(String topic) throws Exception {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    Map<String, String> overrides = new HashMap<>();
    for (ConfigEntry each :
        done(admin.describeConfigs(List.of(resource)).all()).get(resource).entries()) {
      if (each.source() == ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG) {
        overrides.put(each.name(), each.value());
      }
    }
    return overrides;
  }

  private static void override(String topic, String name, String value) throws Exception {
    AlterConfigOp.OpType type =
        value.isEmpty() ? AlterConfigOp.OpType.DELETE : AlterConfigOp.OpType.SET;
    done(
        admin
            .incrementalAlterConfigs(
                Map.of(
                    new ConfigResource(ConfigResource.Type.TOPIC, topic),
                    List.of(new AlterConfigOp(new ConfigEntry(name, value), type))))
            .all());
  }

  private static void quota(Map<String, String> entity, Double limit) throws Exception {
    done(
        admin
            .alterClientQuotas(
                List.of(
                    new ClientQuotaAlteration(
                        new ClientQuotaEntity(entity),
                        List.of(new ClientQuotaAlteration.Op("consumer_byte_rate", limit)))))
            .all());
  }

  private static void removeAll() throws Exception {
    done(admin.deleteAcls(List.of(AclBindingFilter.ANY)).all());
    for (ClientQuotaEntity each : quotas().keySet()) {
      quota(each.entries(), null);
    }
    for (String topic : List.of("orders", "sales")) {
      for (String each : overrides(topic).keySet()) {
        override(topic, each, "");
      }
    }
    if (!scram().equals("{}")) {
      done(
          admin
              .alterUserScramCredentials(
                  List.of(new UserScramCredentialDeletion("sam", ScramMechanism.SCRAM_SHA_512)))
              .all());
    }
    Soon.equal(
        List.of(Set.of(), Map.of(), Map.of(), Map.of(), "{}"), KafkaMetadataRestorerTest::metadata);
  }

  private static AclBinding acl(
      ResourceType type,
      String name,
      PatternType pattern,
      String user,
      AclPermissionType permission) {
    return new AclBinding(
        new ResourcePattern(type, name, pattern),
        new AccessControlEntry("User:" + user, "*", AclOperation.READ, permission));
  }

  private static <T> T done(KafkaFuture<T> future) throws Exception {
    return future.get(1, TimeUnit.MINUTES);
  }
}
