package dev.copperplate.backup.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.BackupSource;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.CaptureContext;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryOutput;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Manifest;
import dev.copperplate.backup.RestorePlan;
import dev.copperplate.backup.RestoreReport;
import dev.copperplate.backup.Restorer;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.SnapshotWriter;
import dev.copperplate.backup.SourceId;
import dev.copperplate.backup.kafka.batch.BatchBuilder;
import dev.copperplate.backup.kafka.batch.BatchRecord;
import dev.copperplate.backup.kafka.batch.Numbering;
import dev.copperplate.backup.kafka.cluster.Document;
import dev.copperplate.backup.kafka.cluster.PartitionMetadata;
import dev.copperplate.backup.kafka.cluster.TopicMetadata;
import dev.copperplate.backup.kafka.layout.Documents;
import dev.copperplate.backup.kafka.layout.StoredFile;
import dev.copperplate.backup.kafka.layout.StoredPartition;
import dev.copperplate.backup.kafka.layout.TopicPaths;
import dev.copperplate.backup.kafka.scratch.ScratchCluster;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.repository.RestoreOptions;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.testkit.MemoryTarget;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Log directories as a broker leaves them, without the broker. */
class KafkaSegmentsDirectoryTest {

  private static final Uuid ID = new Uuid(1, 2);
  private static final long TIME = 1_700_000_000_000L;
  private static final String UNFINISHED = "copperplate.restore.unfinished";

  @TempDir Path directory;
  private Path data;
  private BackupRepository repository;
  private Snapshot snapshot;

  @BeforeEach
  void create() throws Exception {
    data = brokerDirectory("data");
    repository = TestRepositories.create(new MemoryTarget(), RepositoryOptions.DEFAULT);
    snapshot = repository.backup(new Orders(Map.of("retention.ms", "-1"))).snapshot();
  }

  @AfterEach
  void close() throws IOException {
    repository.close();
  }

  @Test
  void theFilesAndCheckpointsAreWhatTheBrokerNeeds() throws Exception {
    RestoreReport report = repository.restore(snapshot, restorer());

    assertTrue(report.complete(), report.findings()::toString);
    Map<String, String> tree = tree(data);
    assertEquals(
        hex(batches(0, 5, 10)), tree.get("orders-0/00000000000000000005.log"), "of epoch 0");
    assertEquals(hex(batches(0, 20)), tree.get("orders-0/00000000000000000020.log"));
    assertEquals("", tree.get("orders-0/00000000000000000030.log"));
    assertEquals("", tree.get("orders-1/00000000000000000012.log"));
    assertTrue(tree.containsKey("orders-0/partition.metadata"));
    assertFalse(tree.containsKey("orders-0/leader-epoch-checkpoint"));
    assertTrue(tree.containsKey(".kafka_cleanshutdown"));
    assertEquals(
        List.of("0", "3", "orders 0 7", "orders 1 12", "other 0 4"),
        lines("log-start-offset-checkpoint"));
    assertEquals(
        List.of("0", "3", "orders 0 30", "orders 1 12", "other 0 4"),
        lines("replication-offset-checkpoint"));
    assertEquals(List.of("0", "1", "other 0 4"), lines("recovery-point-offset-checkpoint"));
    assertEquals(List.of("0", "1", "other 0 4"), lines("cleaner-offset-checkpoint"));
    assertEquals(
        Instant.ofEpochMilli(TIME + 14),
        Files.getLastModifiedTime(data.resolve("orders-0/00000000000000000005.log")).toInstant());
    assertTrue(report.findings().toString().contains("Partitions 2 have no directory"));
  }

  @Test
  void whatDiesAnywhereIsFinishedByTheNextRestore() throws Exception {
    repository.restore(snapshot, restorer());
    Map<String, String> whole = tree(data);
    int died = 0;
    for (int reads = 0; ; reads++) {
      Path other = brokerDirectory("other-" + reads);
      AtomicInteger left = new AtomicInteger(reads);
      Restorer dying = (reader, context) -> onto(other).restore(new Dying(reader, left), context);
      try {
        repository.restore(snapshot, dying);
        break;
      } catch (IOException dead) {
        died += Files.exists(other.resolve(UNFINISHED)) ? 1 : 0;
      }
      repository.restore(snapshot, onto(other));
      assertEquals(whole, tree(other), reads + " reads");
    }
    assertTrue(died > 3, died + " died in the middle");
  }

