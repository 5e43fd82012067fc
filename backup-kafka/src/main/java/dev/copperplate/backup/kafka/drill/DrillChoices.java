package dev.copperplate.backup.kafka.drill;

import dev.copperplate.backup.kafka.TopicSelection;
import java.time.Duration;
import java.util.function.Predicate;

/**
 * What is drilled.
 *
 * @param topics which of the snapshot's
 * @param groups which of the snapshot's, by their ids
 * @param limit for all of it
 */
public record DrillChoices(TopicSelection topics, Predicate<String> groups, Duration limit) {

  /** All topics and groups, within six hours. */
  public static final DrillChoices DEFAULT =
      new DrillChoices(TopicSelection.all(), group -> true, Duration.ofHours(6));

  public DrillChoices {
    if (limit.isNegative() || limit.isZero()) {
      throw new IllegalArgumentException("No drill ends within " + limit);
    }
  }

  public DrillChoices topics(TopicSelection selection) {
    return new DrillChoices(selection, groups, limit);
  }

  public DrillChoices groups(Predicate<String> wanted) {
    return new DrillChoices(topics, wanted, limit);
  }

  public DrillChoices limit(Duration most) {
    return new DrillChoices(topics, groups, most);
  }
}
