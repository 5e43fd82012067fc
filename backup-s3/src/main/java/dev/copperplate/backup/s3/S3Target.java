package dev.copperplate.backup.s3;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Capability;
import dev.copperplate.backup.Content;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.ObjectInfo;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.ObjectVersion;
import dev.copperplate.backup.PutOptions;
import dev.copperplate.backup.VersionedTarget;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * A bucket, or a part of one, of any store that speaks the S3 protocol.
 *
 * <p>Objects lie at the keys that restic uses, so that stock restic reads the repository. Each is
 * put by one request. Nothing is repeated here: the engine repeats what fails for a passing reason,
 * and a client that is built here does not. A thread that is interrupted ends its request at once,
 * with a client that was built here; with one of the host, no later than that client's own
 * time-outs.
 *
 * <p>In a bucket with versions, deleting an object deletes all its versions, or none that is
 * retained. What the store does of itself is asked and tried once, and partly remembered below
 * {@code copperplate/store/} in the bucket.
 *
 * <p>Thread-safe. A request takes its connection from the client's pool and gives it back when its
 * answer is closed.
 */
public final class S3Target implements VersionedTarget {

  private static final int MOST_VERSIONS = 1000;

  private final S3Client client;
  private final boolean ours;
  private final S3Settings settings;
  private final S3Failures failures;
  private final S3Requests requests;
  private final S3Upload upload;
  private final S3Download download;
  private final S3Versions versions;
  private final S3Retention retention;
  private final BucketQuestions questions;
  private final StoreFacts facts;

  S3Target(S3Client client, boolean ours, S3Settings settings, RequestRate rate) {
    this.client = client;
    this.ours = ours;
    this.settings = settings;
    this.failures = new S3Failures(settings.location().toString());
    this.requests = new S3Requests(failures, rate);
    this.upload = new S3Upload(client, requests, settings);
    this.download = new S3Download(client, requests, failures, settings);
    this.versions = new S3Versions(client, requests, settings);
    this.retention = new S3Retention(client, requests, settings, versions);
    this.questions = new BucketQuestions(client, requests, settings);
    String place = settings.location().toString();
    this.facts =
        new StoreFacts(
            place,
            questions,
            new StoreMemory(place, upload, download),
            new StoreTrials(place, upload, versions, this::delete));
  }

  /**
   * A whole bucket by the host's client, which stays the host's and is not closed. Nothing is asked
   * of the store yet.
   */
  public static S3Target of(S3Client client, String bucket) {
    return builder(S3Location.of(bucket)).client(client).build();
  }

  /** For all that can be chosen. */
  public static S3TargetBuilder builder(S3Location location) {
    return new S3TargetBuilder(location);
  }

  /** Such as {@code s3://orders-backup/prod}. */
  @Override
  public String description() {
    return settings.location().toString();
  }

  /**
   * What the bucket was found to enforce when it was first asked.
   *
   * <p>The first time that anybody asks about a repository it is tried with some objects of one
   * byte, of which one may stay locked for a minute.
   */
  @Override
  public Set<Capability> capabilities() throws IOException {
    return facts.capabilities(settings.dataClass().isPresent());
  }

  /** The same, tried again whatever is remembered. */
  Set<Capability> triedCapabilities() throws IOException {
    facts.tryAgain();
    return capabilities();
  }

  /** How far the store's clock is before ours. */
  Duration storeAhead() throws IOException {
    return facts.bucket().ahead();
  }

  /** The settings of the bucket. */
  BucketView view() {
    return new BucketView(client, requests, settings.location(), questions);
  }

  /**
   * All keys with their versions.
   *
   * @throws BackupException {@code UNSUPPORTED} if the bucket never kept any
   */
  ObjectHistories histories(Instant since) throws IOException {
    if (!facts.bucket().history()) {
      throw new BackupException(
          Kind.UNSUPPORTED, description() + " never kept versions: there is nothing to go back to");
    }
    return new ObjectHistories(client, requests, settings, since);
  }

  /** Visits all versions and marks. */
  void visitVersions(S3Versions.Visitor visitor) throws IOException {
    versions.visitAll("Listing of all versions in " + description(), visitor);
  }

  RecoveryChanges changes() {
    return new RecoveryChanges(client, requests, settings, retention);
  }