  @Test
  void whoLeftOneHalfDoneDoesNotRestoreOthersOnly() throws Exception {
    Files.createDirectory(data.resolve(UNFINISHED));
    Files.writeString(data.resolve(UNFINISHED).resolve("partitions"), "# remark\npayments-3\n");

    BackupException refused = refused(restorer());

    assertEquals(Kind.CONFLICT, refused.kind());
    assertTrue(refused.getMessage().contains("payments-3"), refused::getMessage);
  }

  @Test
  void noBrokerStartsOnWhatIsHalfDone() throws Exception {
    Path place = directory.resolve("real");
    ScratchCluster.start(place, 1, Map.of()).close();
    Path home = place.resolve("broker-1");
    Files.createDirectory(home.resolve("data").resolve(UNFINISHED));
    Path log = directory.resolve("broker.log");
    Process broker =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dorg.slf4j.simpleLogger.log.kafka=error",
                "-Dorg.slf4j.simpleLogger.log.org.apache.kafka=error",
                "-cp",
                System.getProperty("java.class.path"),
                "kafka.Kafka",
                home.resolve("server.properties").toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      assertTrue(broker.waitFor(120, TimeUnit.SECONDS), "The broker runs");
    } finally {
      broker.destroyForcibly();
    }
    assertNotEquals(0, broker.exitValue());
    assertTrue(Files.readString(log).contains(UNFINISHED));
  }

  @Test
  void recordsAreLostOnlyWhenThatWasConfirmed() throws Exception {
    Path log = data.resolve("orders-0/00000000000000000000.log");
    Files.writeString(log, "records");
    Map<String, String> before = tree(data);

    BackupException conflict = refused(restorer());
    assertEquals(Kind.CONFLICT, conflict.kind());
    assertTrue(conflict.getMessage().contains("records in orders-0."), conflict::getMessage);
    RestorePlan plan = repository.planRestore(snapshot, restorer().replacing());
    assertEquals(List.of(data.toRealPath().resolve("orders-0").toString()), plan.destroys());
    assertEquals(Kind.NOT_CONFIRMED, refused(restorer().replacing()).kind());
    assertEquals(before, tree(data));

    repository.restore(snapshot, restorer().replacing(), RestoreOptions.DEFAULT.confirmed(plan));
    assertFalse(Files.exists(log));
  }

  @Test
  void linksAreNotFollowed() throws Exception {
    Path outside = Files.writeString(directory.resolve("outside"), "mine");
    Files.createSymbolicLink(data.resolve("orders-0/00000000000000000005.log"), outside);
    RestorePlan plan = repository.planRestore(snapshot, restorer().replacing());
    repository.restore(snapshot, restorer().replacing(), RestoreOptions.DEFAULT.confirmed(plan));
    assertEquals("mine", Files.readString(outside));
    assertTrue(Files.isRegularFile(data.resolve("orders-0/00000000000000000005.log")));

    Path moved = Files.move(data.resolve("orders-1"), directory.resolve("moved"));
    Files.createSymbolicLink(data.resolve("orders-1"), moved);
    BackupException refused = refused(restorer().replacing());
    assertEquals(Kind.CONFLICT, refused.kind());
    assertTrue(refused.getMessage().contains("no directory"), refused::getMessage);
  }

  @Test
  void newFilesBelongToWhomTheirDirectoryBelongs() throws Exception {
    assumeTrue(Files.getOwner(data).getName().equals("root"), "Others cannot give files away");
    Files.setAttribute(data, "unix:uid", 4711);
    Files.setAttribute(data.resolve("orders-0"), "unix:uid", 4712);
    Files.setAttribute(data.resolve("orders-0"), "unix:gid", 4713);

    repository.restore(snapshot, restorer());

    Path log = data.resolve("orders-0/00000000000000000020.log");
    assertEquals(4712, Files.getAttribute(log, "unix:uid"));
    assertEquals(4713, Files.getAttribute(log, "unix:gid"));
    assertEquals(4711, Files.getAttribute(data.resolve("log-start-offset-checkpoint"), "unix:uid"));
  }

  @Test
  void aDamagedBatchIsLeftOutAndNamed() throws Exception {
    Orders damaged = new Orders(Map.of("retention.ms", "-1"));
    damaged.damage = true;
    RestoreReport report = repository.restore(repository.backup(damaged).snapshot(), restorer());

    assertFalse(report.complete());
    Finding error =
        report.findings().stream()
            .filter(each -> each.severity() == Finding.Severity.ERROR)
            .findFirst()
            .orElseThrow();
    assertEquals("orders-0", error.subject());
    assertTrue(error.message().contains("offset 5"), error::message);
    assertEquals(hex(batches(0, 10)), tree(data).get("orders-0/00000000000000000005.log"));
  }

  @Test
  void whoHasNoSuchTopicIsToldHowToMakeIt() {
    BackupException absent = refused(restorer().renamed(name -> name + ".again"));
    assertEquals(Kind.NOT_FOUND, absent.kind());
    assertTrue(absent.getMessage().contains("/cluster/create-topics.sh"), absent::getMessage);
    assertTrue(
        absent.getMessage().contains("--topic orders.again --replica-assignment 1:2,2:1,1:2\n"),
        absent::getMessage);
    assertEquals(
        Kind.NOT_FOUND, refused(restorer().topics(TopicSelection.named("payments"))).kind());
    assertEquals(Kind.INVALID, refused(restorer().renamed(name -> "../" + name)).kind());
  }

  @Test
  void whatRetentionWouldDeleteIsWarnedOf() throws Exception {
    snapshot =
        repository
            .backup(new Orders(Map.of("retention.ms", "1000", "retention.bytes", "9")))
            .snapshot();
    RestoreReport report = repository.restore(snapshot, restorer());
    List<Finding> warnings =
        report.findings().stream()
            .filter(each -> each.severity() == Finding.Severity.WARNING)
            .toList();
    assertEquals(2, warnings.size(), warnings::toString);
    assertTrue(warnings.get(0).message().contains("retention.ms=1000"));
    assertTrue(warnings.get(0).remedy().contains("--add-config retention.ms=-1"));
  }

  @Test
  void aDirectoryThatIsOfNoBrokerIsRefused() throws Exception {
    Files.delete(data.resolve("meta.properties"));
    assertEquals(Kind.INVALID, refused(restorer()).kind());
    assertEquals(Kind.NOT_FOUND, refused(onto(data.resolve("absent"))).kind());
  }

  private KafkaSegmentsRestorer restorer() {
    return onto(data);
  }

  private static KafkaSegmentsRestorer onto(Path logDirectory) {
    return KafkaSegmentsRestorer.onto(logDirectory);
  }

  private BackupException refused(Restorer restorer) {
    return assertThrows(BackupException.class, () -> repository.restore(snapshot, restorer));
  }

  private List<String> lines(String checkpoint) throws IOException {
    return Files.readAllLines(data.resolve(checkpoint));
  }

  private Path brokerDirectory(String name) throws IOException {
    Path made = Files.createDirectory(directory.resolve(name));
    Files.writeString(made.resolve("meta.properties"), "version=1\ncluster.id=some\n");
    Files.writeString(made.resolve(".kafka_cleanshutdown"), "{}");
    for (String each :
        List.of(
            "log-start-offset-checkpoint",
            "replication-offset-checkpoint",
            "recovery-point-offset-checkpoint",
            "cleaner-offset-checkpoint")) {
      Files.writeString(made.resolve(each), "0\n2\nother 0 4\norders 0 99\n");
    }
    for (int i = 0; i < 2; i++) {
      Path partition = Files.createDirectory(made.resolve("orders-" + i));
      Files.writeString(partition.resolve("partition.metadata"), "version: 0\ntopic_id: x\n");
      Files.writeString(partition.resolve("leader-epoch-checkpoint"), "0\n1\n9 0\n");
      Files.createFile(partition.resolve("00000000000000000000.log"));
      Files.writeString(partition.resolve("00000000000000000000.index"), "index");
    }
    return made;
  }

  /** Contents by path, in hexadecimal digits. */
  private static SortedMap<String, String> tree(Path root) throws IOException {
    SortedMap<String, String> tree = new TreeMap<>();
    try (Stream<Path> all = Files.walk(root)) {
      for (Path each : all.filter(Files::isRegularFile).toList()) {
        tree.put(root.relativize(each).toString(), hex(Files.readAllBytes(each)));
      }
    }
    return tree;
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  /** Batches of five records each, appended by leaders of that epoch. */
  private static byte[] batches(int epoch, long... offsets) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (long each : offsets) {
      BatchBuilder batch = new BatchBuilder(Numbering.at(each).epoch(epoch));
      for (long i = each; i < each + 5; i++) {
        batch.add(new BatchRecord(i, TIME + i, new byte[] {1}, new byte[] {2}, List.of()));
      }
      ByteBuffer built = batch.build();
      all.write(built.array(), built.arrayOffset(), built.remaining());
    }
    return all.toByteArray();
  }

  /** A snapshot of a topic whose logs begin within a file and end behind the last one. */
  private static final class Orders implements BackupSource {
    private final Map<String, String> settings;
    private boolean damage;

    Orders(Map<String, String> settings) {
      this.settings = settings;
    }

    @Override
    public SourceId id() {
      return new SourceId(KafkaTopicsSource.TYPE, "shop");
    }

    @Override
    public void capture(SnapshotWriter writer, CaptureContext context) throws IOException {
      List<PartitionMetadata> partitions =
          List.of(partition(0, 1, 2), partition(1, 2, 1), partition(2, 1, 2));
      TopicMetadata topic = new TopicMetadata("orders", ID, false, 2, true, settings, partitions);
      Document.topic(TopicPaths.topicDocument("orders")).write(writer, List.of(topic));
      byte[] first = batches(1000, 5, 10);
      if (damage) {
        first[70] ^= 1;
      }
      byte[] second = batches(7, 20);
      file(writer, TopicPaths.log("orders", 0, 5), first);
      file(writer, TopicPaths.log("orders", 0, 20), second);
      List<StoredFile> files =
          List.of(
              new StoredFile(5, 15, first.length, 2, 10, TIME + 14, "-"),
              new StoredFile(20, 25, second.length, 1, 5, TIME + 24, "-"));
      document(writer, stored(0, 7, 30, files));
      document(writer, stored(1, 12, 12, List.of()));
      document(writer, stored(2, 0, 0, List.of()));
    }

    private static PartitionMetadata partition(int number, int leader, int follower) {
      return new PartitionMetadata(number, leader, 1000, List.of(leader, follower), List.of(1, 2));
    }

    private static StoredPartition stored(int number, long from, long to, List<StoredFile> files) {
      return new StoredPartition(
          ID, number, from, to, 1000, "raw", files, List.of(), List.of(), List.of());
    }

    private static void document(SnapshotWriter writer, StoredPartition stored) throws IOException {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      Documents.write(stored, out);
      file(writer, TopicPaths.partitionDocument("orders", stored.partition()), out.toByteArray());
    }

    private static void file(SnapshotWriter writer, EntryPath path, byte[] content)
        throws IOException {
      try (EntryOutput out = writer.file(path, Attributes.PLAIN)) {
        out.write(content);
        out.commit();
      }
    }
  }

  /** Fails for good after so many reads. */
  private record Dying(SnapshotReader reader, AtomicInteger left) implements SnapshotReader {

    private void live() throws IOException {
      if (left.getAndDecrement() <= 0) {
        throw new IOException("dead");
      }
    }

    @Override
    public Snapshot snapshot() {
      return reader.snapshot();
    }

    @Override
    public Manifest manifest() throws IOException {
      return reader.manifest();
    }

    @Override
    public Optional<Entry> entry(EntryPath path) throws IOException {
      live();
      return reader.entry(path);
    }

    @Override
    public Cursor<Entry> walk(EntryPath from, int depth) throws IOException {
      return reader.walk(from, depth);
    }

    @Override
    public InputStream open(Entry file, ByteRange range) throws IOException {
      return new FilterInputStream(reader.open(file, range)) {
        @Override
        public int read(byte[] bytes, int from, int count) throws IOException {
          live();
          return super.read(bytes, from, count);
        }
      };
    }

    @Override
    public void close() throws IOException {
      reader.close();
    }
  }
}
