package dev.copperplate.backup.testkit.s3;

import org.jspecify.annotations.Nullable;

/**
 * <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html">
 * Conditions of writes</a>.
 */
final class Conditions {

  static final String IF_MATCH = "if-match";
  static final String IF_NONE_MATCH = "if-none-match";

  private Conditions() {}

  /**
   * Compares a write's with what is current; the bucket is held from here until it is written.
   *
   * @param newest null for none; may be a marker
   */
  static void checkWrite(Request request, @Nullable StoredVersion newest, Store store) {
    String match = request.header(IF_MATCH);
    String noneMatch = request.header(IF_NONE_MATCH);
    boolean exists = newest != null && !newest.isMarker();
    if (noneMatch != null) {
      if (!noneMatch.equals("*")) {
        throw S3Error.notImplemented("If-None-Match of writes with anything but *");
      }
      if (exists) {
        throw S3Error.preconditionFailed("If-None-Match");
      }
    }
    if (match != null) {
      checkMatch(request.key(), match, exists ? newest : null, store);
    }
  }

  private static void checkMatch(
      String key, String tag, @Nullable StoredVersion current, Store store) {
    if (current == null) {
      throw S3Error.noSuchKey(key);
    }
    if (store.has(Oddity.REFUSES_IF_MATCH) || !fits(tag, current.object().tag())) {
      throw S3Error.preconditionFailed("If-Match");
    }
  }

  /** Whether one of the tags of a header is it; {@code *} is any. */
  static boolean fits(String header, String tag) {
    for (String each : header.split(",", -1)) {
      String wanted = each.strip();
      if (wanted.equals("*") || unquoted(wanted).equals(tag)) {
        return true;
      }
    }
    return false;
  }

  private static String unquoted(String tag) {
    return tag.length() > 1 && tag.startsWith("\"") && tag.endsWith("\"")
        ? tag.substring(1, tag.length() - 1)
        : tag;
  }
}