  /** Deletes versions and marks of objects; returns what remains. */
  Map<ObjectKey, BackupException> deleteVersions(Map<ObjectKey, List<String>> ids)
      throws IOException {
    String doing = "Delete of versions of " + ids.size() + " objects from " + description();
    return new S3Deletion(client, requests, settings, failures, retention, doing).delete(ids);
  }

  /** Deletes an object by its name alone; in a bucket with versions, its mark goes again. */
  void deleteName(ObjectKey key) throws IOException {
    String doing = "Delete of " + key + " from " + description();
    new S3Deletion(client, requests, settings, failures, retention, doing).deleteName(key);
  }

  @Override
  public void put(ObjectKey key, Content content, PutOptions options) throws IOException {
    String doing = "Put of " + key + " to " + description();
    if (options.ifAbsent() && !facts.heedsAbsence()) {
      throw new BackupException(
          Kind.UNSUPPORTED, doing + " refused: the store does not heed that an object be absent");
    }
    if (options.retainUntil().isPresent()) {
      requireRetention(doing, options.retainUntil().get());
    }
    upload.put(doing, key, content, options);
  }

  private void requireRetention(String doing, Instant until) throws IOException {
    if (until.isAfter(S3Retention.LATEST)) {
      throw new BackupException(
          Kind.INVALID,
          doing
              + " refused: until "
              + until
              + " is too long. There are stores that take what lies behind "
              + S3Retention.LATEST
              + " for the past, and keep nothing");
    }
    if (!facts.keepsLocked()) {
      throw new BackupException(
          Kind.UNSUPPORTED,
          doing
              + " refused: the bucket has no Object Lock, or the store does not heed it. Choose one"
              + " that was made with it, or ask for no retention");
    }
  }

  @Override
  public InputStream read(ObjectKey key, ByteRange range) throws IOException {
    return download.open("Read of " + key + " from " + description(), key, null, range);
  }

  @Override
  public InputStream read(ObjectKey key, ObjectVersion version, ByteRange range)
      throws IOException {
    return readVersion(key, version.id(), range);
  }

  /** One version by its id. */
  InputStream readVersion(ObjectKey key, String version, ByteRange range) throws IOException {
    String doing = "Read of version " + version + " of " + key + " from " + description();
    return download.open(doing, key, version, range);
  }

  /** In the order of keys, a thousand with a request; nothing is read ahead. */
  @Override
  public Cursor<ObjectInfo> list(String prefix) throws IOException {
    String doing = "Listing of " + prefix + "* in " + description();
    return new S3Listing(client, requests, settings, doing, prefix).turn();
  }

  /**
   * At most the thousand oldest, so that whoever floods a key with versions fills no memory; of the
   * ten oldest it is asked until when they are kept.
   */
  @Override
  public List<ObjectVersion> versions(ObjectKey key) throws IOException {
    String doing = "Listing of the versions of " + key + " in " + description();
    List<ObjectVersion> found = new ArrayList<>();
    for (software.amazon.awssdk.services.s3.model.ObjectVersion each :
        versions.oldest(doing, List.of(key), MOST_VERSIONS).getOrDefault(key, new ArrayDeque<>())) {
      boolean ask = facts.bucket().locks() && found.size() < S3Retention.MOST_VERSIONS;
      Optional<Instant> until =
          ask ? retention.until(doing, key, each.versionId()) : Optional.empty();
      found.add(new ObjectVersion(each.versionId(), each.lastModified(), until));
    }
    return found;
  }

  @Override
  public Map<ObjectKey, BackupException> delete(Collection<ObjectKey> keys) throws IOException {
    if (keys.isEmpty()) {
      return Map.of();
    }
    String doing = "Delete of " + keys.size() + " objects from " + description();
    S3Deletion deletion = new S3Deletion(client, requests, settings, failures, retention, doing);
    return facts.bucket().history() ? deletion.delete(keys, versions) : deletion.delete(keys);
  }

  /** Prolongs all versions of the objects, or the ten oldest: the current one may be junk. */
  @Override
  public void retain(Collection<ObjectKey> keys, Instant until) throws IOException {
    String doing = "Retaining " + keys.size() + " objects in " + description();
    requireRetention(doing, until);
    retention.prolong(doing, keys, until);
  }

  /** Closes the client if it was built here, which ends what other threads are asking. */
  @Override
  public void close() {
    requests.close();
    if (ours) {
      client.close();
    }
  }
}
