package dev.copperplate.backup.testkit.s3;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The buckets of a server. Thread-safe. */
final class Store {

  /** The account that owns every bucket. */
  static final String ACCOUNT = "123456789012";

  /** The canonical id of that account. */
  static final String OWNER = "75aa57f09aa0c8caeab4f8c24e99d10f8e7faeebf76c078efc7c6caea54ba06a";

  private final String region;
  private final InstantSource clock;
  private final Set<Oddity> oddities;
  private final ListingLag lag;
  private final ConcurrentSkipListMap<String, Bucket> buckets = new ConcurrentSkipListMap<>();
  private final AtomicLong sequence = new AtomicLong();

  Store(String region, InstantSource clock, Set<Oddity> oddities, ListingLag lag) {
    this.region = region;
    this.clock = clock;
    this.oddities = Set.copyOf(oddities);
    this.lag = lag;
  }

  String region() {
    return region;
  }

  Instant now() {
    return clock.instant();
  }

  boolean has(Oddity oddity) {
    return oddities.contains(oddity);
  }

  Collection<Bucket> buckets() {
    return buckets.values();
  }

  /** Returns the bucket that has the name already, or null: then this one has it now. */
  @Nullable Bucket create(Bucket bucket) {
    return buckets.putIfAbsent(bucket.name(), bucket);
  }

  void remove(Bucket bucket) {
    buckets.remove(bucket.name(), bucket);
  }

  /** Null for none. */
  @Nullable Bucket find(String name) {
    return buckets.get(name);
  }

  /** The bucket of a name, if it is in the region of this server. */
  Bucket bucket(String name) {
    Bucket bucket = buckets.get(name);
    if (bucket == null) {
      throw S3Error.noSuchBucket(name);
    }
    if (!bucket.region().equals(region)) {
      throw elsewhere(bucket);
    }
    return bucket;
  }

  /** The bucket of a name, wherever it is. */
  Bucket anywhere(String name) {
    Bucket bucket = buckets.get(name);
    if (bucket == null) {
      throw S3Error.noSuchBucket(name);
    }
    return bucket;
  }

  private static S3Error elsewhere(Bucket bucket) {
    return new S3Error(
            301,
            "PermanentRedirect",
            "The bucket you are attempting to access must be addressed using the specified"
                + " endpoint. Please send all future requests to this endpoint.")
        .detail("Endpoint", bucket.name() + ".s3." + bucket.region() + ".amazonaws.com")
        .detail("Bucket", bucket.name())
        .header("x-amz-bucket-region", bucket.region());
  }

  /** A number that was never given before. */
  long next() {
    return sequence.incrementAndGet();
  }

  /** A new version, of the kind that the bucket keeps now; null content makes a marker. */
  StoredVersion version(Bucket bucket, @Nullable StoredObject object) {
    boolean kept = keepsVersions(bucket);
    return new StoredVersion(next(), !kept, now(), lag.now(), object);
  }

  /** The newest of a version and those before it that stands in listings; null for none. */
  @Nullable StoredVersion listed(StoredVersion newest) {
    StoredVersion version = newest;
    while (version != null && !lag.isListed(version.born())) {
      version = version.older();
    }
    return version;
  }

  /** Whether what is written now gets an id of its own. */
  boolean keepsVersions(Bucket bucket) {
    return bucket.settings().versioning() == BucketSettings.Versioning.ENABLED
        && !has(Oddity.FORGETS_VERSIONS);
  }
}
