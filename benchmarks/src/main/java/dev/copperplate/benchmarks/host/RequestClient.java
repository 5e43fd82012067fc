package dev.copperplate.benchmarks.host;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * The main class of a child that asks a service at a fixed rate, whatever the answers take. Latency
 * counts from the moment when a request was due, so that a pause costs every request that it made
 * wait, and not only the one that saw it begin.
 *
 * <p>Arguments: port and requests a second. Each line of standard input has a number of requests
 * and, behind a blank, the file for their {@link Latencies}; a line {@code done} answers it. It
 * ends when standard input does.
 */
final class RequestClient {

  static final String DONE = "done";

  /** As many connections; when all wait for an answer, the next request is late, and says so. */
  static final int THREADS = 16;

  private static final double SECOND = 1e9;

  private final URL service;
  private final double interval;
  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

  private RequestClient(int port, int rate) throws IOException {
    String host = InetAddress.getLoopbackAddress().getHostAddress();
    service = URI.create("http://" + host + ":" + port + Service.PATH).toURL();
    interval = SECOND / rate;
  }

  public static void main(String[] arguments) throws Exception {
    RequestClient client =
        new RequestClient(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]));
    try (BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = commands.readLine(); line != null; line = commands.readLine()) {
        int blank = line.indexOf(' ');
        int requests = Integer.parseInt(line.substring(0, blank));
        client.ask(requests).write(Path.of(line.substring(blank + 1)));
        System.out.println(DONE);
      }
    } finally {
      client.threads.shutdownNow();
    }
  }

  private Latencies ask(int requests) throws InterruptedException, ExecutionException {
    long[] answered = new long[requests];
    long[] sent = new long[requests];
    AtomicInteger next = new AtomicInteger();
    long begin = System.nanoTime();
    List<Future<?>> asking = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      asking.add(
          threads.submit(
              () -> {
                for (int each = next.getAndIncrement();
                    each < requests;
                    each = next.getAndIncrement()) {
                  long due = begin + Math.round(each * interval);
                  waitUntil(due);
                  sent[each] = System.nanoTime() - due;
                  ask();
                  answered[each] = System.nanoTime() - due;
                }
                return null;
              }));
    }
    for (Future<?> each : asking) {
      each.get();
    }
    return new Latencies(answered, sent);
  }

  private static void waitUntil(long due) {
    for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  private void ask() throws IOException {
    HttpURLConnection connection = (HttpURLConnection) service.openConnection();
    try (InputStream answer = connection.getInputStream()) {
      // To its end, or the connection is not used again.
      answer.readAllBytes();
    }
  }
}
