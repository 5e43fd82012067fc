package dev.copperplate.backup.kafka.cluster;

import com.fasterxml.jackson.core.JsonParser;
import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryOutput;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.EntryType;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.SnapshotWriter;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.acl.AclBinding;
import org.jspecify.annotations.Nullable;

/**
 * A file of a snapshot that has one value a line, as an object of JSON in UTF-8 whose fields are in
 * the order of their names. What did not change has the same bytes. Fields that are not known are
 * passed over on reading, so that later versions may add some.
 *
 * <p>A file is absent where the values could not be seen, and empty where there were none. {@code
 * gaps} of {@link #CLUSTER} says why it is absent.
 *
 * <p>Immutable and thread-safe. One line is in memory at a time.
 *
 * @param <T> the values
 */
public final class Document<T> {

  /** Brokers, features, and what could not be exported; one line. */
  public static final Document<ClusterDescription> CLUSTER =
      new Document<>("cluster/cluster.json", ClusterDescription::line, ClusterDescription::of);

  /** Access control lists, one binding a line. */
  public static final Document<AclBinding> ACLS =
      new Document<>("cluster/acls.jsonl", AclLines::line, AclLines::of);

  /** Quotas, one entity a line. */
  public static final Document<Quota> QUOTAS =
      new Document<>("cluster/quotas.jsonl", Quota::line, Quota::of);

  /** SCRAM users without their secrets, one mechanism a line. */
  public static final Document<ScramUser> SCRAM =
      new Document<>("cluster/scram.jsonl", ScramUser::line, ScramUser::of);

  /** Groups with their committed offsets, in the order of their ids. */
  public static final Document<Group> GROUPS =
      new Document<>("cluster/groups.jsonl", Group::line, Group::of);

  /** Transactions that were not yet ended. */
  public static final Document<OpenTransaction> TRANSACTIONS =
      new Document<>("cluster/transactions.jsonl", OpenTransaction::line, OpenTransaction::of);

  private final EntryPath path;
  private final Function<T, Line> writing;
  private final Function<Line, T> reading;

  private Document(String path, Function<T, Line> writing, Function<Line, T> reading) {
    this(EntryPath.of(path), writing, reading);
  }

  private Document(EntryPath path, Function<T, Line> writing, Function<Line, T> reading) {
    this.path = path;
    this.writing = writing;
    this.reading = reading;
  }

  /** The description of one topic; one line. */
  public static Document<TopicMetadata> topic(EntryPath path) {
    return new Document<>(path, TopicMetadata::line, TopicMetadata::of);
  }

  /** Where it lies in a snapshot. */
  public EntryPath path() {
    return path;
  }

  /** Writes all of it. */
  public void write(SnapshotWriter writer, Iterable<? extends T> values) throws IOException {
    try (Output<T> out = open(writer)) {
      for (T each : values) {
        out.add(each);
      }
      out.commit();
    }
  }

  /** Writes one value after the other; the caller closes it. */
  public Output<T> open(SnapshotWriter writer) throws IOException {
    return new Output<>(writer.file(path, Attributes.PLAIN), writing);
  }

  /**
   * Reads one value after the other; the caller closes the cursor.
   *
   * @return empty if the snapshot has no such file
   * @throws BackupException {@code DAMAGED}, also from the cursor, if it is not what it should be
   */
  public Optional<Cursor<T>> open(SnapshotReader snapshot) throws IOException {
    Optional<Entry> file = snapshot.entry(path);
    if (file.isEmpty()) {
      return Optional.empty();
    }
    if (file.get().type() != EntryType.FILE) {
      throw damaged(1);
    }
    InputStream content = snapshot.open(file.get(), ByteRange.ALL);
    return Optional.of(new Reading(Line.parser(content), content));
  }

  /**
   * Reads all of it into memory.
   *
   * @return empty if the snapshot has no such file
   */
  public Optional<List<T>> read(SnapshotReader snapshot) throws IOException {
    Optional<Cursor<T>> values = open(snapshot);
    if (values.isEmpty()) {
      return Optional.empty();
    }
    List<T> all = new ArrayList<>();
    try (Cursor<T> cursor = values.get()) {
      for (T each = cursor.next(); each != null; each = cursor.next()) {
        all.add(each);
      }
    }
    return Optional.of(all);
  }

  private BackupException damaged(long line) {
    return new BackupException(
        Kind.DAMAGED,
        "Line "
            + line
            + " of "
            + path
            + " in the snapshot is not what stands there: use another snapshot");
  }

  private final class Reading implements Cursor<T> {

    private final JsonParser json;
    private final InputStream content;
    private long line;

    Reading(JsonParser json, InputStream content) {
      this.json = json;
      this.content = content;
    }

    @Override
    public @Nullable T next() throws IOException {
      line++;
      try {
        Line next = Line.next(json);
        return next == null ? null : reading.apply(next);
      } catch (IllegalArgumentException | ArithmeticException | KafkaException malformed) {
        throw damaged(line);
      }
    }

    @Override
    public void close() throws IOException {
      json.close();
      content.close();
    }
  }

  /** Takes in values. Without {@link #commit} there is no file. Used by one thread. */
  public static final class Output<T> implements Closeable {

    private final EntryOutput out;
    private final OutputStream buffer;
    private final Function<T, Line> writing;

    private Output(EntryOutput out, Function<T, Line> writing) {
      this.out = out;
      this.buffer = new BufferedOutputStream(out, 1 << 14);
      this.writing = writing;
    }

    /** Adds a line. */
    public void add(T value) throws IOException {
      writing.apply(value).writeTo(buffer);
    }

    /** Puts the file into the snapshot. */
    public void commit() throws IOException {
      buffer.flush();
      out.commit();
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }
}
