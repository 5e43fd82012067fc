package dev.copperplate.backup.postgres.tools;

import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The version of a program, such as 17.12.
 *
 * @param minor 0 for one that is not released yet
 */
public record ToolVersion(int major, int minor) implements Comparable<ToolVersion> {

  private static final Pattern SAID =
      Pattern.compile("\\(PostgreSQL\\) ([0-9]{1,3})(?:\\.([0-9]{1,3}))?");

  /** The first minor version of each major one whose pg_dump guards psql's commands. */
  private static final Map<Integer, Integer> RESTRICTING = Map.of(14, 19, 15, 14, 16, 10, 17, 6);

  private static final Comparator<ToolVersion> ORDER =
      Comparator.comparingInt(ToolVersion::major).thenComparingInt(ToolVersion::minor);

  /** Reads what a program prints for {@code --version}. */
  static Optional<ToolVersion> parse(String said) {
    Matcher version = SAID.matcher(said);
    if (!version.find()) {
      return Optional.empty();
    }
    String minor = version.group(2) == null ? "0" : version.group(2);
    return Optional.of(
        new ToolVersion(Integer.parseInt(version.group(1)), Integer.parseInt(minor)));
  }

  /**
   * Whether its dumps begin with {@code \restrict}, and it takes {@code --restrict-key}.
   *
   * @see <a href="https://www.postgresql.org/support/security/CVE-2025-8714/">CVE-2025-8714</a>
   */
  public boolean restricts() {
    return major > 17 || minor >= RESTRICTING.getOrDefault(major, Integer.MAX_VALUE);
  }

  @Override
  public int compareTo(ToolVersion other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return major + "." + minor;
  }
}
