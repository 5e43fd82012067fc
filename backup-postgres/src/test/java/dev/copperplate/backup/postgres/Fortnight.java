package dev.copperplate.backup.postgres;

import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.ObjectInfo;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.SourceId;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.PruneOptions;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.repository.RetentionPlan;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.retention.RetentionPolicies;
import dev.copperplate.backup.target.LocalTarget;
import dev.copperplate.backup.testkit.SkewedTarget;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;

/**
 * Two weeks of a database that is backed up: a base each day, WAL all the time, and each day what
 * is too old goes. Days pass when a test says so.
 */
final class Fortnight implements AutoCloseable {

  /** How often a day WAL is written, and the window of the archiver ends. */
  private static final int PIECES = 3;

  /** Of the rows, how many are changed and how many are added in a day: five percent together. */
  private static final int CHANGED_PERCENT = 3;

  private static final int ADDED_PERCENT = 2;
  private static final int CHAIN = 7;
  private static final int BASES = 14;
  private static final Duration WAL = Duration.ofDays(7);
  private static final long SEGMENT = 16 << 20;
  private static final int ROW_BYTES = 300;

  /** Where the server was after a piece, and how many rows there were. */
  record Point(int day, Lsn lsn, String rows) {}

  private final Random random = new Random(14);
  private final String[] words = words(random);
  private final SkewedTarget target;
  private final BackupRepository repository;
  private final EmbeddedPostgres server;
  private final RunningArchiver archiver;
  private final List<Snapshot> bases = new ArrayList<>();
  private final List<Point> ends = new ArrayList<>();
  private final List<Point> points = new ArrayList<>();
  private final List<Long> copies = new ArrayList<>();
  private volatile Duration passed = Duration.ZERO;
  private long rows;

  Fortnight(Path directory, Path scratch, int megabytes) throws Exception {
    BackupTarget local = LocalTarget.at(directory);
    target = SkewedTarget.over(local, Duration.ZERO);
    repository =
        TestRepositories.createWithoutRivals(
            target, RepositoryOptions.DEFAULT.clock(this::now).scratch(scratch));
    server = EmbeddedPostgres.version(17).set("max_wal_size", "4GB").start();
    server.sql(
        "CREATE TABLE orders (id bigint PRIMARY KEY, customer int, state text, note text,"
            + " changed timestamptz DEFAULT now())");
    add(((long) megabytes << 20) / ROW_BYTES);
    server.sql("CREATE INDEX ON orders (customer)");
    server.sql("CHECKPOINT");
    archiver =
        RunningArchiver.start(
            PostgresWalArchiver.of("orders", server.asBackup(), repository)
                .interval(Duration.ofMillis(50))
                .clock(this::now)
                .spool(scratch.resolve("spool")));
  }

  Instant now() {
    return Instant.now().plus(passed);
  }

  /**
   * The target's clock goes first: the archiver writes meanwhile, and what arrives before the time
   * that it bears is asked about.
   */
  private void pass(Duration time) {
    target.jump(time);
    passed = passed.plus(time);
  }

  /** A base, a day's changes, and what goes after that. */
  void day() throws Exception {
    PostgresPhysicalSource source = PostgresPhysicalSource.of("orders", server.asBackup());
    bases.add(repository.backup(source.chain(CHAIN)).snapshot());
    ends.add(point());
    copies.add(plainCopy());
    for (int i = 0; i < PIECES; i++) {
      change(rows * CHANGED_PERCENT / 100 / PIECES);
      add(rows * ADDED_PERCENT / 100 / PIECES);
      points.add(point());
      pass(Duration.ofDays(1).dividedBy(PIECES));
      archiver.awaitDurable(points.get(points.size() - 1).lsn());
    }
    expire();
  }

  private void expire() throws Exception {
    SnapshotFilter ofBases = SnapshotFilter.of(new SourceId(PostgresPhysicalSource.TYPE, "orders"));
    expire(repository.plan(ofBases, RetentionPolicies.daily(BASES, ZoneOffset.UTC)));
    PostgresWalRetention wal = PostgresWalRetention.of("orders").recoveryWindow(WAL);
    expire(repository.plan(wal.filter(), wal.policy(repository, now())));
    repository.prune(PruneOptions.DEFAULT);
  }

