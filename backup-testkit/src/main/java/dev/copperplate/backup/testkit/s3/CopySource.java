package dev.copperplate.backup.testkit.s3;

import org.jspecify.annotations.Nullable;

/**
 * What the header {@code x-amz-copy-source} names.
 *
 * @param version null for the newest
 */
record CopySource(String bucket, String key, @Nullable String version) {

  static final String HEADER = "x-amz-copy-source";
  private static final String VERSION = "?versionId=";

  static CopySource parse(String header) {
    int mark = header.indexOf(VERSION);
    String raw = mark < 0 ? header : header.substring(0, mark);
    String version = mark < 0 ? null : header.substring(mark + VERSION.length());
    String path = UriText.decode(raw.startsWith("/") ? raw.substring(1) : raw, true);
    int slash = path.indexOf('/');
    if (slash <= 0 || slash == path.length() - 1) {
      throw S3Error.invalidArgument(
          "Copy Source must mention the source bucket and key: sourcebucket/sourcekey",
          HEADER,
          header);
    }
    return new CopySource(path.substring(0, slash), path.substring(slash + 1), version);
  }

  boolean isDestinationOf(Request request) {
    return version == null && bucket.equals(request.bucket()) && key.equals(request.key());
  }

  /** The version that is to be copied, with content. */
  StoredVersion find(Request request, Store store, Access access) {
    Bucket from = store.bucket(bucket);
    access.require(request, version == null ? "s3:GetObject" : "s3:GetObjectVersion", bucket, key);
    StoredVersion found;
    synchronized (from) {
      found = ObjectReads.find(access, request, from, key, version);
    }
    if (found.isMarker()) {
      throw version == null
          ? S3Error.noSuchKey(key)
          : S3Error.invalidRequest(
              "The source of a copy request may not specifically refer to a delete marker by"
                  + " version id.");
    }
    ObjectReads.refuseArchived(found.object());
    checkConditions(request, found);
    return found;
  }

  private static void checkConditions(Request request, StoredVersion found) {
    String match = request.header(HEADER + "-if-match");
    String noneMatch = request.header(HEADER + "-if-none-match");
    if (match != null && !Conditions.fits(match, found.object().tag())) {
      throw S3Error.preconditionFailed(HEADER + "-If-Match");
    }
    if (noneMatch != null && Conditions.fits(noneMatch, found.object().tag())) {
      throw S3Error.preconditionFailed(HEADER + "-If-None-Match");
    }
  }
}
