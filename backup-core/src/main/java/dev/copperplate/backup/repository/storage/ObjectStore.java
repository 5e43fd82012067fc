package dev.copperplate.backup.repository.storage;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Capability;
import dev.copperplate.backup.Content;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.ObjectInfo;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.ObjectVersion;
import dev.copperplate.backup.PutOptions;
import dev.copperplate.backup.VersionedTarget;
import dev.copperplate.backup.repository.crypto.DamagedContainerException;
import dev.copperplate.backup.repository.crypto.MasterKey;
import dev.copperplate.backup.repository.crypto.Sealer;
import dev.copperplate.backup.repository.format.FormatException;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.format.Unpacked;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the objects of one repository. What is read was compared with its name and
 * authenticated. Thread-safe.
 */
public final class ObjectStore {

  private final BackupTarget target;
  private final MasterKey key;
  private final Substitutes substitutes;
  private final RetainedObjects retained = new RetainedObjects();

  public ObjectStore(BackupTarget target, MasterKey key) {
    this(target, key, new Substitutes(target));
  }

  /**
   * The objects on a target.
   *
   * @param substitutes of the same target, with those that opening has found
   */
  public ObjectStore(BackupTarget target, MasterKey key, Substitutes substitutes) {
    this.target = target;
    this.key = key;
    this.substitutes = substitutes;
  }

  /** The earlier versions that stand in for objects which are not what they were. */
  public Substitutes substitutes() {
    return substitutes;
  }

  /** Opens a range of an object, or of the version that stands in for it, as a target does. */
  public InputStream open(ObjectKind kind, Sha256 id, ByteRange range) throws IOException {
    return substitutes.read(kind.key(id), range);
  }

  public BackupTarget target() {
    return target;
  }

  /** A sealer for one thread. */
  public Sealer sealer() {
    return new Sealer(key);
  }

  /** Names an object and its place, for messages. */
  public String describe(ObjectKind kind, Sha256 id) {
    return kind.key(id) + " in " + target.description();
  }

  /** The objects of a kind. What does not belong to the format is left out. */
  public Cursor<StoredObject> list(ObjectKind kind) throws IOException {
    Cursor<ObjectInfo> all = target.list(kind.prefix());
    return new Cursor<>() {
      @Override
      public @Nullable StoredObject next() throws IOException {
        for (ObjectInfo each = all.next(); each != null; each = all.next()) {
          Optional<Sha256> id = kind.id(each.key());
          if (id.isPresent()) {
            return new StoredObject(id.get(), each.size(), each.modified(), each.retainedUntil());
          }
        }
        return null;
      }

      @Override
      public void close() throws IOException {
        all.close();
      }
    };
  }

  /** The ids of the objects of a kind; for kinds of which there are not too many to remember. */
  public Set<Sha256> ids(ObjectKind kind) throws IOException {
    Set<Sha256> ids = new HashSet<>();
    try (Cursor<StoredObject> all = list(kind)) {
      for (StoredObject each = all.next(); each != null; each = all.next()) {
        ids.add(each.id());
      }
    }
    return ids;
  }

  /** Whether an object is there, by asking for it alone. */
  public boolean exists(ObjectKind kind, Sha256 id) throws IOException {
    ObjectKey key = kind.key(id);
    try (Cursor<ObjectInfo> found = target.list(key.value())) {
      ObjectInfo first = found.next();
      return first != null && first.key().equals(key);
    }
  }

  /**
   * The plaintext of an index, snapshot or lock file.
   *
   * @throws BackupException {@code DAMAGED} if it does not match its name or does not authenticate;
   *     {@code NOT_FOUND}
   */
  public byte[] read(ObjectKind kind, Sha256 id) throws IOException {
    try {
      return readNow(kind, id);
    } catch (BackupException failure) {
      // What is gone was removed since it was listed.
      if (failure.kind() == Kind.DAMAGED && substitutes.find(kind, id)) {
        return readNow(kind, id);
      }
      throw failure;
    }
  }

  private byte[] readNow(ObjectKind kind, Sha256 id) throws IOException {
    byte[] stored = readWhole(kind.key(id), kind.maxSize());
    if (!Sha256.hash(stored).equals(id)) {
      throw damaged(kind, id, "its content does not match its name", null);
    }
    try {
      return Unpacked.decode(sealer().open(stored));
    } catch (DamagedContainerException | FormatException broken) {
      throw damaged(kind, id, broken.getMessage(), broken);
    }
  }

  /** Seals and stores an index, snapshot or lock file; durable on return. */
  public Sha256 write(ObjectKind kind, byte[] plain, Retention retention) throws IOException {
    SealedFile sealed = seal(plain);
    put(kind, sealed.id(), Content.of(sealed.bytes()), retention);
    return sealed.id();
  }

