package dev.copperplate.backup.kafka.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.EntryType;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Finding.Severity;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.kafka.KafkaCluster;
import dev.copperplate.backup.repository.BackupReport;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.testkit.MemoryTarget;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
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
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterCaptureTest {

  private static final String TOPIC = "every.legal_Character-09";
  private static final TopicPartition FIRST = new TopicPartition(TOPIC, 0);

  @TempDir static Path directory;

  private static SecuredCluster cluster;
  private static Admin admin;

  private BackupRepository repository;

  @BeforeAll
  static void start() throws Exception {
    cluster = SecuredCluster.start(directory);
    admin = SecuredCluster.admin(cluster.everything());
    done(admin.createTopics(List.of(new NewTopic(TOPIC, 3, (short) 1))).all());
    done(
        admin
            .updateFeatures(
                Map.of(
                    "share.version",
                    new FeatureUpdate((short) 1, FeatureUpdate.UpgradeType.UPGRADE)),
                new UpdateFeaturesOptions())
            .all());
    try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(producer(Map.of()))) {
      for (int i = 0; i < 9; i++) {
        producer.send(new ProducerRecord<>(TOPIC, 0, null, new byte[1])).get(1, TimeUnit.MINUTES);
      }
    }
  }

  @AfterAll
  static void stop() {
    admin.close();
    cluster.close();
  }

  @BeforeEach
  void create() throws Exception {
    repository = TestRepositories.create(new MemoryTarget(), RepositoryOptions.DEFAULT);
  }

  @AfterEach
  void close() throws Exception {
    repository.close();
  }

  @Test
  void aSnapshotSaysWhatTheClusterIs() throws Exception {
    BackupReport report = capture(cluster.everything());
    ClusterDescription described = read(Document.CLUSTER, report).get(0);
    assertEquals(cluster.id(), described.clusterId());
    assertEquals("4.1", described.kafkaVersion());
    assertEquals(27, described.metadataVersion());
    assertEquals(1, described.controller());
    assertEquals(1, described.brokers().size());
    assertEquals("127.0.0.1", described.brokers().get(0).host());
    assertEquals(new Levels(1, 1), described.finalized().get("group.version"));
  }

  @Test
  void groupsOfEveryTypeAreThereWithWhatTheyCommitted() throws Exception {
    String hostile = "a group / with ü 😀 'quotes' \"and\" \\ " + "x".repeat(200);
    commitAlone(hostile, new OffsetAndMetadata(5, Optional.of(0), "meta \n 😀"));
    join("classic", "classic");
    join("next", "consumer");
    share("shared");

    Map<String, Group> groups = groups(capture(cluster.everything()));

    CommittedOffset third = new CommittedOffset(TOPIC, 0, 3, -1, "");
    assertEquals(
        new Group(
            hostile,
            "Classic",
            "Empty",
            "",
            "",
            true,
            0,
            true,
            List.of(new CommittedOffset(TOPIC, 0, 5, 0, "meta \n 😀"))),
        groups.get(hostile));
    assertEquals("Classic Empty consumer 0", words(groups.get("classic")));
    assertEquals(List.of(third), groups.get("classic").offsets());
    assertEquals("Consumer Empty consumer 0", words(groups.get("next")));
    assertEquals(List.of(third), groups.get("next").offsets());
    assertEquals("Share Empty share 0", words(groups.get("shared")));
    CommittedOffset shared = groups.get("shared").offsets().get(0);
    assertEquals(0, shared.partition());
    assertEquals(
        done(admin
                .listShareGroupOffsets(Map.of("shared", new ListShareGroupOffsetsSpec()))
                .partitionsToOffsetAndMetadata("shared"))
            .get(FIRST)
            .offset(),
        shared.offset());
  }

  @ParameterizedTest
  @ValueSource(strings = {"listShareGroupOffsets", "listGroups"})
  void callsThatOtherClientsLackAreNamedAndTheRestGoesOn(String lacking) throws Exception {
    commitAlone("still seen", new OffsetAndMetadata(2));
    share("of shares, without " + lacking);
    BackupReport report =
        repository.backup(
            new ClusterSource(cluster.everything(), List.of(TOPIC), without(lacking)));
    Set<String> gaps =
        read(Document.CLUSTER, report).get(0).gaps().stream()
            .map(Gap::what)
            .collect(Collectors.toSet());
    boolean none = lacking.equals("listGroups");
    assertTrue(gaps.contains(none ? "groups" : "offsets of share groups"), gaps::toString);
    assertEquals(none, document(Document.GROUPS, report).isEmpty());
    if (!none) {
      assertTrue(groups(report).get("still seen").offsetsKnown());
      assertFalse(groups(report).get("of shares, without " + lacking).offsetsKnown());
    }
    assertTrue(document(Document.ACLS, report).isPresent());
  }

  @Test
  void aGroupAtWorkIsThereWithItsMembers() throws Exception {
    try (KafkaConsumer<byte[], byte[]> member = member("working", "consumer")) {
      assertEquals(3, member.assignment().size());
      assertEquals(
          "Consumer Stable consumer 1",
          words(groups(capture(cluster.everything())).get("working")));
      assertEquals(
          List.of(), groups(capture(cluster.everything())).get("working").offsets(), "nothing yet");
    }
  }

  @Test
  void whatDidNotChangeHasTheSameBytes() throws Exception {
    BackupReport first = capture(cluster.everything(), TOPIC);
    BackupReport second = capture(cluster.everything(), TOPIC);
    Map<EntryPath, String> before = files(first.snapshot());
    assertEquals(before, files(second.snapshot()));
    assertTrue(before.size() >= 7, before::toString);
  }

  @Test
  void transactionsThatHaveNotEndedAreNamed() throws Exception {
    String id = "pays / 'much'";
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(producer(Map.of("transactional.id", id)))) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>(TOPIC, 2, null, new byte[1])).get(1, TimeUnit.MINUTES);

      List<OpenTransaction> open = read(Document.TRANSACTIONS, capture(cluster.everything()));

      assertEquals(1, open.size(), open::toString);
      assertEquals(id, open.get(0).transactionalId());
      assertEquals("Ongoing", open.get(0).state());
      assertEquals(List.of(new TopicPartition(TOPIC, 2)), open.get(0).partitions());
      producer.abortTransaction();
    }
  }

  @Test
  void topicsAreDescribedWithWhatWasSetForThemAlone() throws Exception {
    ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, TOPIC);
    done(
        admin
            .incrementalAlterConfigs(
                Map.of(
                    topic,
                    List.of(
                        new AlterConfigOp(
                            new ConfigEntry("retention.ms", "-1"), AlterConfigOp.OpType.SET))))
            .all());
    Soon.equal(
        "-1",
        () ->
            done(admin.describeConfigs(List.of(topic)).all())
                .get(topic)
                .get("retention.ms")
                .value());
    commitAlone("makes the topic of offsets", new OffsetAndMetadata(0));
    BackupReport report = capture(cluster.everything(), TOPIC, "__consumer_offsets", "never.was");
    TopicMetadata described = topic(report, TOPIC);
    assertEquals(Map.of("retention.ms", "-1"), described.overrides());
    assertEquals(
        done(admin.describeTopics(List.of(TOPIC)).allTopicNames()).get(TOPIC).topicId(),
        described.id());
    assertEquals(1, described.replicationFactor());
    assertEquals(
        new PartitionMetadata(2, 1, 0, List.of(1), List.of(1)), described.partitions().get(2));
    assertTrue(topic(report, "__consumer_offsets").internal());
    assertTrue(
        report.findings().stream().anyMatch(each -> each.subject().equals("topic never.was")),
        () -> report.findings().toString());
  }

  @Test
  void aclsQuotasAndScramUsersAreThere() throws Exception {
    AclBinding acl =
        acl(ResourceType.TOPIC, "seen.", PatternType.PREFIXED, "User:émile", AclOperation.READ);
    done(admin.createAcls(List.of(acl)).all());
    Map<ClientQuotaEntity, Double> quotas = new HashMap<>();
    quotas.put(new ClientQuotaEntity(Map.of("user", "al / 'ice' 😀")), 1024.0);
    quotas.put(new ClientQuotaEntity(Collections.singletonMap("user", null)), 2048.0);
    quotas.put(new ClientQuotaEntity(Map.of("user", "bob", "client-id", "web")), 1.0);
    done(
        admin
            .alterClientQuotas(
                quotas.entrySet().stream()
                    .map(
                        each ->
                            new ClientQuotaAlteration(
                                each.getKey(),
                                List.of(
                                    new ClientQuotaAlteration.Op(
                                        "consumer_byte_rate", each.getValue()))))
                    .toList())
            .all());
    done(
        admin
            .alterClientQuotas(
                List.of(
                    new ClientQuotaAlteration(
                        new ClientQuotaEntity(Map.of("ip", "10.0.0.1")),
                        List.of(new ClientQuotaAlteration.Op("connection_creation_rate", 7.0)))))
            .all());
    done(
        admin
            .alterUserScramCredentials(
                List.of(
                    new UserScramCredentialUpsertion(
                        "scrambled",
                        new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, 4096),
                        "canary-of-scram")))
            .all());

    Soon.equal(true, () -> acls().contains(acl));
    Soon.equal(
        4, () -> done(admin.describeClientQuotas(ClientQuotaFilter.all()).entities()).size());
    Soon.equal(1, () -> done(admin.describeUserScramCredentials().all()).size());

    BackupReport report = capture(cluster.everything());

    assertTrue(read(Document.ACLS, report).contains(acl));
    Map<ClientQuotaEntity, Map<String, Double>> read =
        read(Document.QUOTAS, report).stream()
            .collect(Collectors.toMap(Quota::toEntity, Quota::limits));
    quotas.forEach(
        (entity, limit) -> assertEquals(Map.of("consumer_byte_rate", limit), read.get(entity)));
    assertEquals(
        Map.of("connection_creation_rate", 7.0),
        read.get(new ClientQuotaEntity(Map.of("ip", "10.0.0.1"))));
    assertEquals(
        List.of(new ScramUser("scrambled", "SCRAM-SHA-256", 4096)), read(Document.SCRAM, report));
    assertTrue(
        read(Document.CLUSTER, report).get(0).gaps().stream()
            .anyMatch(each -> each.what().equals("SCRAM secrets")));
    assertFalse(everyWord(report).contains("canary"), "a secret of SCRAM");
  }

  @Test
  void whatMayNotBeSeenIsNamedWithTheAclThatShowsItAndTheRestGoesOn() throws Exception {
    String hidden = "it's hidden";
    commitAlone(hidden, new OffsetAndMetadata(1));
    commitAlone("in sight", new OffsetAndMetadata(2));
    done(admin.createTopics(List.of(new NewTopic("closed", 1, (short) 1))).all());
    List<AclBinding> acls =
        List.of(
            acl(
                ResourceType.CLUSTER,
                "kafka-cluster",
                PatternType.LITERAL,
                "User:o",
                AclOperation.ALTER),
            acl(ResourceType.GROUP, hidden, PatternType.LITERAL, "User:o", AclOperation.ALL),
            acl(ResourceType.TOPIC, "closed", PatternType.LITERAL, "User:o", AclOperation.ALL));
    done(admin.createAcls(acls).all());
    Soon.equal(true, () -> acls().containsAll(acls));
    try {
      BackupReport report = capture(cluster.limited(), TOPIC, "closed");
      List<String> commands =
          report.findings().stream()
              .filter(each -> each.severity() == Severity.WARNING)
              .map(Finding::remedy)
              .toList();
      for (String each :
          List.of(
              "--operation DescribeConfigs --cluster",
              "--operation Describe --cluster",
              "--operation Describe --topic 'closed'")) {
        assertTrue(
            commands.stream().anyMatch(command -> command.endsWith(each)), commands::toString);
      }
      Set<String> subjects =
          read(Document.CLUSTER, report).get(0).gaps().stream()
              .map(Gap::what)
              .collect(Collectors.toSet());
      assertTrue(
          subjects.containsAll(
              Set.of(
                  "ACLs",
                  "quotas",
                  "SCRAM users",
                  "topic closed",
                  "groups and transactions that the user may not describe")),
          subjects::toString);
      assertEquals(Optional.empty(), document(Document.ACLS, report), "not seen is not empty");
      assertTrue(groups(report).containsKey("in sight"));
      assertEquals(3, topic(report, TOPIC).partitions().size());
      assertFalse(everyWord(report).contains("canary"), "a secret of the client");
    } finally {
      done(admin.deleteAcls(acls.stream().map(AclBinding::toFilter).toList()).all());
    }
  }

  @Test
  void aGroupThatIsListedButMayNotBeSeenStaysInTheList() throws Exception {
    String hidden = "it's listed";
    commitAlone(hidden, new OffsetAndMetadata(1));
    List<AclBinding> acls =
        List.of(
            acl(
                ResourceType.CLUSTER,
                "kafka-cluster",
                PatternType.LITERAL,
                "User:limited",
                AclOperation.DESCRIBE),
            acl(ResourceType.GROUP, hidden, PatternType.LITERAL, "User:o", AclOperation.ALL));
    done(admin.createAcls(acls).all());
    Soon.equal(true, () -> acls().containsAll(acls));
    try {
      BackupReport report = capture(cluster.limited());
      Group group = groups(report).get(hidden);
      assertFalse(group.offsetsKnown());
      assertEquals(-1, group.members());
      assertTrue(
          report.findings().stream()
              .anyMatch(
                  each ->
                      each.subject().equals("offsets of group " + hidden)
                          && each.remedy()
                              .endsWith("--operation Describe --group 'it'\\''s listed'")),
          () -> report.findings().toString());
    } finally {
      done(admin.deleteAcls(acls.stream().map(AclBinding::toFilter).toList()).all());
    }
  }

  /** As a client of another version is, which has no such method. */
  private static UnaryOperator<Admin> without(String method) {
    return whole ->
        (Admin)
            Proxy.newProxyInstance(
                Admin.class.getClassLoader(),
                new Class<?>[] {Admin.class},
                (proxy, called, arguments) -> {
                  if (called.getName().equals(method)) {
                    throw new NoSuchMethodError(method);
                  }
                  return called.invoke(whole, arguments);
                });
  }

  private BackupReport capture(KafkaCluster seenAs, String... topics) throws Exception {
    return repository.backup(new ClusterSource(seenAs, List.of(topics)));
  }

  private <T> Optional<List<T>> document(Document<T> document, BackupReport report)
      throws Exception {
    try (SnapshotReader reader = repository.open(report.snapshot())) {
      return document.read(reader);
    }
  }

  private <T> List<T> read(Document<T> document, BackupReport report) throws Exception {
    return document(document, report).orElseThrow();
  }

  private TopicMetadata topic(BackupReport report, String name) throws Exception {
    EntryPath path = EntryPath.of("topics").child(name).child("topic.json");
    return read(Document.topic(path), report).get(0);
  }

  private Map<String, Group> groups(BackupReport report) throws Exception {
    return read(Document.GROUPS, report).stream()
        .collect(Collectors.toMap(Group::id, each -> each));
  }

  private static String words(Group group) {
    return String.join(
        " ", group.type(), group.state(), group.protocol(), Integer.toString(group.members()));
  }

  private Map<EntryPath, String> files(Snapshot snapshot) throws Exception {
    Map<EntryPath, String> files = new HashMap<>();
    try (SnapshotReader reader = repository.open(snapshot);
        Cursor<Entry> entries = reader.walk(EntryPath.ROOT, Integer.MAX_VALUE)) {
      for (Entry each = entries.next(); each != null; each = entries.next()) {
        if (each.type() == EntryType.FILE
            && !each.path().startsWith(EntryPath.of(".backup/manifest.json"))) {
          try (InputStream in = reader.open(each, ByteRange.ALL)) {
            files.put(each.path(), new String(in.readAllBytes(), StandardCharsets.UTF_8));
          }
        }
      }
    }
    return files;
  }

  private String everyWord(BackupReport report) throws Exception {
    return files(report.snapshot()) + report.toString();
  }

  private static Collection<AclBinding> acls() throws Exception {
    return done(admin.describeAcls(AclBindingFilter.ANY).values());
  }

  private static AclBinding acl(
      ResourceType type,
      String name,
      PatternType pattern,
      String principal,
      AclOperation operation) {
    return new AclBinding(
        new ResourcePattern(type, name, pattern),
        new AccessControlEntry(principal, "*", operation, AclPermissionType.ALLOW));
  }

  private static void commitAlone(String group, OffsetAndMetadata offset) {
    try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(consumer(group, "classic"))) {
      consumer.assign(List.of(FIRST));
      consumer.commitSync(Map.of(FIRST, offset), Duration.ofMinutes(1));
    }
  }

  private static void join(String group, String protocol) {
    try (KafkaConsumer<byte[], byte[]> consumer = member(group, protocol)) {
      consumer.commitSync(Map.of(FIRST, new OffsetAndMetadata(3)), Duration.ofMinutes(1));
    }
  }

  private static KafkaConsumer<byte[], byte[]> member(String group, String protocol) {
    KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(consumer(group, protocol));
    consumer.subscribe(List.of(TOPIC));
    for (int i = 0; i < 600 && consumer.assignment().isEmpty(); i++) {
      consumer.poll(Duration.ofMillis(100));
    }
    return consumer;
  }

  private static void share(String group) throws Exception {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.GROUP, group);
    done(
        admin
            .incrementalAlterConfigs(
                Map.of(
                    resource,
                    List.of(
                        new AlterConfigOp(
                            new ConfigEntry("share.auto.offset.reset", "earliest"),
                            AlterConfigOp.OpType.SET))))
            .all());
    Map<String, Object> properties = consumer(group, "");
    properties.remove("group.protocol");
    properties.remove("enable.auto.commit");
    properties.remove("auto.offset.reset");
    List<Object> seen = new ArrayList<>();
    try (KafkaShareConsumer<byte[], byte[]> consumer = new KafkaShareConsumer<>(properties)) {
      consumer.subscribe(List.of(TOPIC));
      for (int i = 0; i < 600 && seen.isEmpty(); i++) {
        consumer.poll(Duration.ofMillis(100)).forEach(seen::add);
      }
      consumer.commitSync(Duration.ofMinutes(1));
    }
    assertFalse(seen.isEmpty());
  }

  private static Map<String, Object> consumer(String group, String protocol) {
    Map<String, Object> properties = new HashMap<>(cluster.everything().properties());
    properties.put("group.id", group);
    properties.put("group.protocol", protocol);
    properties.put("enable.auto.commit", "false");
    properties.put("auto.offset.reset", "earliest");
    properties.put("key.deserializer", ByteArrayDeserializer.class);
    properties.put("value.deserializer", ByteArrayDeserializer.class);
    return properties;
  }

  private static Map<String, Object> producer(Map<String, Object> more) {
    Map<String, Object> properties = new HashMap<>(cluster.everything().properties());
    properties.put("key.serializer", ByteArraySerializer.class);
    properties.put("value.serializer", ByteArraySerializer.class);
    properties.putAll(more);
    return properties;
  }

  private static <T> T done(KafkaFuture<T> future) throws Exception {
    return future.get(1, TimeUnit.MINUTES);
  }
}
