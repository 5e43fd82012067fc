package dev.copperplate.backup.s3.fake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What happens below the requests, with a bare socket. */
class FakeS3ConnectionTest extends FakeS3Suite {

  private static final String EMPTY_LINE = "\r\n\r\n";

  private RawS3 raw;

  @BeforeEach
  void makeBucket() {
    fake.createBucket(BUCKET);
    raw = new RawS3(fake);
  }

  private Socket connect() throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), fake.endpoint().getPort());
  }

  private static String head(RawS3.Signed signed, String more) {
    StringBuilder head = new StringBuilder();
    head.append(signed.method()).append(' ').append(signed.uri().getRawPath());
    head.append(" HTTP/1.1\r\nHost: ").append(signed.uri().getRawAuthority()).append("\r\n");
    signed.headers().forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
    return head + more + EMPTY_LINE;
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().flush();
  }

  private static String readHead(InputStream stream) throws IOException {
    StringBuilder head = new StringBuilder();
    while (!head.toString().endsWith(EMPTY_LINE)) {
      int each = stream.read();
      if (each < 0) {
        break;
      }
      head.append((char) each);
    }
    return head.toString();
  }

  private RawS3.Signed put(String content) {
    return raw.signed("PUT", "/orders/k", Map.of(), content, fake.region(), fake.secretKey());
  }

  @Test
  void whoWaitsForTheWordToGoOnGetsIt() throws Exception {
    try (Socket socket = connect()) {
      write(socket, head(put("content"), "Content-Length: 7\r\nExpect: 100-continue"));

      assertTrue(readHead(socket.getInputStream()).startsWith("HTTP/1.1 100"));
      write(socket, "content");
      assertTrue(readHead(socket.getInputStream()).startsWith("HTTP/1.1 200"));
    }
    assertEquals("content", get("k"));
  }

  @Test
  void aConnectionTakesRequestAfterRequest() throws Exception {
    try (Socket socket = connect()) {
      for (int number = 0; number < 5; number++) {
        write(socket, head(put("content"), "Content-Length: 7") + "content");
        assertTrue(readHead(socket.getInputStream()).startsWith("HTTP/1.1 200"));
        RawS3.Signed absent =
            raw.signed("HEAD", "/orders/absent", Map.of(), "", fake.region(), fake.secretKey());
        write(socket, head(absent, "Content-Length: 0"));
        assertTrue(readHead(socket.getInputStream()).startsWith("HTTP/1.1 404"));
      }
    }
  }

  @Test
  void aBodyThatBreaksOffIsNotStored() throws Exception {
    try (Socket socket = connect()) {
      RawS3.Signed unsigned = raw.unsigned("PUT", "/orders/k");
      write(socket, head(unsigned, "Content-Length: 7") + "cont");
      socket.shutdownOutput();

      assertEquals(-1, socket.getInputStream().read());
    }
    assertRefused(404, "NoSuchKey", () -> get("k"));
  }
}