  /** The same without retention. */
  public Sha256 write(ObjectKind kind, byte[] plain) throws IOException {
    return write(kind, plain, Retention.NONE);
  }

  /** Seals an index, snapshot or lock file. */
  public SealedFile seal(byte[] plain) {
    byte[] stored = sealer().seal(Unpacked.encode(plain));
    return new SealedFile(Sha256.hash(stored), stored);
  }

  /** Stores what was sealed, without retention; durable on return. */
  public void put(ObjectKind kind, SealedFile sealed) throws IOException {
    put(kind, sealed.id(), Content.of(sealed.bytes()), Retention.NONE);
  }

  /** Stores an object as it is; durable on return. */
  public void put(ObjectKind kind, Sha256 id, Content content, Retention retention)
      throws IOException {
    put(kind.key(id), content, retention);
    retention.until().ifPresent(until -> retained.note(id, until));
  }

  /** Stores an object by its key; durable on return. */
  public void put(ObjectKey key, Content content, Retention retention) throws IOException {
    boolean data = key.value().startsWith(ObjectKind.PACK.prefix());
    target.put(key, content, retention.on(data ? PutOptions.DATA : PutOptions.METADATA));
  }

  /**
   * Makes the version the current one again that stands in for an object, if one does. Where a
   * store keeps versions, nothing has to go for that.
   */
  public boolean putBack(ObjectKey key, Retention retention) throws IOException {
    Optional<Content> right = substitutes.content(key);
    if (right.isEmpty()) {
      return false;
    }
    put(key, right.get(), retention);
    substitutes.notePutBack(key);
    return true;
  }

  /** What this process knows of the retention of objects, by their names. */
  public RetainedObjects retained() {
    return retained;
  }

  /**
   * Until when the store refuses to delete an object. Where the listing did not tell and the store
   * keeps versions, it is asked: one request.
   */
  public Optional<Instant> retainedUntil(ObjectKind kind, StoredObject object) throws IOException {
    if (object.retainedUntil().isPresent()
        || !(target instanceof VersionedTarget versioned)
        || !target.capabilities().contains(Capability.RETENTION)) {
      return object.retainedUntil();
    }
    Optional<Instant> longest = Optional.empty();
    for (ObjectVersion each : versioned.versions(kind.key(object.id()))) {
      if (longest.isEmpty() || each.retainedUntil().filter(longest.get()::isBefore).isPresent()) {
        longest = each.retainedUntil();
      }
    }
    return longest;
  }

  /**
   * Makes sure that the store can retain, if that is asked.
   *
   * @throws BackupException {@code UNSUPPORTED} if it cannot
   */
  public static void requireRetention(BackupTarget target, Optional<Duration> retainFor)
      throws IOException {
    if (retainFor.isPresent() && !target.capabilities().contains(Capability.RETENTION)) {
      throw new BackupException(
          Kind.UNSUPPORTED,
          target.description()
              + " cannot retain anything, and what is written there shall be retained for "
              + retainFor.get()
              + ": nothing was written. Take a bucket with object lock, or leave retainFor out"
              + " of the options");
    }
  }

  /** Removes objects; returns those that remain, with the reasons. */
  public Map<ObjectKey, BackupException> delete(ObjectKind kind, Collection<Sha256> ids)
      throws IOException {
    return target.delete(ids.stream().map(kind::key).toList());
  }

  /** Removes one object and fails if it remains. */
  public void delete(ObjectKind kind, Sha256 id) throws IOException {
    for (BackupException reason : delete(kind, List.of(id)).values()) {
      throw reason;
    }
  }

  /** An error that names the object. */
  public BackupException damaged(
      ObjectKind kind, Sha256 id, @Nullable String what, @Nullable Throwable cause) {
    return new BackupException(
        Kind.DAMAGED,
        describe(kind, id)
            + " is damaged: "
            + what
            + ". Restore the object from a replica if there"
            + " is one; what does not depend on it can still be read",
        cause);
  }

  /**
   * Reads a whole small object, or the version that stands in for it.
   *
   * @throws BackupException {@code DAMAGED} if it is larger than {@code max}
   */
  public byte[] readWhole(ObjectKey key, int max) throws IOException {
    return readWhole(target, substitutes, key, max);
  }

  /** The same, where there is no key yet. */
  public static byte[] readWhole(
      BackupTarget target, Substitutes substitutes, ObjectKey key, int max) throws IOException {
    try (InputStream in = substitutes.read(key, ByteRange.ALL)) {
      byte[] bytes = in.readNBytes(max + 1);
      if (bytes.length > max) {
        throw new BackupException(
            Kind.DAMAGED,
            key
                + " in "
                + target.description()
                + " has more than "
                + max
                + " bytes, which no"
                + " object of its kind has");
      }
      return bytes;
    }
  }
}
