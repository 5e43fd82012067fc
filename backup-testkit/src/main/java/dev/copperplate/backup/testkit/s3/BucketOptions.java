package dev.copperplate.backup.testkit.s3;

import dev.copperplate.backup.testkit.s3.BucketSettings.DefaultRetention;
import dev.copperplate.backup.testkit.s3.BucketSettings.Document;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** How a bucket is made: {@code BucketOptions.locked().retaining(COMPLIANCE, 30)}. Immutable. */
public final class BucketOptions {

  private final boolean versioned;
  private final boolean locking;
  private final @Nullable DefaultRetention retention;
  private final @Nullable String region;
  private final @Nullable XmlElement replication;

  private BucketOptions(
      boolean versioned,
      boolean locking,
      @Nullable DefaultRetention retention,
      @Nullable String region,
      @Nullable XmlElement replication) {
    this.versioned = versioned;
    this.locking = locking;
    this.retention = retention;
    this.region = region;
    this.replication = replication;
  }

  /** Without versions and locks. */
  public static BucketOptions plain() {
    return new BucketOptions(false, false, null, null, null);
  }

  /** With versioning enabled. */
  public static BucketOptions versioned() {
    return new BucketOptions(true, false, null, null, null);
  }

  /** With Object Lock, and versioning, enabled. */
  public static BucketOptions locked() {
    return new BucketOptions(true, true, null, null, null);
  }

  /** With a default retention; only where Object Lock is enabled. */
  public BucketOptions retaining(RetentionMode mode, int days) {
    if (!locking || days < 1) {
      throw new IllegalArgumentException(
          "A default retention needs Object Lock and at least a day: " + days);
    }
    DefaultRetention wanted = new DefaultRetention(mode, days, ChronoUnit.DAYS);
    return new BucketOptions(versioned, true, wanted, region, replication);
  }

  /** In another region: the server only says where. */
  public BucketOptions elsewhere(String otherRegion) {
    return new BucketOptions(versioned, locking, retention, otherRegion, replication);
  }

  /**
   * With a replication that GetBucketReplication answers with; nothing is replicated.
   *
   * @param configuration a document {@code ReplicationConfiguration}
   */
  public BucketOptions replicating(String configuration) {
    XmlElement document =
        XmlReader.read(configuration.getBytes(StandardCharsets.UTF_8), "ReplicationConfiguration");
    return new BucketOptions(versioned, locking, retention, region, document);
  }

  @Nullable String region() {
    return region;
  }

  void applyTo(BucketSettings settings) {
    if (versioned) {
      settings.setVersioning(BucketSettings.Versioning.ENABLED);
    }
    if (locking) {
      settings.enableLocking();
      settings.setDefaultRetention(retention);
    }
    if (replication != null) {
      settings.setDocument(Document.REPLICATION, replication);
    }
  }
}
