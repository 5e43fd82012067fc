package dev.copperplate.backup.testkit.network;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** An answer of HTTP/1.1 in place of the server's. */
record HttpAnswer(int status, Map<String, String> headers, String body) implements NetworkFault {

  HttpAnswer {
    if (status < 200 || status > 599) {
      throw new IllegalArgumentException("No status of an answer: " + status);
    }
    headers.forEach(HttpAnswer::requireOneLine);
    headers = new TreeMap<>(headers); // In the same order each time, also in toString.
  }

  private static void requireOneLine(String name, String value) {
    String both = name + value;
    if (name.isEmpty() || both.indexOf('\r') >= 0 || both.indexOf('\n') >= 0) {
      throw new IllegalArgumentException("No header of one line: " + name + ": " + value);
    }
  }

  static HttpAnswer slowDown(Duration retryAfter) {
    return new HttpAnswer(
        503,
        Map.of(
            "Content-Type",
            "application/xml",
            "Retry-After",
            Long.toString(retryAfter.toSeconds())),
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>SlowDown</Code>"
            + "<Message>Please reduce your request rate.</Message><RequestId>0</RequestId></Error>");
  }

  static HttpAnswer gatewayPage(int status) {
    return new HttpAnswer(
        status,
        Map.of("Content-Type", "text/html"),
        "<html><head><title>"
            + status
            + "</title></head><body><h1>"
            + status
            + "</h1></body></html>");
  }

  @Override
  public void before(Piece piece) {
    if (piece.direction() == Direction.UPSTREAM) {
      piece.endAt(piece.position());
      piece.reply(bytes());
    }
  }

  @Override
  public Fate after(Piece piece) {
    return piece.direction() == Direction.UPSTREAM ? Fate.CLOSED : Fate.LIVES;
  }

  private byte[] bytes() {
    byte[] content = body.getBytes(UTF_8);
    StringBuilder head = new StringBuilder("HTTP/1.1 ").append(status).append(" \r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    head.append("Content-Length: ").append(content.length).append("\r\n");
    head.append("Connection: close\r\n\r\n");
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(head.toString().getBytes(ISO_8859_1));
    all.writeBytes(content);
    return all.toByteArray();
  }
}
