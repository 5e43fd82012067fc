package dev.copperplate.backup.testkit.s3;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * <a
 * href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListMultipartUploads.html">ListMultipartUploads</a>
 * and <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListParts.html">ListParts</a>.
 */
final class ListUploads {

  private final Store store;

  ListUploads(Store store) {
    this.store = store;
  }

  List<Operation> all() {
    return List.of(
        Operation.onBucket("ListMultipartUploads", "GET", this::uploads)
            .action("s3:ListBucketMultipartUploads")
            .when("uploads")
            .parameters("prefix", "delimiter", "key-marker", "upload-id-marker", "max-uploads")
            .parameters("encoding-type"),
        Operation.onObject("ListParts", "GET", this::parts)
            .action("s3:ListMultipartUploadParts")
            .when("uploadId")
            .parameters("max-parts", "part-number-marker"));
  }

  private Response uploads(Request request) {
    Page<Upload> page = new Page<>(request, "max-uploads");
    String after = request.query().get("key-marker", "");
    String idMarker = request.query().get("upload-id-marker", "");
    Bucket bucket = store.bucket(request.bucket());
    synchronized (bucket) {
      page.fill(
          byKey(bucket),
          after,
          !after.isEmpty() && !idMarker.isEmpty(),
          uploads -> true,
          (key, uploads) -> add(page, uploads, key.equals(after) ? idMarker : ""));
    }
    return document(request, page);
  }

  /** Of one key in the order in which they began, which is that of their ids. */
  private static NavigableMap<String, List<Upload>> byKey(Bucket bucket) {
    NavigableMap<String, List<Upload>> byKey = new TreeMap<>(KeyOrder.UTF8);
    for (Upload upload : bucket.uploads().values()) {
      byKey.computeIfAbsent(upload.key(), key -> new ArrayList<>()).add(upload);
    }
    return byKey;
  }

  private static boolean add(Page<Upload> page, List<Upload> uploads, String idMarker) {
    return uploads.stream()
        .filter(each -> each.id().compareTo(idMarker) > 0)
        .allMatch(each -> page.add(each.key(), each));
  }

  private static Response document(Request request, Page<Upload> page) {
    XmlWriter document = XmlWriter.root("ListMultipartUploadsResult");
    Listing listing = new Listing(request, document);
    document.element("Bucket", request.bucket());
    document.element("KeyMarker", listing.name(request.query().get("key-marker", "")));
    document.element("UploadIdMarker", request.query().get("upload-id-marker", ""));
    if (page.isTruncated()) {
      document.element("NextKeyMarker", listing.name(page.lastKey()));
      page.lastEntry().ifPresent(last -> document.element("NextUploadIdMarker", last.id()));
    }
    listing.parameter(request, "prefix", "Prefix");
    listing.parameter(request, "delimiter", "Delimiter");
    document.element("MaxUploads", page.most()).element("IsTruncated", page.isTruncated());
    for (Upload upload : page.entries()) {
      document.open("Upload").element("Key", listing.name(upload.key()));
      describe(document, upload, listing);
      document.element("Initiated", Times.xml(upload.initiated())).close("Upload");
    }
    listing.end(page);
    return Response.xml(document.close("ListMultipartUploadsResult"));
  }

  private static void describe(XmlWriter document, Upload upload, Listing listing) {
    document.element("UploadId", upload.id());
    document.open("Initiator").element("ID", Store.OWNER).close("Initiator");
    listing.owner();
    document.element("StorageClass", upload.storageClass());
    if (upload.algorithm() != null) {
      document
          .element("ChecksumAlgorithm", upload.algorithm())
          .element("ChecksumType", upload.checksumType());
    }
  }

  private Response parts(Request request) {
    int most = Math.min(Page.MOST, request.query().number("max-parts", Page.MOST));
    int marker = request.query().number("part-number-marker", 0);
    Bucket bucket = store.bucket(request.bucket());
    synchronized (bucket) {
      Upload upload = MultipartUploads.find(request, bucket);
      NavigableMap<Integer, Upload.Part> rest = upload.parts().tailMap(marker, false);
      List<Map.Entry<Integer, Upload.Part>> page =
          new ArrayList<>(rest.entrySet()).subList(0, Math.min(most, rest.size()));
      XmlWriter document = XmlWriter.root("ListPartsResult");
      document.element("Bucket", bucket.name()).element("Key", upload.key());
      describe(document, upload, new Listing(request, document));
      int last = page.isEmpty() ? marker : page.get(page.size() - 1).getKey();
      document.element("PartNumberMarker", marker).element("NextPartNumberMarker", last);
      document.element("MaxParts", most).element("IsTruncated", rest.size() > page.size());
      page.forEach(each -> write(document, each.getKey(), each.getValue()));
      return Response.xml(document.close("ListPartsResult"));
    }
  }

  private static void write(XmlWriter document, int number, Upload.Part part) {
    document
        .open("Part")
        .element("PartNumber", number)
        .element("LastModified", Times.xml(part.modified()))
        .element("ETag", '"' + part.tag() + '"')
        .element("Size", part.content().length)
        .element(part.checksum().algorithm().element(), part.checksum().value())
        .close("Part");
  }
}
