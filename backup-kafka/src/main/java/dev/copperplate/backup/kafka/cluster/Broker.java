package dev.copperplate.backup.kafka.cluster;

import org.apache.kafka.common.Node;

/**
 * A broker as clients see it.
 *
 * @param rack empty where it has none
 */
public record Broker(int id, String host, int port, String rack) {

  static Broker of(Node node) {
    return new Broker(node.id(), node.host(), node.port(), node.hasRack() ? node.rack() : "");
  }

  Line line() {
    return new Line().with("id", id).with("host", host).with("port", port).with("rack", rack);
  }

  static Broker of(Line line) {
    return new Broker(
        line.integer("id"), line.text("host"), line.integer("port"), line.text("rack"));
  }
}
