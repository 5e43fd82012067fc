package dev.copperplate.backup.kafka.cluster;

/**
 * Something of a cluster that a snapshot does not hold.
 *
 * @param what it is, such as {@code SCRAM secrets} or {@code group orders}
 * @param why it is not there
 * @param remedy what a person can do; may be empty
 */
public record Gap(String what, String why, String remedy) {

  Line line() {
    return new Line().with("what", what).with("why", why).with("remedy", remedy);
  }

  static Gap of(Line line) {
    return new Gap(line.text("what"), line.text("why"), line.text("remedy"));
  }
}
