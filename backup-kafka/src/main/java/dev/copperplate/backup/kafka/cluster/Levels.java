package dev.copperplate.backup.kafka.cluster;

/** From which level to which a feature is finalized or supported. */
public record Levels(int from, int to) {

  Line line() {
    return new Line().with("from", from).with("to", to);
  }

  static Levels of(Line line) {
    return new Levels(line.integer("from"), line.integer("to"));
  }
}
