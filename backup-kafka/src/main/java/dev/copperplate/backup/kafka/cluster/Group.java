package dev.copperplate.backup.kafka.cluster;

import java.util.List;

/**
 * A group, as it was at one moment.
 *
 * @param id any text
 * @param type {@code Classic}, {@code Consumer}, {@code Share}, {@code Streams}; {@code Unknown}
 *     where the broker does not tell
 * @param state in Kafka's words, such as {@code Stable} or {@code Empty}
 * @param protocol what its members speak: {@code consumer}, {@code connect}, {@code share}; empty
 *     for a group that only commits
 * @param assignor how partitions are spread, where told; else empty
 * @param simple whether it only commits and never had members
 * @param members how many; -1 where that may not be seen
 * @param offsetsKnown whether the offsets could be seen
 * @param offsets by topic and partition
 */
public record Group(
    String id,
    String type,
    String state,
    String protocol,
    String assignor,
    boolean simple,
    int members,
    boolean offsetsKnown,
    List<CommittedOffset> offsets) {

  public Group {
    offsets = offsets.stream().sorted(CommittedOffset.ORDER).toList();
  }

  Line line() {
    return new Line()
        .with("id", id)
        .with("type", type)
        .with("state", state)
        .with("protocol", protocol)
        .with("assignor", assignor)
        .with("simple", simple)
        .with("members", members)
        .with("offsetsKnown", offsetsKnown)
        .with("offsets", offsets.stream().map(CommittedOffset::line).toList());
  }

  static Group of(Line line) {
    return new Group(
        line.text("id"),
        line.text("type"),
        line.text("state"),
        line.text("protocol"),
        line.text("assignor"),
        line.flag("simple"),
        line.integer("members"),
        line.flag("offsetsKnown"),
        line.lines("offsets").stream().map(CommittedOffset::of).toList());
  }
}
