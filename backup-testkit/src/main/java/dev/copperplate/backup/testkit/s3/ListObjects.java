package dev.copperplate.backup.testkit.s3;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * <a
 * href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html">ListObjectsV2</a>.
 */
final class ListObjects {

  private record Entry(String key, StoredVersion version) {}

  private final Store store;

  ListObjects(Store store) {
    this.store = store;
  }

  List<Operation> all() {
    return List.of(
        Operation.onBucket("ListObjectsV2", "GET", this::list)
            .action("s3:ListBucket")
            .when("list-type")
            .parameters("prefix", "delimiter", "max-keys", "start-after", "continuation-token")
            .parameters("encoding-type", "fetch-owner"));
  }

  private Response list(Request request) {
    if (!request.query().get("list-type", "").equals("2")) {
      throw S3Error.invalidArgument(
          "Invalid List Type specified in Request",
          "list-type",
          request.query().get("list-type", ""));
    }
    Page<Entry> page = new Page<>(request, "max-keys");
    String token = request.query().get("continuation-token");
    String after = token == null ? request.query().get("start-after", "") : Token.key(token);
    Bucket bucket = store.bucket(request.bucket());
    synchronized (bucket) {
      page.fill(
          bucket.keysInOrder(),
          after,
          false,
          this::isListed,
          (key, newest) -> page.add(key, new Entry(key, listed(newest))));
    }
    return document(request, page, token);
  }

  private boolean isListed(StoredVersion newest) {
    StoredVersion version = store.listed(newest);
    return version != null && !version.isMarker();
  }

  private StoredVersion listed(StoredVersion newest) {
    StoredVersion version = store.listed(newest);
    return version == null ? newest : version;
  }

  private static Response document(Request request, Page<Entry> page, @Nullable String token) {
    XmlWriter document = XmlWriter.root("ListBucketResult");
    Listing listing = new Listing(request, document);
    document.element("Name", request.bucket());
    document.element("Prefix", listing.name(request.query().get("prefix", "")));
    listing.parameter(request, "delimiter", "Delimiter");
    listing.parameter(request, "start-after", "StartAfter");
    document.element("ContinuationToken", token);
    if (page.isTruncated()) {
      document.element("NextContinuationToken", Token.of(page.lastKey()));
    }
    document.element("KeyCount", page.size()).element("MaxKeys", page.most());
    document.element("IsTruncated", page.isTruncated());
    for (Entry entry : page.entries()) {
      document.open("Contents").element("Key", listing.name(entry.key()));
      document.element("LastModified", Times.xml(entry.version().modified()));
      listing.content(entry.version().object());
      if (request.query().get("fetch-owner", "").equals("true")) {
        listing.owner();
      }
      document.close("Contents");
    }
    listing.end(page);
    return Response.xml(document.close("ListBucketResult"));
  }

  /** Where a listing goes on, in a form that tells a client nothing. */
  private static final class Token {

    private static final String MARK = "1:";

    static String of(String key) {
      byte[] bytes = (MARK + key).getBytes(StandardCharsets.UTF_8);
      return Base64.getUrlEncoder().encodeToString(bytes);
    }

    static String key(String token) {
      try {
        byte[] bytes = Base64.getUrlDecoder().decode(token);
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (text.startsWith(MARK)) {
          return text.substring(MARK.length());
        }
      } catch (IllegalArgumentException e) {
        throw wrong(token);
      }
      throw wrong(token);
    }

    private static S3Error wrong(String token) {
      return S3Error.invalidArgument(
          "The continuation token provided is incorrect", "continuation-token", token);
    }
  }
}
