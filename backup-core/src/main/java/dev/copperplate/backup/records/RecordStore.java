package dev.copperplate.backup.records;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Content;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.ObjectInfo;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.repository.crypto.DamagedContainerException;
import dev.copperplate.backup.repository.format.FormatException;
import dev.copperplate.backup.repository.format.Unpacked;
import dev.copperplate.backup.repository.storage.ObjectStore;
import dev.copperplate.backup.repository.storage.Retention;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes and reads records: one small object a fact, created and never rewritten, sealed with the
 * repository's key and bound to its place. So whoever has only the store can remove records, but
 * can neither forge, change nor move one. Thread-safe.
 */
public final class RecordStore {

  /** No record is read that is larger, as stored. */
  static final int MAX_SIZE = 16 << 20;

  /** No record is read that says more, in bytes of JSON. */
  static final int MAX_PLAIN = 32 << 20;

  private static final DateTimeFormatter NAME_TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private static final Logger LOG = LoggerFactory.getLogger(RecordStore.class);
  private static final SecureRandom RANDOM = new SecureRandom();

  private final ObjectStore store;
  private final Supplier<Retention> retention;

  public RecordStore(ObjectStore store) {
    this(store, () -> Retention.NONE);
  }

  /**
   * Records of a repository.
   *
   * @param retention of what is written now, but for the kinds that are removed on purpose
   */
  public RecordStore(ObjectStore store, Supplier<Retention> retention) {
    this.store = store;
    this.retention = retention;
  }

  /** The retention of a record that is written now. */
  public Retention retention() {
    return retention.get();
  }

  /** The same records; what is written is retained as this says. */
  public RecordStore retained(Retention by) {
    return new RecordStore(store, () -> by);
  }

  /**
   * Stores a record; durable on return.
   *
   * @param subject what it is about
   * @param time when it is written
   * @param body what it says, in the JSON of its kind
   * @param signature of the body's UTF-8 bytes; null for none
   */
  public RecordKey write(
      RecordKind kind, String subject, Instant time, String body, byte @Nullable [] signature)
      throws IOException {
    String random = HexFormat.of().toHexDigits(RANDOM.nextLong());
    RecordKey key = new RecordKey(kind, subject, NAME_TIME.format(time) + "-" + random);
    write(key, body, signature);
    return key;
  }

  /**
   * Stores a record of another repository at the place that it has there, so that it is there once
   * however often it is copied; durable on return.
   */
  public void write(RecordKey key, String body, byte @Nullable [] signature) throws IOException {
    byte[] plain = new RecordFile(key.toString(), body, signature).encode();
    byte[] sealed = store.sealer().seal(Unpacked.encode(plain));
    if (plain.length > MAX_PLAIN || sealed.length > MAX_SIZE) {
      throw new BackupException(
          Kind.INVALID, key + " would have " + plain.length + " bytes: more than a record may");
    }
    Retention by = key.kind().isRemoved() ? Retention.NONE : retention();
    store.put(key.object(), Content.of(sealed), by);
  }

  /** Where records of a kind lie: by subject, each in the order of time. Nothing is read. */
  public SortedMap<String, List<RecordKey>> keys(RecordKind kind) throws IOException {
    return listed(kind, kind.prefix());
  }

  /** Where the records about one subject lie, in the order of time. */
  public List<RecordKey> keys(RecordKind kind, String subject) throws IOException {
    return listed(kind, kind.prefix() + subject + "/").getOrDefault(subject, List.of());
  }

  /** What lies among the records of a kind without having the name of one; the first of them. */
  public List<ObjectKey> strangers(RecordKind kind, int most) throws IOException {
    List<ObjectKey> found = new ArrayList<>();
    try (Cursor<ObjectInfo> all = store.target().list(kind.prefix())) {
      for (ObjectInfo each = all.next(); each != null && found.size() < most; each = all.next()) {
        if (RecordKey.of(kind, each.key()).isEmpty()) {
          found.add(each.key());
        }
      }
    }
    return found;
  }

