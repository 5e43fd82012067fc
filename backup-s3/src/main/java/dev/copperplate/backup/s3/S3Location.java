package dev.copperplate.backup.s3;

import dev.copperplate.backup.ObjectKey;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A place in a store: a bucket and what the keys of a repository begin with there.
 *
 * @param bucket its name; 3 to 255 letters, digits, dots, hyphens and underscores, since stores and
 *     old buckets allow more than AWS does today
 * @param prefix segments joined by slashes, without one at either end; empty for the whole bucket
 */
public record S3Location(String bucket, String prefix) {

  private static final String SCHEME = "s3://";
  private static final Pattern BUCKET = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{2,254}");
  private static final int LONGEST_PREFIX = 500;

  public S3Location {
    if (bucket.contains("@")) {
      // Not repeated: what stands before it may be a secret.
      throw new IllegalArgumentException("Credentials never stand in the name of a place");
    }
    if (!BUCKET.matcher(bucket).matches()) {
      throw new IllegalArgumentException("Not the name of a bucket: " + bucket);
    }
    if (prefix.length() > LONGEST_PREFIX || !(prefix.isEmpty() || isKey(prefix))) {
      throw new IllegalArgumentException(
          "Not a prefix of at most "
              + LONGEST_PREFIX
              + " characters, such as backups/orders: "
              + prefix);
    }
  }

  private static boolean isKey(String name) {
    return keyOf(name).isPresent();
  }

  private static Optional<ObjectKey> keyOf(String name) {
    try {
      return Optional.of(new ObjectKey(name));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** A whole bucket. */
  public static S3Location of(String bucket) {
    return new S3Location(bucket, "");
  }

  /**
   * Reads {@code s3://bucket} or {@code s3://bucket/prefix}, with or without a slash at the end.
   *
   * @throws IllegalArgumentException if it is neither
   */
  public static S3Location parse(String uri) {
    if (!uri.startsWith(SCHEME)) {
      throw new IllegalArgumentException("Not a place such as s3://bucket/prefix: " + uri);
    }
    String path = uri.substring(SCHEME.length());
    String whole = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    int slash = whole.indexOf('/');
    return slash < 0
        ? of(whole)
        : new S3Location(whole.substring(0, slash), whole.substring(slash + 1));
  }

  /** What the store calls the object with that key, or the objects whose keys begin so. */
  String stored(String key) {
    return prefix.isEmpty() ? key : prefix + "/" + key;
  }

  /** The key of what the store calls so; empty for what cannot be ours. */
  Optional<ObjectKey> key(String stored) {
    int from = prefix.isEmpty() ? 0 : prefix.length() + 1;
    // What is no key is somebody else's, such as the mark of an empty folder.
    return stored.startsWith(stored("")) ? keyOf(stored.substring(from)) : Optional.empty();
  }

  /** As {@link #parse} reads it. */
  @Override
  public String toString() {
    return SCHEME + bucket + (prefix.isEmpty() ? "" : "/" + prefix);
  }
}
