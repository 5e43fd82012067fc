package dev.copperplate.backup.kafka;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.kafka.replay.Journal;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.apache.kafka.common.TopicPartition;

/**
 * Where records of a snapshot went, by the journal of a {@link KafkaTopicsRestorer}: exactly, for
 * each offset.
 *
 * <p>A map may have a line for each record of a compacted topic. It is read from the start for each
 * call, and never held in memory. Immutable and thread-safe.
 */
public final class OffsetMap {

  private final Journal journal;

  private OffsetMap(Journal journal) {
    this.journal = journal;
  }

  /** The maps in the directory of a journal. Nothing is read yet. */
  public static OffsetMap open(Path journal) {
    return new OffsetMap(Journal.at(journal));
  }

  /**
   * The partition that a partition of the source became.
   *
   * @throws BackupException {@code NOT_FOUND} if it was not restored
   */
  public TopicPartition destination(TopicPartition source) throws IOException {
    return journal.destination(source);
  }

  /**
   * Where a reader goes on who would have gone on at an offset of the source: at the first record
   * that was restored and stood at that offset or behind it, or at the end.
   *
   * @throws BackupException {@code NOT_FOUND} if the partition was not restored, {@code CONFLICT}
   *     if that is not finished
   */
  public long translate(String topic, int partition, long offset) throws IOException {
    return translate(new TopicPartition(topic, partition), offset)[0];
  }

  /**
   * As {@link #translate(String, int, long)} for several offsets at once, of which the map is read
   * once.
   *
   * @param ascending offsets of the source
   * @throws IllegalArgumentException if they are not ascending
   */
  public long[] translate(TopicPartition source, long... ascending) throws IOException {
    for (int i = 1; i < ascending.length; i++) {
      if (ascending[i] < ascending[i - 1]) {
        throw new IllegalArgumentException(ascending[i] + " comes after " + ascending[i - 1]);
      }
    }
    try (BufferedReader lines =
        Files.newBufferedReader(journal.map(source), StandardCharsets.US_ASCII)) {
      return translate(source, lines, ascending);
    } catch (NoSuchFileException absent) {
      throw new BackupException(
          Kind.NOT_FOUND, "The journal " + journal + " has no map of " + source, absent);
    }
  }

  private long[] translate(TopicPartition source, BufferedReader lines, long[] ascending)
      throws IOException {
    long[] translated = new long[ascending.length];
    int done = 0;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      long[] run = run(source, line);
      while (done < ascending.length && (run[2] == 0 || ascending[done] < run[0] + run[2])) {
        translated[done] = run[1] + (run[2] == 0 ? 0 : Math.max(0, ascending[done] - run[0]));
        done++;
      }
      if (run[2] == 0) {
        return translated;
      }
    }
    throw new BackupException(
        Kind.CONFLICT, "The restore of " + source + " by journal " + journal + " is not finished");
  }

  /** Source, destination and count. */
  private long[] run(TopicPartition source, String line) throws BackupException {
    String[] parts = line.split(" ", -1);
    try {
      if (parts.length == 3) {
        return new long[] {
          Long.parseLong(parts[0]), Long.parseLong(parts[1]), Long.parseLong(parts[2])
        };
      }
    } catch (NumberFormatException malformed) {
      throw damaged(source);
    }
    throw damaged(source);
  }

  private BackupException damaged(TopicPartition source) {
    return new BackupException(
        Kind.DAMAGED, journal.map(source) + " is no map of offsets: begin the restore again");
  }
}
