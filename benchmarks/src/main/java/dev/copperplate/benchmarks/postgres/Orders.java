package dev.copperplate.benchmarks.postgres;

import dev.copperplate.benchmarks.CommandLine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Carries out orders that it reads from standard input, one a line, until there is no more, so that
 * one process can be measured from its start, and another when it is warm:
 *
 * <pre>
 * open REPOSITORY
 * close REPOSITORY
 * base REPOSITORY URL
 * dump REPOSITORY URL
 * table REPOSITORY URL SCHEMA NAME NEW_NAME
 * </pre>
 *
 * <p>Each is answered by a line: how long it took, and what was done.
 */
public final class Orders {

  private static final String PASSWORD_FILE = "--password-file";
  private static final String USER = "--user";
  private static final String USAGE = "Orders " + PASSWORD_FILE + " FILE [" + USER + " ROLE] <LIST";
  private static final double NANOS = 1e9;

  private final Store store;
  private final String user;

  private Orders(CommandLine line) {
    this.store = new Store(line.path(PASSWORD_FILE));
    this.user = line.optional(USER).orElse("postgres");
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    Orders orders = new Orders(new CommandLine(USAGE, List.of(PASSWORD_FILE, USER), arguments));
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (orders.store) {
      for (String order = in.readLine(); order != null; order = in.readLine()) {
        System.out.println(orders.timed(order.split(" ", -1)));
      }
    }
  }

  private String timed(String... order) throws IOException, InterruptedException {
    long start = System.nanoTime();
    String done = carryOut(order);
    return String.format(Locale.ROOT, "%.3f %s", (System.nanoTime() - start) / NANOS, done);
  }

  private String carryOut(String... order) throws IOException, InterruptedException {
    if (order.length == 2 && order[0].equals("open")) {
      store.open(order[1]);
      return "open";
    }
    if (order.length == 2 && order[0].equals("close")) {
      store.forget(order[1]);
      return "closed";
    }
    if (order.length == 3 && order[0].equals("base")) {
      return store.backUpBase(order[1], order[2], user);
    }
    if (order.length == 3 && order[0].equals("dump")) {
      return store.dump(order[1], order[2], user);
    }
    if (order.length == 6 && order[0].equals("table")) {
      return store.restoreTable(order[1], order[2], user, order[3], order[4], order[5]);
    }
    throw new IllegalArgumentException("Not an order: " + Arrays.toString(order));
  }
}
