package dev.copperplate.backup.testkit.s3;

import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is configured of a bucket. Guarded by its bucket. */
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

  private Versioning versioning = Versioning.NEVER;
  private boolean locking;
  private @Nullable DefaultRetention defaultRetention;
  private volatile @Nullable PolicyDocument policy;
  private final Map<Document, XmlElement> documents = new EnumMap<>(Document.class);

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
