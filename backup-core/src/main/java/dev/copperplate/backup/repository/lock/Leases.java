package dev.copperplate.backup.repository.lock;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.records.RecordKey;
import dev.copperplate.backup.records.RecordKind;
import dev.copperplate.backup.records.RecordStore;
import dev.copperplate.backup.repository.format.FormatException;
import dev.copperplate.backup.repository.format.JsonInput;
import dev.copperplate.backup.repository.format.JsonOutput;
import dev.copperplate.backup.repository.format.Timestamps;
import dev.copperplate.backup.repository.storage.ObjectStore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leases of this library's processes, beside the repository. Of two who each put a lease and then
 * look, at least one sees the other's, on a store that lists what was put. Thread-safe.
 */
public final class Leases {

  private static final Logger LOG = LoggerFactory.getLogger(Leases.class);

  private final RecordStore records;
  private final ObjectStore store;

  public Leases(RecordStore records, ObjectStore store) {
    this.records = records;
    this.store = store;
  }

  /** Puts a lease under a lock; durable on return. */
  public Lease put(LeaseKind kind, String subject, RepositoryLock lock, Instant at)
      throws IOException {
    return put(kind, subject, lock, at, Duration.ZERO);
  }

  /**
   * The same, for a lease whose end others wait for.
   *
   * @param longest how long they do at most
   */
  public Lease put(
      LeaseKind kind, String subject, RepositoryLock lock, Instant at, Duration longest)
      throws IOException {
    String body =
        new JsonOutput()
            .beginObject()
            .field("kind")
            .string(kind.word())
            .field("subject")
            .string(subject)
            .field("holder")
            .string(lock.holder())
            .field("at")
            .time(at)
            .optional("millis", longest.toMillis())
            .endObject()
            .text();
    RecordKey key = records.write(RecordKind.LEASE, kind.word(), at, body, null);
    return new Lease(key, kind, subject, lock.holder(), at, longest);
  }

  /** Takes a lease back. A failure is logged: the lease ends with its lock, too. */
  public void remove(Collection<Lease> leases) {
    if (leases.isEmpty()) {
      return;
    }
    boolean interrupted = Thread.interrupted();
    try {
      records
          .delete(leases.stream().map(Lease::key).toList())
          .forEach((key, reason) -> LOG.warn("The lease {} could not be removed", key, reason));
    } catch (IOException | RuntimeException failure) {
      LOG.warn("Leases could not be removed; they end with their lock", failure);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * The leases of a kind whose locks are there, and their processes not known to be dead; one
   * listing if there is none.
   */
  public List<Lease> live(LeaseKind kind) throws IOException {
    List<RecordKey> keys = records.keys(RecordKind.LEASE, kind.word());
    if (keys.isEmpty()) {
      return List.of();
    }
    List<Lease> leases = new ArrayList<>();
    for (RecordKey key : keys) {
      read(kind, key).ifPresent(leases::add);
    }
    Set<String> holders = holders(leases);
    leases.removeIf(each -> !holders.contains(each.holder()));
    return leases;
  }

  /** The holders of locks, looked for once more if one of these leases seems to have none. */
  private Set<String> holders(Collection<Lease> leases) throws IOException {
    Set<String> holders = RepositoryLock.holders(store);
    if (leases.stream().anyMatch(each -> !holders.contains(each.holder()))) {
      // A lock that was just being renewed may have been missed under either name.
      holders.addAll(RepositoryLock.holders(store));
    }
    return holders;
  }

  /** Removes the leases whose locks are not there any more; returns how many. */
  public int removeDead() throws IOException {
    // In this order: a lease that is put now has a lock that is listed then.
    SortedMap<String, List<RecordKey>> all = records.keys(RecordKind.LEASE);
    if (all.isEmpty()) {
      return 0;
    }
    List<Lease> dead = new ArrayList<>();
    for (LeaseKind kind : LeaseKind.values()) {
      for (RecordKey key : all.getOrDefault(kind.word(), List.of())) {
        read(kind, key).ifPresent(dead::add);
      }
    }
    Set<String> holders = holders(dead);
    dead.removeIf(each -> holders.contains(each.holder()));
    remove(dead);
    return dead.size();
  }

  /** Empty if it has gone, or is refused. */
  private Optional<Lease> read(LeaseKind kind, RecordKey key) throws IOException {
    try {
      return Optional.of(records.read(key, record -> decode(key, kind, record.utf8())));
    } catch (BackupException refused) {
      // Whoever has only the store must not be able to hold anybody up.
      if (refused.kind() != Kind.DAMAGED && refused.kind() != Kind.NOT_FOUND) {
        throw refused;
      }
      LOG.debug("A lease is passed over: {}", refused.getMessage());
      return Optional.empty();
    }
  }

  static Lease decode(RecordKey key, LeaseKind kind, byte[] json) throws FormatException {
    String subject = "";
    String holder = "";
    Instant at = Timestamps.UNKNOWN;
    long millis = 0;
    try (JsonInput in = new JsonInput(json)) {
      in.beginObject();
      for (String field = in.nextField(); field != null; field = in.nextField()) {
        switch (field) {
          case "subject" -> subject = in.string(field);
          case "holder" -> holder = in.string(field);
          case "at" -> at = in.time(field);
          case "millis" -> millis = in.uint32(field);
          default -> in.skip();
        }
      }
      in.end();
    }
    return new Lease(key, kind, subject, holder, at, Duration.ofMillis(millis));
  }
}
