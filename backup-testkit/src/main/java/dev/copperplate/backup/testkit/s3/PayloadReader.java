package dev.copperplate.backup.testkit.s3;

import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Takes the framing off a body, and compares it with what the request says of it: {@code
 * x-amz-content-sha256}, {@code Content-MD5}, {@code x-amz-checksum-*} as a header or as a trailer.
 * See <a
 * href="https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html">chunks with
 * trailers</a>.
 */
final class PayloadReader {

  private static final String UNSIGNED = "UNSIGNED-PAYLOAD";
  private static final String CHUNKS = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
  private static final String CHUNKS_AND_TRAILER = CHUNKS + "-TRAILER";
  private static final String UNSIGNED_AND_TRAILER = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";

  private final Store store;

  PayloadReader(Store store) {
    this.store = store;
  }

  /**
   * @param signed null for an anonymous request
   */
  Payload read(Request request, @Nullable Signed signed) {
    String hash = request.header("x-amz-content-sha256", UNSIGNED);
    return switch (hash) {
      case UNSIGNED -> checked(request, request.body(), Map.of());
      case CHUNKS, CHUNKS_AND_TRAILER -> {
        if (signed == null) {
          throw S3Error.accessDenied();
        }
        yield chunked(request, new ChunkSignatures(signed), hash.equals(CHUNKS_AND_TRAILER));
      }
      case UNSIGNED_AND_TRAILER -> chunked(request, null, true);
      default -> hashed(request, hash);
    };
  }

  private Payload hashed(Request request, String hash) {
    if (!hash.matches("[0-9a-f]{64}")) {
      throw S3Error.invalidArgument(
          "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER,"
              + " STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
              + " or a valid sha256 value.",
          "x-amz-content-sha256",
          hash);
    }
    String computed = Digests.sha256(request.body());
    if (!computed.equals(hash)) {
      throw mismatch().detail("S3ComputedContentSHA256", computed);
    }
    return checked(request, request.body(), Map.of());
  }

  private static S3Error mismatch() {
    return new S3Error(
        400,
        "XAmzContentSHA256Mismatch",
        "The provided 'x-amz-content-sha256' header does not match what was computed.");
  }

  private Payload chunked(
      Request request, @Nullable ChunkSignatures signatures, boolean withTrailer) {
    if (withTrailer && store.has(Oddity.REFUSES_TRAILERS)) {
      throw mismatch();
    }
    ChunkedBody body = new ChunkedBody(request.body(), signatures);
    byte[] content = body.content();
    checkLength(request, content.length);
    Map<String, String> trailers = body.trailers();
    for (String name : trailers.keySet()) {
      if (!withTrailer || !name.equals(request.header("x-amz-trailer"))) {
        throw malformedTrailer();
      }
    }
    if (request.hasHeader("x-amz-trailer") && trailers.isEmpty()) {
      throw malformedTrailer();
    }
    return checked(request, content, trailers);
  }

  private static S3Error malformedTrailer() {
    return new S3Error(
        400,
        "MalformedTrailerError",
        "The request contained trailing data that was not well-formed or did not conform to our"
            + " published schema.");
  }

  private static void checkLength(Request request, int length) {
    String decoded = request.header("x-amz-decoded-content-length");
    if (decoded == null) {
      throw new S3Error(
          411, "MissingContentLength", "You must provide the Content-Length HTTP header.");
    }
    if (!decoded.equals(Integer.toString(length))) {
      throw new S3Error(
          400,
          "IncompleteBody",
          "The request body terminated unexpectedly: it holds " + length + " bytes of " + decoded);
    }
  }

  private Payload checked(Request request, byte[] content, Map<String, String> trailers) {
    Map<String, String> given = new TreeMap<>(trailers);
    request.headers().keySet().stream()
        .filter(name -> ChecksumAlgorithm.ofHeader(name).isPresent())
        .forEach(name -> given.put(name, request.header(name, "")));
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
