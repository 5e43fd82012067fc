package dev.copperplate.backup.kafka.cluster;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Lines of releases by the highest level of {@code metadata.version} that they know.
 *
 * @see <a
 *     href="https://github.com/apache/kafka/blob/4.3/server-common/src/main/java/org/apache/kafka/server/common/MetadataVersion.java">Kafka,
 *     MetadataVersion</a>
 */
public final class Releases {

  private static final NavigableMap<Integer, String> BY_HIGHEST_LEVEL =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry(1, "3.0"),
              Map.entry(2, "3.1"),
              Map.entry(3, "3.2"),
              Map.entry(7, "3.3"),
              Map.entry(8, "3.4"),
              Map.entry(11, "3.5"),
              Map.entry(14, "3.6"),
              Map.entry(19, "3.7"),
              Map.entry(20, "3.8"),
              Map.entry(21, "3.9"),
              Map.entry(25, "4.0"),
              Map.entry(27, "4.1"),
              Map.entry(29, "4.2"),
              Map.entry(30, "4.3")));

  private Releases() {}

  /** Empty where it is not known. */
  public static String of(int level) {
    Map.Entry<Integer, String> at = BY_HIGHEST_LEVEL.ceilingEntry(level);
    return level < 1 || at == null ? "" : at.getValue();
  }
}
