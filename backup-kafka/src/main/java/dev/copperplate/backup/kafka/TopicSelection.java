package dev.copperplate.backup.kafka;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which topics: by name, by a pattern of a shell, or by a regular expression, each of them the
 * whole name. Kafka's internal topics are taken only if {@linkplain #named named}.
 *
 * <p>Immutable.
 */
public final class TopicSelection {

  private final Set<String> names;
  private final Predicate<String> matches;
  private final String text;

  private TopicSelection(Set<String> names, Predicate<String> matches, String text) {
    this.names = names;
    this.matches = matches;
    this.text = text;
  }

  /** All topics but internal ones. */
  public static TopicSelection all() {
    return new TopicSelection(Set.of(), name -> true, "all topics");
  }

  /** Topics of these names. A capture is partial where one does not exist. */
  public static TopicSelection named(String... names) {
    return new TopicSelection(Set.of(names), name -> false, String.join(", ", names));
  }

  /**
   * Topics that a shell's pattern matches: a star stands for any characters, a question mark for
   * one.
   */
  public static TopicSelection glob(String pattern) {
    String expression =
        pattern
            .chars()
            .mapToObj(c -> c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(Character.toString(c)))
            .collect(Collectors.joining());
    return new TopicSelection(
        Set.of(), Pattern.compile(expression).asMatchPredicate(), "topics like " + pattern);
  }

  /** Topics whose whole name the expression matches. */
  public static TopicSelection pattern(Pattern pattern) {
    return new TopicSelection(Set.of(), pattern.asMatchPredicate(), "topics that match " + pattern);
  }

  /** Those of this and of the others. */
  public TopicSelection and(TopicSelection... others) {
    TopicSelection all = this;
    for (TopicSelection each : Arrays.asList(others)) {
      SortedSet<String> names = new TreeSet<>(all.names);
      names.addAll(each.names);
      all = new TopicSelection(names, all.matches.or(each.matches), all.text + " and " + each.text);
    }
    return all;
  }

  /** Those of this, without those of the other. */
  public TopicSelection except(TopicSelection other) {
    SortedSet<String> left = new TreeSet<>(names);
    left.removeIf(name -> other.includes(name, false));
    return new TopicSelection(
        left, matches.and(name -> !other.includes(name, false)), text + " except " + other.text);
  }

  /** Whether a topic is selected. */
  public boolean includes(String name, boolean internal) {
    return names.contains(name) || (!internal && matches.test(name));
  }

  /** The named ones that are not among these. */
  public List<String> missing(Collection<String> existing) {
    return names.stream().filter(name -> !existing.contains(name)).sorted().toList();
  }

  @Override
  public String toString() {
    return text;
  }
}
