package dev.copperplate.backup.testkit.s3;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes the framing off a body, and compares it with {@code x-amz-content-sha256}. See <a
 * href="https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html">chunks with
 * trailers</a>.
 */
final class PayloadReader {

  private static final String UNSIGNED = "UNSIGNED-PAYLOAD";
  private static final String CHUNKS = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
  private static final String CHUNKS_AND_TRAILER = CHUNKS + "-TRAILER";
  private static final String UNSIGNED_AND_TRAILER = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";

  private final Store store;
  private final BodyDigests digests;

  PayloadReader(Store store) {
    this.store = store;
    this.digests = new BodyDigests(store);
  }

  /** A body without its framing, and the trailers behind it. */
  private record Framed(byte[] content, Map<String, String> trailers) {}

  /**
   * Reads a body.
   *
   * @param signed null for an anonymous request
   * @param checksums whether checksums in headers are those of the body
   */
  Payload read(Request request, @Nullable Signed signed, boolean checksums) {
    Framed framed = framed(request, signed);
    return digests.compared(request, framed.content(), framed.trailers(), checksums);
  }

  private Framed framed(Request request, @Nullable Signed signed) {
    String hash = request.header("x-amz-content-sha256", UNSIGNED);
    return switch (hash) {
      case UNSIGNED -> new Framed(request.body(), Map.of());
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

  private Framed hashed(Request request, String hash) {
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
    return new Framed(request.body(), Map.of());
  }

  private static S3Error mismatch() {
    return new S3Error(
        400,
        "XAmzContentSHA256Mismatch",
        "The provided 'x-amz-content-sha256' header does not match what was computed.");
  }

  private Framed chunked(
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
    return new Framed(content, trailers);
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
      throw S3Error.incompleteBody();
    }
  }
}
