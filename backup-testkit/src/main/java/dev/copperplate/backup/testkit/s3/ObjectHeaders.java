package dev.copperplate.backup.testkit.s3;

import dev.copperplate.backup.testkit.s3.BucketSettings.Document;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The headers that are stored with an object and come back with it. */
final class ObjectHeaders {

  static final String METADATA = "x-amz-meta-";
  static final String ENCRYPTION = "x-amz-server-side-encryption";
  static final String KMS_KEY = ENCRYPTION + "-aws-kms-key-id";

  /** What an operation that writes objects understands. */
  static final String[] KNOWN = {
    METADATA, StoredObject.STORAGE_CLASS, ENCRYPTION, KMS_KEY, "x-amz-acl"
  };

  private static final List<String> STANDARD =
      List.of(
          "cache-control", "content-disposition", "content-language", "content-type", "expires");
  private static final Set<String> STORAGE_CLASSES =
      Set.of(
          "STANDARD",
          "STANDARD_IA",
          "ONEZONE_IA",
          "INTELLIGENT_TIERING",
          "REDUCED_REDUNDANCY",
          "GLACIER_IR",
          "GLACIER",
          "DEEP_ARCHIVE");
  private static final int MOST_METADATA = 2048;

  private final KmsKeys keys;

  ObjectHeaders(KmsKeys keys) {
    this.keys = keys;
  }

  /** All of them, those of the bucket's encryption included. */
  Map<String, String> of(Request request, Bucket bucket) {
    Map<String, String> headers = described(request);
    headers.putAll(handling(request, bucket));
    return headers;
  }

  /** Those that describe the content: what a copy either keeps or replaces. */
  Map<String, String> described(Request request) {
    Map<String, String> headers = new TreeMap<>();
    headers.put("content-type", "binary/octet-stream");
    request.headers().keySet().stream()
        .filter(name -> STANDARD.contains(name) || name.startsWith(METADATA))
        .forEach(name -> headers.put(name, request.header(name, "")));
    String encoding = withoutChunks(request.header("content-encoding", ""));
    if (!encoding.isEmpty()) {
      headers.put("content-encoding", encoding);
    }
    checkMetadata(headers);
    return headers;
  }

  static boolean describes(String name) {
    return STANDARD.contains(name) || name.startsWith(METADATA) || name.equals("content-encoding");
  }

  private static String withoutChunks(String encoding) {
    return Arrays.stream(encoding.split(",", -1))
        .map(String::strip)
        .filter(each -> !each.isEmpty() && !each.equals("aws-chunked"))
        .collect(Collectors.joining(","));
  }

  private static void checkMetadata(Map<String, String> headers) {
    int size =
        headers.entrySet().stream()
            .filter(each -> each.getKey().startsWith(METADATA))
            .mapToInt(each -> each.getKey().length() - METADATA.length() + length(each.getValue()))
            .sum();
    if (size > MOST_METADATA) {
      throw new S3Error(
              400,
              "MetadataTooLarge",
              "Your metadata headers exceed the maximum allowed metadata size")
          .detail("Size", Integer.toString(size))
          .detail("MaxSizeAllowed", Integer.toString(MOST_METADATA));
    }
  }

  private static int length(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /** Storage class and encryption. */
  Map<String, String> handling(Request request, Bucket bucket) {
    checkAcl(request);
    Map<String, String> headers = new TreeMap<>();
    String storageClass = request.header(StoredObject.STORAGE_CLASS, "STANDARD");
    if (!STORAGE_CLASSES.contains(storageClass)) {
      throw new S3Error(400, "InvalidStorageClass", "The storage class you specified is not valid")
          .detail("StorageClassRequested", storageClass);
    }
    headers.put(StoredObject.STORAGE_CLASS, storageClass);
    encrypt(request, bucket, headers);
    return headers;
  }

  /**
   * Buckets <a
   * href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html">have
   * no access control lists</a> unless somebody asks for them.
   */
  private static void checkAcl(Request request) {
    String acl = request.header("x-amz-acl", "private");
    if (!acl.equals("private") && !acl.equals("bucket-owner-full-control")) {
      throw new S3Error(400, "AccessControlListNotSupported", "The bucket does not allow ACLs");
    }
  }

  private void encrypt(Request request, Bucket bucket, Map<String, String> headers) {
    String algorithm = request.header(ENCRYPTION);
    String key = request.header(KMS_KEY);
    if (algorithm == null && key != null) {
      throw S3Error.invalidArgument(
          "Server Side Encryption with AWS KMS managed key requires HTTP header"
              + " x-amz-server-side-encryption : aws:kms",
          ENCRYPTION,
          "");
    }
    if (algorithm == null) {
      XmlElement defaults;
      synchronized (bucket) {
        defaults = bucket.settings().document(Document.ENCRYPTION);
      }
      BucketEncryption encryption = BucketEncryption.of(defaults);
      algorithm = encryption.algorithm();
      key = encryption.key();
    }
    keys.check(algorithm, key);
    headers.put(ENCRYPTION, algorithm);
    if (algorithm.equals(KmsKeys.KMS)) {
      headers.put(KMS_KEY, key == null ? KmsKeys.DEFAULT : key);
    }
  }
}
