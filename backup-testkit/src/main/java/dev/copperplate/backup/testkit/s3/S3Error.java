package dev.copperplate.backup.testkit.s3;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A refusal, as the list of <a
 * href="https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html">error responses</a>
 * has it: a status, a code, a message, and further elements and headers that some codes carry.
 */
final class S3Error extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final int status;
  private final String code;
  private final transient Map<String, String> details = new LinkedHashMap<>();
  private final transient Map<String, String> headers = new LinkedHashMap<>();

  S3Error(int status, String code, String message) {
    super(message);
    this.status = status;
    this.code = code;
  }

  int status() {
    return status;
  }

  String code() {
    return code;
  }

  String text() {
    return String.valueOf(getMessage());
  }

  Map<String, String> details() {
    return details;
  }

  Map<String, String> headers() {
    return headers;
  }

  /** With a further element of the body. */
  S3Error detail(String name, String value) {
    details.put(name, value);
    return this;
  }

  /** With a header of the answer. */
  S3Error header(String name, String value) {
    headers.put(name, value);
    return this;
  }

  static S3Error invalidArgument(String message, String name, String value) {
    return new S3Error(400, "InvalidArgument", message)
        .detail("ArgumentName", name)
        .detail("ArgumentValue", value);
  }

  static S3Error invalidRequest(String message) {
    return new S3Error(400, "InvalidRequest", message);
  }

  static S3Error incompleteBody() {
    return new S3Error(400, "IncompleteBody", "The request body terminated unexpectedly");
  }

  static S3Error malformedXml() {
    return new S3Error(
        400,
        "MalformedXML",
        "The XML you provided was not well-formed or did not validate against our published schema");
  }

  static S3Error accessDenied() {
    return accessDenied("Access Denied");
  }

  static S3Error accessDenied(String message) {
    return new S3Error(403, "AccessDenied", message);
  }

  static S3Error noSuchBucket(String bucket) {
    return new S3Error(404, "NoSuchBucket", "The specified bucket does not exist")
        .detail("BucketName", bucket);
  }

  static S3Error noSuchKey(String key) {
    return new S3Error(404, "NoSuchKey", "The specified key does not exist.").detail("Key", key);
  }

  static S3Error noSuchVersion(String key, String version) {
    return new S3Error(404, "NoSuchVersion", "The specified version does not exist.")
        .detail("Key", key)
        .detail("VersionId", version);
  }

  static S3Error preconditionFailed(String condition) {
    return new S3Error(
            412,
            "PreconditionFailed",
            "At least one of the pre-conditions you specified did not hold")
        .detail("Condition", condition);
  }

  static S3Error methodNotAllowed(String method, String resource) {
    return new S3Error(
            405, "MethodNotAllowed", "The specified method is not allowed against this resource.")
        .detail("Method", method)
        .detail("ResourceType", resource);
  }

  static S3Error notImplemented(String what) {
    return new S3Error(501, "NotImplemented", "This server does not implement " + what);
  }
}
