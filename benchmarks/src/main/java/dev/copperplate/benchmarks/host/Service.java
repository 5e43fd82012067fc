package dev.copperplate.benchmarks.host;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A service that answers each request with a small JSON and its hash, on loopback. */
final class Service implements AutoCloseable {

  static final String PATH = "/orders";

  private static final int THREADS = 8;
  private static final int LINES = 100;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

  Service() throws IOException {
    // Otherwise an answer in two packets waits up to 40 ms for the client's acknowledgement.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext(PATH, Service::answer);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  private static void answer(HttpExchange exchange) throws IOException {
    byte[] body = body();
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private static byte[] body() {
    StringBuilder json = new StringBuilder("{\"lines\":[");
    for (int i = 0; i < LINES; i++) {
      json.append(i == 0 ? "" : ",");
      json.append(String.format(Locale.ROOT, "{\"article\":%d,\"price\":%.2f}", i, i * 1.19));
    }
    json.append(']');
    String hash = HexFormat.of().formatHex(sha256(json.toString()));
    json.append(",\"sha256\":\"").append(hash).append("\"}");
    return json.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("Every JDK has SHA-256", impossible);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
