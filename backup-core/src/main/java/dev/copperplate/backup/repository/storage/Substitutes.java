package dev.copperplate.backup.repository.storage;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Content;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Finding.Severity;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.ObjectVersion;
import dev.copperplate.backup.VersionedTarget;
import dev.copperplate.backup.repository.format.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The earlier versions that stand in for objects which are not what they were, in a store that
 * keeps versions. They are looked for only after something went wrong, and remembered as long as
 * the process lives. In a store without versions there are none. Thread-safe.
 */
public final class Substitutes {

  /**
   * So many versions of an object are looked at, the oldest first: what its writer stored is there,
   * however often somebody has written over it.
   */
  static final int MAX_VERSIONS = 100;

  /** Where nothing was found, nothing is looked for again so soon. */
  private static final Duration PAUSE = Duration.ofMinutes(5);

  private static final int MOST_LOOKED = 10_000;
  private static final List<String> FOR_ALL = List.of("config", "keys/", "index/");
  private static final Logger LOG = LoggerFactory.getLogger(Substitutes.class);

  /** Tells what a version holds. */
  @FunctionalInterface
  public interface Opening<T> {
    /**
     * Opens.
     *
     * @throws BackupException {@code DAMAGED} if it is not the right one
     */
    T open(byte[] stored) throws IOException;
  }

  private static final class Substitute {
    private final ObjectVersion version;
    private final String problem;
    private long met;
    private boolean putBack;

    Substitute(ObjectVersion version, String problem) {
      this.version = version;
      this.problem = problem;
    }
  }

  private final BackupTarget target;
  private final Map<ObjectKey, Substitute> found = new LinkedHashMap<>();
  private final Map<ObjectKey, Long> looked = new LinkedHashMap<>();
  private final Object search = new Object();
  private final AtomicBoolean refusal = new AtomicBoolean();
  private long meetings;

  public Substitutes(BackupTarget target) {
    this.target = target;
  }

  /** Reads an object, or the version that stands in for it, as a target does. */
  public InputStream read(ObjectKey key, ByteRange range) throws IOException {
    ObjectVersion version = meet(key);
    if (version != null && target instanceof VersionedTarget versioned) {
      try {
        return versioned.read(key, version, range);
      } catch (BackupException failure) {
        if (failure.kind() != Kind.NOT_FOUND) {
          throw failure;
        }
        forget(key);
      }
    }
    return target.read(key, range);
  }

  /** Whether another version stands in for an object. */
  public synchronized boolean has(ObjectKey key) {
    return standIn(key) != null;
  }

  private synchronized @Nullable Substitute standIn(ObjectKey key) {
    Substitute substitute = found.get(key);
    return substitute == null || substitute.putBack ? null : substitute;
  }

  /** The objects for which other versions stand in. */
  public synchronized List<ObjectKey> keys() {
    return found.keySet().stream().filter(this::has).toList();
  }

  /** The content of the version that stands in for an object; empty if none does. */
  public Optional<Content> content(ObjectKey key) throws IOException {
    Substitute substitute = standIn(key);
    if (substitute == null || !(target instanceof VersionedTarget versioned)) {
      return Optional.empty();
    }
    ObjectVersion version = substitute.version;
    try (InputStream in = versioned.read(key, version, ByteRange.ALL)) {
      long length = in.transferTo(OutputStream.nullOutputStream());
      return Optional.of(
          new Content() {
            @Override
            public long length() {
              return length;
            }

            @Override
            public InputStream open() throws IOException {
              return versioned.read(key, version, ByteRange.ALL);
            }
          });
    }
  }

  /** Notes that the current version of an object has the content again of what stood in for it. */
  public synchronized void notePutBack(ObjectKey key) {
    Substitute substitute = found.get(key);
    if (substitute != null) {
      substitute.putBack = true;
      substitute.met = ++meetings;
    }
    looked.remove(key);
  }

  private synchronized void forget(ObjectKey key) {
    found.remove(key);
    looked.remove(key);
  }

  /**
   * Looks for the version of an object whose content its name tells, because something is wrong
   * with what was read.
   *
   * @return whether reading again may help: false if there is no such version, and if it is the
   *     current one
   */
  public boolean find(ObjectKind kind, Sha256 id) throws IOException {
    ObjectKey key = kind.key(id);
    if (!(target instanceof VersionedTarget versioned) || kind == ObjectKind.LOCK) {
      return false;
    }
    synchronized (search) {
      return has(key) || !isLooked(key) && find(versioned, key, id);
    }
  }

  private boolean find(VersionedTarget versioned, ObjectKey key, Sha256 id) throws IOException {
    Optional<Sha256> current = hash(() -> target.read(key, ByteRange.ALL));
    if (current.isEmpty() || !current.get().equals(id)) {
      for (ObjectVersion each : versions(key)) {
        if (hash(() -> versioned.read(key, each, ByteRange.ALL)).filter(id::equals).isPresent()) {
          use(key, each, current.isEmpty() ? "is gone" : "is not what its name says");
          return true;
        }
      }
    }
    note(key);
    return false;
  }

