package dev.copperplate.backup.testkit.s3;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A request, parsed in path style, with the whole of its body. Used by one thread. */
final class Request {

  /** Bodies are kept in memory; AWS takes 5 GiB in one PUT. */
  static final int MOST_BODY = 512 << 20;

  private final String method;
  private final String path;
  private final String bucket;
  private final String key;
  private final Query query;
  private final Map<String, List<String>> headers = new TreeMap<>();
  private final byte[] body;
  private Payload payload = Payload.EMPTY;
  private User user = User.ANONYMOUS;

  Request(HttpExchange exchange, byte[] body) {
    this.method = exchange.getRequestMethod();
    this.path = UriText.decode(exchange.getRequestURI().getRawPath(), false);
    int slash = path.indexOf('/', 1);
    this.bucket = slash < 0 ? path.substring(1) : path.substring(1, slash);
    this.key = slash < 0 ? "" : path.substring(slash + 1);
    this.query = new Query(exchange.getRequestURI().getRawQuery());
    this.body = body;
    Headers sent = exchange.getRequestHeaders();
    sent.forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values));
  }

  /**
   * Reads the whole body: a connection can be used again only then. One that breaks off in the
   * middle throws, and is closed without an answer.
   */
  static byte[] body(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readNBytes(MOST_BODY + 1);
    if (body.length > MOST_BODY) {
      throw S3Error.notImplemented("bodies of more than " + MOST_BODY + " bytes");
    }
    return body;
  }

  String method() {
    return method;
  }

  /** Decoded. */
  String path() {
    return path;
  }

  /** Empty for the service itself. */
  String bucket() {
    return bucket;
  }

  /** Empty for a bucket. */
  String key() {
    return key;
  }

  Query query() {
    return query;
  }

  /** Names in lower case, sorted. */
  Map<String, List<String>> headers() {
    return headers;
  }

  @Nullable String header(String name) {
    List<String> values = headers.get(name);
    return values == null ? null : String.join(",", values).strip();
  }

  String header(String name, String otherwise) {
    String value = header(name);
    return value == null ? otherwise : value;
  }

  boolean hasHeader(String name) {
    return headers.containsKey(name);
  }

  /** Whether a header says {@code true}, in any case. */
  boolean flag(String name) {
    return header(name, "").equalsIgnoreCase("true");
  }

  /** As it came. */
  byte[] body() {
    return body;
  }

  /** As it is meant: without the framing of chunks, and compared with what was said of it. */
  Payload payload() {
    return payload;
  }

  void setPayload(Payload decoded) {
    payload = decoded;
  }

  User user() {
    return user;
  }

  void setUser(User who) {
    user = who;
  }

  /** The document in the body. */
  XmlElement xml(String root) {
    return XmlReader.read(payload.content(), root);
  }

  /** Refuses a body without Content-MD5 and without a checksum. */
  void requireDigest() {
    if (!payload.hasDigest()) {
      throw S3Error.invalidRequest(
          "Missing required header for this request: Content-MD5 OR x-amz-checksum-*");
    }
  }
}