  private SortedMap<String, List<RecordKey>> listed(RecordKind kind, String prefix)
      throws IOException {
    SortedMap<String, List<RecordKey>> keys = new TreeMap<>();
    try (Cursor<ObjectInfo> all = store.target().list(prefix)) {
      for (ObjectInfo each = all.next(); each != null; each = all.next()) {
        Optional<RecordKey> key = RecordKey.of(kind, each.key());
        key.ifPresent(
            known -> keys.computeIfAbsent(known.subject(), any -> new ArrayList<>()).add(known));
      }
    }
    keys.values().forEach(each -> each.sort((a, b) -> a.name().compareTo(b.name())));
    return keys;
  }

  /**
   * Reads a record. Where it was overwritten in a store that keeps what was there before, the
   * oldest that is authentic counts.
   *
   * @throws BackupException {@code DAMAGED}, naming it, if it was altered, forged or moved; {@code
   *     NOT_FOUND}
   */
  public StoredRecord read(RecordKey key) throws IOException {
    try {
      return opened(key, store.readWhole(key.object(), MAX_SIZE));
    } catch (BackupException refused) {
      if (refused.kind() != Kind.DAMAGED) {
        throw refused;
      }
      // Nobody rewrites a record, so what was overwritten is what its writer had stored.
      return store
          .substitutes()
          .oldest(key.object(), MAX_SIZE, stored -> opened(key, stored))
          .orElseThrow(() -> refused);
    }
  }

  private StoredRecord opened(RecordKey key, byte[] sealed) throws BackupException {
    try {
      byte[] plain = Unpacked.decode(store.sealer().open(sealed), MAX_PLAIN);
      RecordFile file = RecordFile.decode(plain);
      if (!file.key().equals(key.toString())) {
        throw new FormatException("it was written for the place " + file.key());
      }
      return new StoredRecord(key, file.body(), file.signature());
    } catch (DamagedContainerException | FormatException refused) {
      throw damaged(key, refused);
    }
  }

  /** Makes of a record what its kind says. */
  @FunctionalInterface
  public interface Parser<T> {
    T parse(StoredRecord record) throws FormatException;
  }

  /**
   * Reads what a record says.
   *
   * @throws BackupException {@code DAMAGED}, naming it, if it is refused; {@code NOT_FOUND}
   */
  public <T> T read(RecordKey key, Parser<T> parser) throws IOException {
    StoredRecord record = read(key);
    try {
      return parser.parse(record);
    } catch (FormatException refused) {
      throw damaged(key, refused);
    }
  }

  /**
   * Reads what a record says; empty if it is refused, which is logged, or gone: it must not hide
   * the others.
   */
  public <T> Optional<T> find(RecordKey key, Parser<T> parser) throws IOException {
    try {
      return Optional.of(read(key, parser));
    } catch (BackupException failure) {
      if (failure.kind() != Kind.DAMAGED && failure.kind() != Kind.NOT_FOUND) {
        throw failure;
      }
      if (failure.kind() == Kind.DAMAGED) {
        LOG.warn("A record is passed over: {}", failure.getMessage());
      }
      return Optional.empty();
    }
  }

  /** An error that names the record. */
  public BackupException damaged(RecordKey key, Exception cause) {
    return new BackupException(
        Kind.DAMAGED,
        "The record "
            + key
            + " in "
            + store.target().description()
            + " is refused: "
            + cause.getMessage()
            + ". It was altered, or put there by somebody without the key; it counts for nothing,"
            + " and no backup depends on it",
        cause);
  }

  /** Removes records; returns those that remain, with the reasons. */
  public Map<ObjectKey, BackupException> delete(Collection<RecordKey> keys) throws IOException {
    return store.target().delete(keys.stream().map(RecordKey::object).toList());
  }
}
