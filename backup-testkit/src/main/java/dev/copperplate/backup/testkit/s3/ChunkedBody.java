package dev.copperplate.backup.testkit.s3;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A body of the content encoding {@code aws-chunked}: <a
 * href="https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html">chunks</a>, each with
 * its length and perhaps a signature, and perhaps trailers.
 */
final class ChunkedBody {

  private static final int LEAST_CHUNK = 8192;
  private static final String SIGNATURE = ";chunk-signature=";
  private static final String TRAILER_SIGNATURE = "x-amz-trailer-signature";

  private final byte[] body;
  private final @Nullable ChunkSignatures signatures;
  private final ByteArrayOutputStream content = new ByteArrayOutputStream();
  private final Map<String, String> trailers = new TreeMap<>();
  private int at;

  /**
   * Reads all of it.
   *
   * @param signatures null if the chunks bear none
   */
  ChunkedBody(byte[] body, @Nullable ChunkSignatures signatures) {
    this.body = body;
    this.signatures = signatures;
    readChunks();
    readTrailers();
    if (at != body.length) {
      throw S3Error.incompleteBody();
    }
  }

  byte[] content() {
    return content.toByteArray();
  }

  /** By lower-case name, without the signature. */
  Map<String, String> trailers() {
    return Collections.unmodifiableMap(trailers);
  }

  private void readChunks() {
    boolean last = false;
    int before = LEAST_CHUNK;
    for (int number = 1; !last; number++) {
      String head = line();
      int length = length(head);
      byte[] chunk = Arrays.copyOfRange(body, at, at + length);
      at += length;
      check(head, chunk);
      last = length == 0;
      if (before < LEAST_CHUNK && !last) {
        throw tooSmall(number - 1, before);
      }
      before = length;
      content.writeBytes(chunk);
      if (!last && !line().isEmpty()) {
        throw S3Error.incompleteBody();
      }
    }
  }

  private static S3Error tooSmall(int number, int length) {
    return new S3Error(
            403,
            "InvalidChunkSizeError",
            "Only the last chunk is allowed to have a size less than 8192 bytes")
        .detail("Chunk", Integer.toString(number))
        .detail("BadChunkSize", Integer.toString(length));
  }

  private int length(String head) {
    int end = head.indexOf(';');
    try {
      int length = Integer.parseInt(end < 0 ? head : head.substring(0, end), 16);
      if (length >= 0 && length <= body.length - at) {
        return length;
      }
    } catch (NumberFormatException e) {
      throw S3Error.incompleteBody();
    }
    throw S3Error.incompleteBody();
  }

  private void check(String head, byte[] chunk) {
    int mark = head.indexOf(SIGNATURE);
    if (signatures == null) {
      if (head.indexOf(';') >= 0) {
        throw S3Error.incompleteBody();
      }
    } else if (mark < 0) {
      throw Signature.doesNotMatch();
    } else {
      signatures.check(chunk, head.substring(mark + SIGNATURE.length()));
    }
  }

  private void readTrailers() {
    StringBuilder canonical = new StringBuilder();
    String signature = null;
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      if (colon < 0) {
        throw S3Error.incompleteBody();
      }
      String name = line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
      String value = line.substring(colon + 1).strip();
      if (name.equals(TRAILER_SIGNATURE)) {
        signature = value;
      } else {
        trailers.put(name, value);
        canonical.append(name).append(':').append(value).append('\n');
      }
    }
    if (signatures != null && !trailers.isEmpty()) {
      signatures.checkTrailer(canonical.toString(), signature == null ? "" : signature);
    }
  }

  private String line() {
    int end = at;
    while (end + 1 < body.length && (body[end] != '\r' || body[end + 1] != '\n')) {
      end++;
    }
    if (end + 1 >= body.length) {
      throw S3Error.incompleteBody();
    }
    String line = new String(body, at, end - at, StandardCharsets.ISO_8859_1);
    at = end + 2;
    return line;
  }
}