  /** Opens the oldest version of an object that can be opened, which then stands in for it. */
  public <T> Optional<T> oldest(ObjectKey key, int max, Opening<T> opening) throws IOException {
    for (ObjectVersion each : versions(key)) {
      Optional<T> opened = open(key, each, max, opening);
      if (opened.isPresent()) {
        use(key, each, "cannot be authenticated");
        return opened;
      }
    }
    return Optional.empty();
  }

  /** Opens a version; empty if it is not what it should be, or has gone. */
  public <T> Optional<T> open(ObjectKey key, ObjectVersion version, int max, Opening<T> opening)
      throws IOException {
    if (!(target instanceof VersionedTarget versioned)) {
      return Optional.empty();
    }
    try (InputStream in = versioned.read(key, version, ByteRange.ALL)) {
      byte[] stored = in.readNBytes(max + 1);
      return stored.length > max ? Optional.empty() : Optional.of(opening.open(stored));
    } catch (BackupException refused) {
      if (refused.kind() != Kind.DAMAGED && refused.kind() != Kind.NOT_FOUND) {
        throw refused;
      }
      return Optional.empty();
    }
  }

  /** The versions of an object, oldest first; none if the store keeps none, or tells of none. */
  public List<ObjectVersion> versions(ObjectKey key) throws IOException {
    if (!(target instanceof VersionedTarget versioned)) {
      return List.of();
    }
    try {
      List<ObjectVersion> all = versioned.versions(key);
      return all.subList(0, Math.min(MAX_VERSIONS, all.size()));
    } catch (BackupException refused) {
      if (refused.kind() != Kind.DENIED && refused.kind() != Kind.UNSUPPORTED) {
        throw refused;
      }
      if (refusal.compareAndSet(false, true)) {
        LOG.warn("Earlier versions, as of {}, cannot be looked for", key, refused);
      }
      return List.of();
    }
  }

  /**
   * Lets a version stand in for an object.
   *
   * @param problem what is wrong with the current one: what follows its name in a sentence
   */
  public void use(ObjectKey key, ObjectVersion version, String problem) {
    LOG.warn("{} in {} {}: version {} is read", key, target.description(), problem, version.id());
    synchronized (this) {
      Substitute substitute = new Substitute(version, problem);
      substitute.met = ++meetings;
      found.put(key, substitute);
    }
  }

  /** A moment, for {@link #findings}. */
  public synchronized long now() {
    return meetings;
  }

  /** Notes that what an object says is relied on, though it was read before. */
  public synchronized @Nullable ObjectVersion meet(ObjectKey key) {
    Substitute substitute = standIn(key);
    if (substitute == null) {
      return null;
    }
    substitute.met = ++meetings;
    return substitute.version;
  }

  /**
   * Names the objects for which another version was read since a moment, and those on which
   * everything relies.
   */
  public synchronized List<Finding> findings(long since, Severity severity) {
    List<Finding> findings = new ArrayList<>();
    found.forEach(
        (key, substitute) -> {
          boolean forAll = has(key) && FOR_ALL.stream().anyMatch(key.value()::startsWith);
          if (substitute.met > since || forAll) {
            findings.add(finding(key, substitute, severity));
          }
        });
    return findings;
  }

  private static Finding finding(ObjectKey key, Substitute substitute, Severity severity) {
    ObjectVersion version = substitute.version;
    String retained = version.retainedUntil().map(until -> ", retained until " + until).orElse("");
    return new Finding(
        severity,
        key.value(),
        "Its current version "
            + substitute.problem
            + "; version "
            + version.id()
            + " of "
            + version.modified()
            + retained
            + (substitute.putBack ? " was put back" : " was read instead"),
        substitute.putBack
            ? "Look who can write into the store"
            : "Look who can write into the store, and make that version the current one again, by"
                + " a repair or with the store's own tools, before it goes");
  }

  private synchronized boolean isLooked(ObjectKey key) {
    Long at = looked.get(key);
    return at != null && System.nanoTime() - at < PAUSE.toNanos();
  }

  private synchronized void note(ObjectKey key) {
    if (looked.size() >= MOST_LOOKED) {
      looked.clear();
    }
    looked.put(key, System.nanoTime());
  }

  /** How content is opened. */
  @FunctionalInterface
  private interface Source {
    InputStream open() throws IOException;
  }

  /** Empty if it is not there, or cannot be read to its end. */
  private static Optional<Sha256> hash(Source source) throws IOException {
    MessageDigest digest = sha256();
    try (InputStream in = new DigestInputStream(source.open(), digest)) {
      in.transferTo(OutputStream.nullOutputStream());
      return Optional.of(Sha256.of(digest.digest()));
    } catch (BackupException failure) {
      if (failure.kind() != Kind.NOT_FOUND && failure.kind() != Kind.DAMAGED) {
        throw failure;
      }
      return Optional.empty();
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("Every JDK has SHA-256", impossible);
    }
  }
}
