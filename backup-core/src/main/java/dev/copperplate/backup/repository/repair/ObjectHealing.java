package dev.copperplate.backup.repository.repair;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Content;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.ObjectInfo;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.repository.storage.ObjectStore;
import dev.copperplate.backup.repository.storage.Retention;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes objects from replicas as they are: from those that have the same key, and so the same
 * objects. What was fetched is compared with its name before anything here is touched.
 *
 * <p>A key is never written with other bytes than it has, so the damaged object goes first. Nobody
 * would miss a snapshot after that; therefore the whole copy is stored beside the repository
 * before, where the next repair finds it.
 */
public final class ObjectHealing {

  private static final String ASIDE = "copperplate/healing/";
  private static final Logger LOG = LoggerFactory.getLogger(ObjectHealing.class);

  private final Healing healing;
  private final Path scratch;

  /**
   * @param scratch a directory for one object at a time
   */
  public ObjectHealing(Healing healing, Path scratch) {
    this.healing = healing;
    this.scratch = scratch;
  }

  /**
   * Replaces a damaged or missing object; false if no replica has it whole, and if it is itself
   * what its name says: what is wrong with it was wrong when it was written, and is so everywhere.
   */
  public boolean heal(ObjectKind kind, Sha256 id) throws IOException {
    if (isWhole(kind, id)) {
      return false;
    }
    for (Replica each : healing.replicas()) {
      Path copy = Files.createTempFile(scratch, "object", "");
      try {
        if (fetch(each.store().target(), kind.key(id), id, copy)) {
          return replace(each, kind, id, copy);
        }
      } finally {
        Files.deleteIfExists(copy);
      }
    }
    return false;
  }

  private boolean isWhole(ObjectKind kind, Sha256 id) throws IOException {
    Path copy = Files.createTempFile(scratch, "object", "");
    try {
      return fetch(healing.store().target(), kind.key(id), id, copy);
    } catch (BackupException unreadable) {
      // As where a disk has lost a part of it.
      return false;
    } finally {
      Files.deleteIfExists(copy);
    }
  }

  private static boolean fetch(BackupTarget from, ObjectKey key, Sha256 id, Path to)
      throws IOException {
    MessageDigest digest = sha256();
    try (InputStream in = from.read(key, ByteRange.ALL);
        OutputStream out = new DigestOutputStream(Files.newOutputStream(to), digest)) {
      in.transferTo(out);
    } catch (BackupException failure) {
      if (failure.kind() == Kind.NOT_FOUND || failure.kind() == Kind.DAMAGED) {
        return false;
      }
      throw failure;
    }
    return Sha256.of(digest.digest()).equals(id);
  }

  private boolean replace(Replica from, ObjectKind kind, Sha256 id, Path copy) throws IOException {
    String name = kind.key(id).value();
    try {
      if (!healing.dryRun()) {
        healing.store().put(aside(kind.key(id)), Stored.of(copy), Retention.NONE);
        healing.store().delete(kind, id);
        healing.store().put(kind, id, Stored.of(copy), healing.retention());
        remove(aside(kind.key(id)));
      }
    } catch (BackupException refused) {
      if (refused.kind() != Kind.RETAINED && refused.kind() != Kind.DENIED) {
        throw refused;
      }
      healing
          .findings()
          .error(
              name,
              "is damaged, and the store does not let it be replaced: " + refused.getMessage(),
              "Repair with a credential that may delete, or when the retention has ended");
      return false;
    }
    healing.objects().incrementAndGet();
    healing.done(name, "taken from " + from.name());
    return true;
  }

  private static ObjectKey aside(ObjectKey key) {
    return new ObjectKey(ASIDE + key);
  }

  /** What remains is looked at by the next repair, which does not need it. */
  private void remove(ObjectKey aside) throws IOException {
    healing
        .store()
        .target()
        .delete(List.of(aside))
        .forEach((key, reason) -> LOG.info("{} stays: {}", key, reason.getMessage()));
  }

  /**
   * Removes what a repair that was killed may have left of objects that are about to go for good:
   * the next one would put them back. Returns what remains.
   */
  public static Map<ObjectKey, BackupException> forget(
      ObjectStore store, ObjectKind kind, Collection<Sha256> ids) throws IOException {
    List<ObjectKey> left = left(store, ASIDE + kind.prefix());
    left.retainAll(ids.stream().map(each -> aside(kind.key(each))).collect(Collectors.toSet()));
    return left.isEmpty() ? Map.of() : store.target().delete(left);
  }

  private static List<ObjectKey> left(ObjectStore store, String prefix) throws IOException {
    List<ObjectKey> left = new ArrayList<>();
    try (Cursor<ObjectInfo> all = store.target().list(prefix)) {
      for (ObjectInfo each = all.next(); each != null; each = all.next()) {
        left.add(each.key());
      }
    }
    return left;
  }

  /**
   * Makes those versions the current ones again that stand in for what is damaged or gone. Whoever
   * finds them has compared them with their names, or authenticated them.
   */
  public void putBack() throws IOException {
    for (ObjectKey each : healing.store().substitutes().keys()) {
      if (healing.dryRun() || healing.store().putBack(each, healing.retention())) {
        healing.objects().incrementAndGet();
        healing.done(each.value(), "put back from an earlier version");
      }
    }
  }

  /** Finishes what an earlier repair was killed at. */
  public void resume() throws IOException {
    for (ObjectKey each : left(healing.store(), ASIDE)) {
      ObjectKey place = new ObjectKey(each.value().substring(ASIDE.length()));
      for (ObjectKind kind : ObjectKind.values()) {
        Optional<Sha256> id =
            place.value().startsWith(kind.prefix()) ? kind.id(place) : Optional.empty();
        if (id.isPresent() && !healing.dryRun()) {
          resume(each, kind, id.get());
        }
      }
    }
  }

  private void resume(ObjectKey aside, ObjectKind kind, Sha256 id) throws IOException {
    Path copy = Files.createTempFile(scratch, "object", "");
    try {
      if (!healing.store().exists(kind, id) && fetch(healing.store().target(), aside, id, copy)) {
        healing.store().put(kind, id, Stored.of(copy), healing.retention());
        healing.objects().incrementAndGet();
        healing.done(kind.key(id).value(), "put back, as an earlier repair had begun");
      }
      remove(aside);
    } finally {
      Files.deleteIfExists(copy);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("Every JDK has SHA-256", impossible);
    }
  }

  private record Stored(Path file, long length) implements Content {
    static Stored of(Path file) throws IOException {
      return new Stored(file, Files.size(file));
    }

    @Override
    public InputStream open() throws IOException {
      return Files.newInputStream(file);
    }
  }
}