  private void expire(RetentionPlan plan) throws Exception {
    if (!plan.questions().isEmpty()) {
      throw new IllegalStateException(plan.questions().toString());
    }
    repository.expire(plan);
  }

  private Point point() throws Exception {
    String count = server.sql("SELECT count(*) || ' ' || sum(customer) FROM orders");
    return new Point(bases.size() - 1, server.lsn(), count);
  }

  /** Each changed row lies anywhere. */
  private void change(long count) throws Exception {
    String ids =
        random
            .longs(count, 0, rows)
            .distinct()
            .mapToObj(Long::toString)
            .collect(Collectors.joining(","));
    server.sql(
        "UPDATE orders SET state = 'sent', customer = customer + 1, changed = now(), note = note"
            + " || ' "
            + sentence(3)
            + "' WHERE id IN ("
            + ids
            + ")");
  }

  private void add(long count) throws Exception {
    StringBuilder lines = new StringBuilder();
    try (Connection connection = server.connection()) {
      for (long i = 0; i < count; i++, rows++) {
        lines.append(rows).append('\t').append(random.nextInt(50_000)).append("\topen\t");
        lines.append(sentence(18 + random.nextInt(24))).append('\n');
      }
      connection
          .unwrap(PGConnection.class)
          .getCopyAPI()
          .copyIn(
              "COPY orders (id, customer, state, note) FROM STDIN",
              new ByteArrayInputStream(lines.toString().getBytes(StandardCharsets.US_ASCII)));
    }
  }

  /** Words as languages have them: a few are said often. */
  private String sentence(int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      double skewed = Math.pow(random.nextDouble(), 3);
      text.append(i == 0 ? "" : " ").append(words[(int) (skewed * words.length)]);
    }
    return text.toString();
  }

  private static String[] words(Random random) {
    String[] words = new String[8_000];
    for (int i = 0; i < words.length; i++) {
      StringBuilder word = new StringBuilder();
      for (int j = 0; j < 1 + random.nextInt(3); j++) {
        word.append("bcdfghklmnprstvwz".charAt(random.nextInt(17)));
        word.append("aeiou".charAt(random.nextInt(5)));
        word.append("lnrst".charAt(random.nextInt(5)));
      }
      words[i] = word.toString();
    }
    return words;
  }

  /** What a copy of the data directory takes; its WAL is counted with the archive. */
  private long plainCopy() throws IOException {
    long[] bytes = new long[1];
    Files.walkFileTree(
        server.data(),
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes any) {
            return directory.endsWith("pg_wal")
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            bytes[0] += attributes.size();
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path gone, IOException why) {
            return FileVisitResult.CONTINUE; // the server removes files while it runs
          }
        });
    return bytes[0];
  }

  /** The data directories of the days that are kept. */
  long copiedDirectories() {
    int from = Math.max(0, copies.size() - BASES);
    return copies.subList(from, copies.size()).stream().mapToLong(Long::longValue).sum();
  }

  /** The segments of the last seven days, as {@code archive_command} keeps them. */
  long copiedWal() {
    Point end = points.get(points.size() - 1);
    int first = Math.max(0, points.size() - 1 - (int) WAL.toDays() * PIECES);
    long bytes = end.lsn().minus(points.get(first).lsn());
    return (bytes + SEGMENT - 1) / SEGMENT * SEGMENT;
  }

  /** What the repository takes, all of it. */
  long stored() throws IOException {
    long bytes = 0;
    try (Cursor<ObjectInfo> all = target.list("")) {
      for (ObjectInfo each = all.next(); each != null; each = all.next()) {
        bytes += each.size();
      }
    }
    return bytes;
  }

  BackupRepository repository() {
    return repository;
  }

  List<Snapshot> bases() {
    return List.copyOf(bases);
  }

  /** What a base holds. */
  String rowsAtTheEndOf(Snapshot base) {
    return ends.get(bases.indexOf(base)).rows();
  }

  /** A moment of a day. */
  Point noonOf(int day) {
    return points.get(day * PIECES + PIECES / 2);
  }

  Point last() {
    return points.get(points.size() - 1);
  }

  /** No more WAL comes. */
  void end() {
    archiver.end();
  }

  @Override
  public void close() throws IOException {
    try {
      archiver.close();
    } finally {
      server.close();
      repository.close();
    }
  }
}
