package dev.copperplate.backup.testkit.s3;

import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What is configured of a bucket. Thread-safe; whoever reads and then writes holds the bucket. */
final class BucketSettings {

  /** Whether versions are kept; a bucket that ever kept some never returns to {@code NEVER}. */
  enum Versioning {
    NEVER,
    ENABLED,
    SUSPENDED
  }

  /**
   * The retention of objects that come without one of their own.
   *
   * @param unit days or years
   */
  record DefaultRetention(RetentionMode mode, int number, ChronoUnit unit) {}

  /** Settings that are documents. */
  enum Document {
    LIFECYCLE,
    PUBLIC_ACCESS_BLOCK,
    ENCRYPTION,
    REPLICATION
  }

  static final String BLOCK_PUBLIC_POLICY = "BlockPublicPolicy";
  static final String RESTRICT_PUBLIC_BUCKETS = "RestrictPublicBuckets";

  private volatile Versioning versioning = Versioning.NEVER;
  private volatile boolean locking;
  private volatile @Nullable DefaultRetention defaultRetention;
  private volatile @Nullable PolicyDocument policy;
  private final Map<Document, XmlElement> documents = new ConcurrentHashMap<>();

  Versioning versioning() {
    return versioning;
  }

  void setVersioning(Versioning value) {
    versioning = value;
  }

  /** Whether Object Lock is enabled; it cannot be disabled. */
  boolean isLocking() {
    return locking;
  }

  void enableLocking() {
    locking = true;
    versioning = Versioning.ENABLED;
  }

  @Nullable DefaultRetention defaultRetention() {
    return defaultRetention;
  }

  void setDefaultRetention(@Nullable DefaultRetention value) {
    defaultRetention = value;
  }

  @Nullable PolicyDocument policy() {
    return policy;
  }

  void setPolicy(@Nullable PolicyDocument value) {
    policy = value;
  }

  /** Whether a flag of the public access block is on. */
  boolean blocks(String flag) {
    XmlElement block = documents.get(Document.PUBLIC_ACCESS_BLOCK);
    return block != null && block.flag(flag);
  }

  @Nullable XmlElement document(Document kind) {
    return documents.get(kind);
  }

  void setDocument(Document kind, XmlElement document) {
    documents.put(kind, document);
  }

  void removeDocument(Document kind) {
    documents.remove(kind);
  }
}
