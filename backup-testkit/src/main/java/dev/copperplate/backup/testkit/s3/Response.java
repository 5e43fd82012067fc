package dev.copperplate.backup.testkit.s3;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An answer that has not been sent yet. */
final class Response {

  private final int status;
  private final Map<String, String> headers = new LinkedHashMap<>();
  private byte[] body = {};
  private int offset;
  private int length;

  Response(int status) {
    this.status = status;
  }

  static Response xml(XmlWriter document) {
    return new Response(200).header("Content-Type", "application/xml").body(document.bytes());
  }

  int status() {
    return status;
  }

  Map<String, String> headers() {
    return headers;
  }

  /** None for null. */
  Response header(String name, @Nullable Object value) {
    if (value != null) {
      headers.put(name, value.toString());
    }
    return this;
  }

  Response body(byte[] bytes) {
    return body(bytes, 0, bytes.length);
  }

  /** A part of an array, which is not copied. */
  Response body(byte[] bytes, int from, int count) {
    body = bytes;
    offset = from;
    length = count;
    return this;
  }

  byte[] bytes() {
    return body;
  }

  int offset() {
    return offset;
  }

  int length() {
    return length;
  }
}
