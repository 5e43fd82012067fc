package dev.copperplate.backup.postgres.wal;

import dev.copperplate.backup.postgres.Lsn;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a timeline came about: the timelines before it, and where each was left. The text of a file
 * {@code 00000003.history}.
 *
 * @param timeline which one this is
 * @param ancestors oldest first, numbers and positions ascending; empty for the first timeline
 * @see <a
 *     href="https://www.postgresql.org/docs/17/continuous-archiving.html#BACKUP-TIMELINES">PostgreSQL,
 *     "Timelines"</a>
 */
public record TimelineHistory(int timeline, List<Ancestor> ancestors) {

  /** What the name of such a file ends in. */
  public static final String SUFFIX = ".history";

  /** Far above what 10,000 promotions leave; a server that wrote more is none. */
  public static final int MAX_BYTES = 1 << 20;

  private static final Pattern NAME = Pattern.compile("([0-9A-F]{8})\\.history");
  private static final Pattern LINE =
      Pattern.compile("\\s*([0-9]{1,10})\\s+([0-9A-Fa-f]{1,8}/[0-9A-Fa-f]{1,8})(?:\\s+(.*))?");

  /**
   * A timeline that was left.
   *
   * @param timeline which one
   * @param end where the next one begins; the byte at this position is the next one's
   * @param reason what the server says of it, one line; every byte is a character
   */
  public record Ancestor(int timeline, Lsn end, String reason) {}

  public TimelineHistory {
    ancestors = List.copyOf(ancestors);
    int last = 0;
    Lsn position = Lsn.NONE;
    for (Ancestor each : ancestors) {
      if (each.timeline() <= last || each.timeline() >= timeline) {
        throw new IllegalArgumentException(
            "Timelines out of order: " + each.timeline() + " in the history of " + timeline);
      }
      if (each.end().isBefore(position)) {
        throw new IllegalArgumentException(
            "Timeline " + each.timeline() + " ends at " + each.end() + ", before it began");
      }
      last = each.timeline();
      position = each.end();
    }
    if (timeline < 1) {
      throw new IllegalArgumentException("Timelines begin with 1: " + timeline);
    }
  }

  /** A timeline of which no history is known: the first, or the only one that matters. */
  public static TimelineHistory without(int timeline) {
    return new TimelineHistory(timeline, List.of());
  }

  /** The name of the file of a timeline. */
  public static String fileName(int timeline) {
    return String.format(Locale.ROOT, "%08X", timeline) + SUFFIX;
  }

  /** The timeline whose file has the name, if it is such a name. */
  public static Optional<Integer> ofFileName(String name) {
    Matcher digits = NAME.matcher(name);
    if (!digits.matches()) {
      return Optional.empty();
    }
    long timeline = Long.parseLong(digits.group(1), 16);
    return timeline < 1 || timeline > Integer.MAX_VALUE
        ? Optional.empty()
        : Optional.of((int) timeline);
  }

  /**
   * Reads the server's file. Empty lines and comments are passed over, as the server does.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static TimelineHistory parse(int timeline, byte[] file) {
    if (file.length > MAX_BYTES) {
      throw new IllegalArgumentException("A history of " + file.length + " bytes is none");
    }
    List<Ancestor> ancestors = new ArrayList<>();
    for (String line : new String(file, StandardCharsets.ISO_8859_1).split("\n", -1)) {
      String text = line.strip();
      if (!text.isEmpty() && !text.startsWith("#")) {
        ancestors.add(ancestor(text));
      }
    }
    return new TimelineHistory(timeline, ancestors);
  }

  private static Ancestor ancestor(String line) {
    Matcher parts = LINE.matcher(line);
    if (!parts.matches()) {
      throw new IllegalArgumentException("Not a line of a timeline's history: '" + line + "'");
    }
    long timeline = Long.parseLong(parts.group(1));
    if (timeline < 1 || timeline > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("Not a timeline: " + timeline);
    }
    String reason = parts.group(3) == null ? "" : parts.group(3);
    return new Ancestor((int) timeline, Lsn.parse(parts.group(2)), reason);
  }

  /** The file, as the server writes it. */
  public byte[] toBytes() {
    StringBuilder text = new StringBuilder();
    for (Ancestor each : ancestors) {
      text.append(each.timeline()).append('\t').append(each.end());
      text.append('\t').append(each.reason()).append('\n');
    }
    return text.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Which timeline the byte at the position is of, on the way to this one. */
  public int timelineAt(Lsn position) {
    for (Ancestor each : ancestors) {
      if (position.isBefore(each.end())) {
        return each.timeline();
      }
    }
    return timeline;
  }

  /** Whether this is the timeline, or comes from it. */
  public boolean passes(int other) {
    return other == timeline || endOf(other).isPresent();
  }

  /** Where the way to this timeline leaves another one; empty if it never was on it or is on it. */
  public Optional<Lsn> endOf(int other) {
    return ancestors.stream()
        .filter(each -> each.timeline() == other)
        .map(Ancestor::end)
        .findFirst();
  }

  /** The timelines on the way, this one last. */
  public List<Integer> path() {
    List<Integer> path = new ArrayList<>();
    ancestors.forEach(each -> path.add(each.timeline()));
    path.add(timeline);
    return List.copyOf(path);
  }
}
