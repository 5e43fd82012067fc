package dev.copperplate.backup.kafka.segment;

import dev.copperplate.backup.kafka.TopicSelection;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/**
 * What a user chose.
 *
 * @param logDirectory of the stopped broker
 * @param topics by their names in the snapshot
 * @param names new ones by those in the snapshot
 * @param replacing whether directories that hold records are emptied
 */
public record SegmentChoices(
    Path logDirectory, TopicSelection topics, UnaryOperator<String> names, boolean replacing) {

  public static SegmentChoices onto(Path logDirectory) {
    return new SegmentChoices(
        logDirectory.toAbsolutePath().normalize(),
        TopicSelection.all(),
        UnaryOperator.identity(),
        false);
  }

  public SegmentChoices topics(TopicSelection other) {
    return new SegmentChoices(logDirectory, other, names, replacing);
  }

  public SegmentChoices names(UnaryOperator<String> other) {
    return new SegmentChoices(logDirectory, topics, other, replacing);
  }

  public SegmentChoices withReplacing() {
    return new SegmentChoices(logDirectory, topics, names, true);
  }
}
