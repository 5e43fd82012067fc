package dev.copperplate.backup.testkit.s3;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The header {@code Authorization} of <a
 * href="https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-auth-using-authorization-header.html">
 * version 4</a>, taken apart.
 */
record Authorization(
    String accessKey,
    String day,
    String region,
    String service,
    List<String> signedHeaders,
    String signature) {

  static final String ALGORITHM = "AWS4-HMAC-SHA256";

  Authorization {
    signedHeaders = List.copyOf(signedHeaders);
  }

  static Authorization parse(String header) {
    if (!header.startsWith(ALGORITHM + ' ')) {
      throw S3Error.invalidRequest(
          "The authorization mechanism you have provided is not supported. Please use "
              + ALGORITHM
              + '.');
    }
    Map<String, String> parts = new HashMap<>();
    for (String part : header.substring(ALGORITHM.length() + 1).split(",", -1)) {
      int equals = part.indexOf('=');
      if (equals < 0) {
        throw malformed("a comma must be followed by name=value");
      }
      parts.put(part.substring(0, equals).strip(), part.substring(equals + 1).strip());
    }
    return of(
        parts.getOrDefault("Credential", ""),
        parts.getOrDefault("SignedHeaders", ""),
        parts.getOrDefault("Signature", ""));
  }

  private static Authorization of(String credential, String signedHeaders, String signature) {
    String[] scope = credential.split("/", -1);
    if (scope.length != 5 || !scope[4].equals("aws4_request")) {
      throw malformed(
          "the Credential is mal-formed; expecting"
              + " \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\".");
    }
    if (signedHeaders.isEmpty() || signature.isEmpty()) {
      throw malformed("SignedHeaders and Signature are required");
    }
    return new Authorization(
        scope[0], scope[1], scope[2], scope[3], List.of(signedHeaders.split(";", -1)), signature);
  }

  static S3Error malformed(String why) {
    return new S3Error(
        400, "AuthorizationHeaderMalformed", "The authorization header is malformed; " + why);
  }

  String scope() {
    return String.join("/", day, region, service, "aws4_request");
  }
}
