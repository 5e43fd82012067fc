package dev.copperplate.backup.testkit.s3;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * <a
 * href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html">CompleteMultipartUpload</a>.
 */
final class UploadCompletion {

  private static final int LEAST_PART = 5 << 20;
  private static final String SIZE = "x-amz-mp-object-size";

  private final Store store;
  private final ObjectWriter writer;

  UploadCompletion(Store store) {
    this.store = store;
    this.writer = new ObjectWriter(store);
  }

  List<Operation> all() {
    return List.of(
        Operation.onObject("CompleteMultipartUpload", "POST", this::complete)
            .action("s3:PutObject")
            .when("uploadId")
            .headers(Conditions.IF_MATCH, Conditions.IF_NONE_MATCH)
            .headers(SIZE, "x-amz-checksum-type")
            .checksumsOfObject());
  }

  /** If a condition fails, the upload goes on. */
  private Response complete(Request request) {
    XmlElement wanted = request.xml("CompleteMultipartUpload").holding("Part");
    Bucket bucket = store.bucket(request.bucket());
    synchronized (bucket) {
      Upload upload = MultipartUploads.find(request, bucket);
      StoredObject object = upload.join(parts(upload, wanted.all("Part")));
      checkObject(request, upload, object);
      StoredVersion version =
          writer.write(
              request, bucket, object, upload.lock(), Oddity.IGNORES_CONDITIONS_OF_COMPLETION);
      bucket.uploads().remove(upload.id());
      return answer(request, bucket, version);
    }
  }

  private static List<Upload.Part> parts(Upload upload, List<XmlElement> named) {
    if (named.isEmpty()) {
      throw S3Error.malformedXml();
    }
    List<Upload.Part> parts = new ArrayList<>();
    int before = 0;
    for (XmlElement each : named) {
      int number = number(each.required("PartNumber").text());
      if (number <= before) {
        throw new S3Error(
            400,
            "InvalidPartOrder",
            "The list of parts was not in ascending order. Parts must be ordered by part number.");
      }
      before = number;
      parts.add(part(upload, number, each));
    }
    for (Upload.Part part : parts.subList(0, parts.size() - 1)) {
      checkSize(part);
    }
    return parts;
  }

  private static int number(String text) {
    try {
      return Integer.parseInt(text.strip());
    } catch (NumberFormatException e) {
      throw S3Error.malformedXml();
    }
  }

  private static Upload.Part part(Upload upload, int number, XmlElement named) {
    Upload.Part part = upload.parts().get(number);
    String tag = named.required("ETag").text().strip();
    if (part == null || !Conditions.fits(tag, part.tag())) {
      throw invalidPart(number, tag);
    }
    Optional<String> checksum =
        Optional.ofNullable(upload.algorithm())
            .flatMap(algorithm -> named.text(algorithm.element()));
    if (checksum.isPresent() && !checksum.get().equals(part.checksum().value())) {
      throw invalidPart(number, tag);
    }
    if (checksum.isEmpty() && upload.wantsChecksumsOfParts()) {
      throw S3Error.invalidRequest(
          "The upload was created using a "
              + upload.algorithm()
              + " checksum. The complete request must include the checksum for each part. It was"
              + " missing for part "
              + number
              + " in the request.");
    }
    return part;
  }

  private static S3Error invalidPart(int number, String tag) {
    return new S3Error(
            400,
            "InvalidPart",
            "One or more of the specified parts could not be found. The part may not have been"
                + " uploaded, or the specified entity tag may not match the part's entity tag.")
        .detail("PartNumber", Integer.toString(number))
        .detail("ETag", tag);
  }

  private static void checkSize(Upload.Part part) {
    if (part.content().length < LEAST_PART) {
      throw new S3Error(
              400,
              "EntityTooSmall",
              "Your proposed upload is smaller than the minimum allowed size")
          .detail("ProposedSize", Integer.toString(part.content().length))
          .detail("MinSizeAllowed", Integer.toString(LEAST_PART))
          .detail("ETag", part.tag());
    }
  }

  /** Compares the whole with what the headers say of it. */
  private static void checkObject(Request request, Upload upload, StoredObject object) {
    String size = request.header(SIZE);
    if (size != null && !size.equals(Integer.toString(object.content().length))) {
      throw S3Error.invalidRequest(
          "The provided 'x-amz-mp-object-size' header value does not match what was computed");
    }
    String type = request.header("x-amz-checksum-type");
    if (type != null && !type.equals(upload.checksumType())) {
      throw S3Error.invalidRequest(
          "The upload was created using the "
              + upload.checksumType()
              + " checksum mode. The complete request must use the same checksum mode.");
    }
    for (ChecksumAlgorithm algorithm : ChecksumAlgorithm.values()) {
      checkChecksum(algorithm, request.header(algorithm.header()), object.checksum());
    }
  }

  private static void checkChecksum(
      ChecksumAlgorithm algorithm, @Nullable String given, @Nullable StoredChecksum computed) {
    boolean same =
        computed != null && computed.algorithm() == algorithm && computed.value().equals(given);
    if (given != null && !same) {
      throw new S3Error(
          400,
          "BadDigest",
          "The " + algorithm + " you specified did not match the calculated checksum.");
    }
  }

  private static Response answer(Request request, Bucket bucket, StoredVersion version) {
    StoredObject object = version.object();
    XmlWriter document = XmlWriter.root("CompleteMultipartUploadResult");
    document
        .element("Location", "http://" + request.header("host") + request.path())
        .element("Bucket", bucket.name())
        .element("Key", request.key())
        .element("ETag", object.quotedTag());
    object.describeChecksum(document);
    Response response = Response.xml(document.close("CompleteMultipartUploadResult"));
    return ObjectWriter.answer(response, bucket, version);
  }
}
