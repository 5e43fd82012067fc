package dev.copperplate.backup.testkit.s3;

import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Compares a body with {@code Content-MD5} and with {@code x-amz-checksum-*}, which is a header or
 * a trailer; see <a
 * href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html">the
 * integrity of objects</a>.
 */
final class BodyDigests {

  private final Store store;

  BodyDigests(Store store) {
    this.store = store;
  }

  /**
   * Refuses a body that differs.
   *
   * @param trailers what stood behind the body
   * @param checksums whether checksums in headers are those of the body
   */
  Payload compared(
      Request request, byte[] content, Map<String, String> trailers, boolean checksums) {
    Map<String, String> given = new TreeMap<>(trailers);
    if (checksums) {
      request.headers().keySet().stream()
          .filter(name -> ChecksumAlgorithm.ofHeader(name).isPresent())
          .forEach(name -> given.put(name, request.header(name, "")));
    }
    if (given.size() > 1) {
      throw S3Error.invalidRequest(
          "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
    }
    StoredChecksum checksum = null;
    for (Map.Entry<String, String> each : given.entrySet()) {
      checksum = compared(each.getKey(), each.getValue(), content);
    }
    return new Payload(content, checksum, comparedMd5(request, content));
  }

  private @Nullable StoredChecksum compared(String header, String value, byte[] content) {
    ChecksumAlgorithm algorithm =
        ChecksumAlgorithm.ofHeader(header)
            .orElseThrow(
                () ->
                    S3Error.invalidRequest(
                        "The value specified in the x-amz-trailer header is not supported"));
    if (store.has(Oddity.IGNORES_CHECKSUMS)) {
      return null;
    }
    if (!algorithm.isValue(value)) {
      throw S3Error.invalidRequest("Value for " + header + " header is invalid.");
    }
    StoredChecksum computed = StoredChecksum.of(algorithm, content);
    if (!computed.value().equals(value)) {
      throw new S3Error(
          400,
          "BadDigest",
          "The " + algorithm + " you specified did not match the calculated checksum.");
    }
    return computed;
  }

  private static boolean comparedMd5(Request request, byte[] content) {
    String given = request.header("content-md5");
    if (given == null) {
      return false;
    }
    byte[] computed = Digests.md5(content);
    if (!Arrays.equals(decodedMd5(given), computed)) {
      throw new S3Error(
              400, "BadDigest", "The Content-MD5 you specified did not match what we received.")
          .detail("ExpectedDigest", given)
          .detail("CalculatedDigest", Base64.getEncoder().encodeToString(computed));
    }
    return true;
  }

  private static byte[] decodedMd5(String given) {
    try {
      byte[] decoded = Base64.getDecoder().decode(given);
      if (decoded.length == 16) {
        return decoded;
      }
    } catch (IllegalArgumentException e) {
      throw invalidMd5(given);
    }
    throw invalidMd5(given);
  }

  private static S3Error invalidMd5(String given) {
    return new S3Error(400, "InvalidDigest", "The Content-MD5 you specified was invalid.")
        .detail("Content-MD5", given);
  }
}
