package dev.copperplate.backup.testkit.network;

import java.util.ArrayList;
import java.util.List;

/** What is to befall whom, and how often it did. Thread-safe. */
final class Rules {

  private final List<Since> rules = new ArrayList<>();
  private long connections;
  private long exchanges;
  private long befallen;

  /** A rule, and how many connections had come before it. */
  private record Since(Rule rule, long connections) {}

  synchronized void add(Rule rule) {
    rules.add(new Since(rule, connections));
  }

  synchronized void clear() {
    rules.clear();
  }

  synchronized long nextConnection() {
    return ++connections;
  }

  synchronized List<NetworkFault> ofConnection(long number) {
    List<NetworkFault> faults = new ArrayList<>();
    for (Since since : rules) {
      if (since.rule().befallsConnection(number - since.connections())) {
        faults.add(since.rule().fault());
      }
    }
    return counted(faults);
  }

  synchronized List<NetworkFault> ofExchange(long connection, long number) {
    exchanges++;
    List<NetworkFault> faults = new ArrayList<>();
    for (Since since : rules) {
      if (since.rule().befallsExchange(connection - since.connections(), number)) {
        faults.add(since.rule().fault());
      }
    }
    return counted(faults);
  }

  private List<NetworkFault> counted(List<NetworkFault> faults) {
    befallen += faults.isEmpty() ? 0 : 1;
    return List.copyOf(faults);
  }

  synchronized long connections() {
    return connections;
  }

  synchronized long exchanges() {
    return exchanges;
  }

  synchronized long befallen() {
    return befallen;
  }
}
