package dev.copperplate.backup.testkit.network;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class FaultProxyHttpTest {

  private final List<String> served = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private HttpServer server;
  private FaultProxy proxy;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::serve);
    server.setExecutor(threads);
    server.start();
    proxy = FaultProxy.before(server.getAddress());
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    server.stop(0);
    threads.shutdownNow();
  }

  private void serve(HttpExchange exchange) throws IOException {
    int length = exchange.getRequestBody().readAllBytes().length;
    served.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + length);
    byte[] answer = "done".getBytes(UTF_8);
    exchange.sendResponseHeaders(200, answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
  }

  private HttpResponse<String> put(String path, int bytes) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + proxy.port() + path);
    HttpRequest request =
        HttpRequest.newBuilder(uri).PUT(BodyPublishers.ofByteArray(new byte[bytes])).build();
    return client.send(request, BodyHandlers.ofString());
  }

  private static String head(String path, int length, String more) {
    return "PUT "
        + path
        + " HTTP/1.1\r\nHost: s\r\nContent-Length: "
        + length
        + "\r\n"
        + more
        + "\r\n";
  }

  @Test
  void takesEachRequestOfAConnectionThatStaysForAnExchange() throws Exception {
    for (int i = 0; i < 5; i++) {
      assertEquals(200, put("/" + i, 100_000).statusCode());
    }
    assertEquals(1, proxy.connections());
    assertEquals(5, proxy.exchanges());
  }

  @Test
  void answersOneRequestInPlaceOfTheServer() throws Exception {
    proxy.on(Exchanges.any().nth(2), NetworkFault.slowDown(Duration.ofSeconds(7)));
    assertEquals(200, put("/a", 10).statusCode());
    HttpResponse<String> refused = put("/b", 10);
    assertEquals(503, refused.statusCode());
    assertEquals("7", refused.headers().firstValue("Retry-After").orElseThrow());
    assertTrue(refused.body().contains("<Code>SlowDown</Code>"), refused.body());
    assertEquals(200, put("/c", 10).statusCode());
    assertEquals(List.of("PUT /a 10", "PUT /c 10"), served);
    assertEquals(2, proxy.connections());
  }

  @Test
  void answersAClientThatIsStillSendingALargeContent() throws Exception {
    proxy.on(Exchanges.any(), NetworkFault.answers(503, Map.of("Server", "gateway"), "busy"));
    byte[] content = new byte[20_000_000];
    try (RawClient raw = new RawClient(proxy.address())) {
      raw.send(head("/large", content.length, ""));
      raw.send(content);
      assertEquals(
          "HTTP/1.1 503 \r\nServer: gateway\r\nContent-Length: 4\r\nConnection: close\r\n\r\nbusy",
          raw.receiveText());
    }
    assertEquals(List.of(), served);
  }

  @Test
  void showsAPageOfHtmlAsGatewaysDo() throws Exception {
    proxy.on(Connections.nth(1), NetworkFault.gatewayPage(502));
    HttpResponse<String> page = put("/a", 10);
    assertEquals(502, page.statusCode());
    assertEquals("text/html", page.headers().firstValue("Content-Type").orElseThrow());
    assertTrue(page.body().startsWith("<html>"), page.body());
  }

  @Test
  void losesTheAnswerOnlyWhenTheServerHasTheContentItAskedFor() throws Exception {
    proxy.on(Exchanges.any().nth(1), NetworkFault.answerLost());
    try (RawClient raw = new RawClient(proxy.address())) {
      raw.send(head("/a", 5, "Expect: 100-continue\r\n"));
      assertEquals("HTTP/1.1 100 Continue", raw.receiveHead());
      raw.send("12345");
      assertEquals("", raw.receiveText());
    }
    assertEquals(List.of("PUT /a 5"), served);
    assertEquals(1, proxy.exchanges());
  }

  @Test
  void letsAClientWithTenAttemptsThroughAnySchedule() throws Exception {
    for (long seed = 1; seed <= 5; seed++) {
      proxy.heal();
      FaultSchedule schedule = FaultSchedule.random(seed);
      proxy.on(schedule);
      for (int i = 0; i < 40; i++) {
        assertTrue(succeeds("/" + seed + "/" + i), schedule::toString);
      }
    }
    assertTrue(proxy.befallen() > 10, proxy.befallen() + " faults");
  }

  private boolean succeeds(String path) {
    for (int attempt = 1; attempt <= 10; attempt++) {
      try (RawClient raw = new RawClient(proxy.address())) {
        raw.patience(500);
        raw.send(head(path, 1000, "Connection: close\r\n"));
        raw.send(new byte[1000]);
        if (raw.receiveText().endsWith("done")) {
          return true;
        }
      } catch (IOException e) {
        // As the schedule wants it: the next attempt is another connection.
      }
    }
    return false;
  }
}
