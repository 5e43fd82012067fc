package dev.copperplate.backup.testkit.s3;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * <a
 * href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html">ListObjectVersions</a>:
 * by keys, and of each key the newest first.
 */
final class ListVersions {

  private record Entry(String key, StoredVersion version, boolean latest) {}

  private final Store store;

  ListVersions(Store store) {
    this.store = store;
  }

  List<Operation> all() {
    return List.of(
        Operation.onBucket("ListObjectVersions", "GET", this::list)
            .action("s3:ListBucketVersions")
            .when("versions")
            .parameters("prefix", "delimiter", "max-keys", "key-marker", "version-id-marker")
            .parameters("encoding-type"));
  }

  private Response list(Request request) {
    if (store.has(Oddity.NO_VERSIONING)) {
      throw S3Error.notImplemented("versions");
    }
    Page<Entry> page = new Page<>(request, "max-keys");
    String after = request.query().get("key-marker", "");
    String idMarker = request.query().get("version-id-marker", "");
    if (request.query().has("version-id-marker") && idMarker.isEmpty()) {
      throw S3Error.invalidArgument(
          "A version-id marker cannot be empty.", "version-id-marker", idMarker);
    }
    if (after.isEmpty() && !idMarker.isEmpty()) {
      throw S3Error.invalidArgument(
          "A version-id marker cannot be specified without a key marker.",
          "version-id-marker",
          idMarker);
    }
    Bucket bucket = store.bucket(request.bucket());
    synchronized (bucket) {
      StoredVersion first = idMarker.isEmpty() ? null : bucket.behind(after, idMarker);
      page.fill(
          bucket.keysInOrder(),
          after,
          first != null,
          newest -> store.listed(newest) != null,
          (key, newest) -> add(page, key, newest, key.equals(after) ? first : null));
    }
    return document(request, page);
  }

  /**
   * @param first to begin with; null for the newest
   */
  private boolean add(
      Page<Entry> page, String key, StoredVersion newest, @Nullable StoredVersion first) {
    StoredVersion latest = store.listed(newest);
    StoredVersion version = first == null ? latest : first;
    while (version != null) {
      if (!page.add(key, new Entry(key, version, version == latest))) {
        return false;
      }
      version = version.older();
    }
    return true;
  }

  private static Response document(Request request, Page<Entry> page) {
    XmlWriter document = XmlWriter.root("ListVersionsResult");
    Listing listing = new Listing(request, document);
    document.element("Name", request.bucket());
    document.element("Prefix", listing.name(request.query().get("prefix", "")));
    listing.parameter(request, "delimiter", "Delimiter");
    document.element("KeyMarker", listing.name(request.query().get("key-marker", "")));
    document.element("VersionIdMarker", request.query().get("version-id-marker", ""));
    if (page.isTruncated()) {
      document.element("NextKeyMarker", listing.name(page.lastKey()));
      page.lastEntry()
          .ifPresent(
              last -> document.element("NextVersionIdMarker", VersionIds.of(last.version())));
    }
    document.element("MaxKeys", page.most()).element("IsTruncated", page.isTruncated());
    page.entries().forEach(each -> write(listing, document, each));
    listing.end(page);
    return Response.xml(document.close("ListVersionsResult"));
  }

  private static void write(Listing listing, XmlWriter document, Entry entry) {
    StoredVersion version = entry.version();
    String element = version.isMarker() ? "DeleteMarker" : "Version";
    document.open(element);
    if (!version.isMarker()) {
      listing.content(version.object());
    }
    document
        .element("Key", listing.name(entry.key()))
        .element("VersionId", VersionIds.of(version))
        .element("IsLatest", entry.latest())
        .element("LastModified", Times.xml(version.modified()));
    listing.owner();
    document.close(element);
  }
}
