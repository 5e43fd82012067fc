package dev.copperplate.backup.kafka.segment;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A file of a log directory in which the broker notes an offset for each partition: its version,
 * how many lines follow, and {@code TOPIC PARTITION OFFSET}.
 *
 * <p>Used by one thread.
 *
 * @see <a
 *     href="https://github.com/apache/kafka/blob/4.1.1/server-common/src/main/java/org/apache/kafka/server/common/CheckpointFile.java">Kafka,
 *     CheckpointFile</a>
 */
final class Checkpoint {

  /** Before which offset nothing counts, where no file says so. */
  static final String LOG_START = "log-start-offset-checkpoint";

  /** Up to where all replicas have the log. */
  static final String HIGH_WATERMARK = "replication-offset-checkpoint";

  /** Up to where the log and its indexes are on disk. */
  static final String RECOVERY_POINT = "recovery-point-offset-checkpoint";

  /** Up to where the log is compacted. */
  static final String CLEANED = "cleaner-offset-checkpoint";

  /** A million partitions of long names. */
  private static final int MOST = 300_000_000;

  private static final String VERSION = "0";

  private final Path file;
  private final SortedMap<String, Long> offsets;

  private Checkpoint(Path file, SortedMap<String, Long> offsets) {
    this.file = file;
    this.offsets = offsets;
  }

  /**
   * Reads one; one that is absent has no offsets.
   *
   * @throws BackupException {@code CONFLICT} if it is none
   */
  static Checkpoint read(Path logDirectory, String name) throws IOException {
    Path file = logDirectory.resolve(name);
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      String text = new String(in.readNBytes(MOST), StandardCharsets.UTF_8);
      return new Checkpoint(file, parse(text.lines().toList()));
    } catch (NoSuchFileException absent) {
      return new Checkpoint(file, new TreeMap<>());
    } catch (IllegalArgumentException malformed) {
      throw new BackupException(
          Kind.CONFLICT,
          "Restore refused, nothing was changed: "
              + file
              + " is no checkpoint of version 0: "
              + malformed.getMessage()
              + ". Start the broker and stop it in order, which writes it anew",
          malformed);
    }
  }

  private static SortedMap<String, Long> parse(List<String> lines) {
    SortedMap<String, Long> offsets = new TreeMap<>();
    if (lines.isEmpty()) {
      return offsets;
    }
    if (!lines.get(0).equals(VERSION) || lines.size() < 2) {
      throw new IllegalArgumentException("it begins with " + lines.get(0));
    }
    for (String each : lines.subList(2, lines.size())) {
      int space = each.lastIndexOf(' ');
      if (space < 0) {
        throw new IllegalArgumentException("it has the line " + each);
      }
      offsets.put(each.substring(0, space), Long.valueOf(each.substring(space + 1)));
    }
    if (offsets.size() != Integer.parseInt(lines.get(1))) {
      throw new IllegalArgumentException("it has " + offsets.size() + " lines");
    }
    return offsets;
  }

  void put(String topic, int partition, long offset) {
    offsets.put(topic + " " + partition, offset);
  }

  void remove(String topic, int partition) {
    offsets.remove(topic + " " + partition);
  }

  /** Puts it in the place of the one that was read. */
  void write() throws IOException {
    StringBuilder text = new StringBuilder(VERSION + "\n" + offsets.size() + "\n");
    for (Map.Entry<String, Long> each : offsets.entrySet()) {
      text.append(each.getKey()).append(' ').append(each.getValue()).append('\n');
    }
    PlacedFiles.replace(file, text.toString().getBytes(StandardCharsets.UTF_8));
  }
}
