package dev.copperplate.backup.kafka.replay;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.kafka.layout.TopicNames;
import java.io.Closeable;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/**
 * The directory that makes a second attempt exact. {@code topics/TOPIC/topic} has what is known of
 * a topic that is made, {@code PARTITION.partition} beside it of a partition, {@code PARTITION.map}
 * where records went; topics are called as in the source. {@code group/NAME} stands for a group
 * that was moved, {@code complete} for the end.
 *
 * <p>Thread-safe for different partitions.
 */
public final class Journal {

  private static final String COMPLETE = "complete";

  private final Path directory;

  private Journal(Path directory) {
    this.directory = directory;
  }

  /** One in a directory, which need not be there. */
  public static Journal at(Path directory) {
    return new Journal(directory);
  }

  /**
   * Keeps others away until it is closed, or this process ends.
   *
   * @throws BackupException {@code LOCKED} if somebody works with it
   */
  Closeable lock() throws IOException {
    Files.createDirectories(directory);
    FileChannel file =
        FileChannel.open(
            directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    boolean locked = false;
    try {
      FileLock lock = file.tryLock();
      locked = lock != null;
    } catch (OverlappingFileLockException here) {
      locked = false;
    } finally {
      if (!locked) {
        file.close();
      }
    }
    if (!locked) {
      throw new BackupException(
          Kind.LOCKED, "Another restore works with the journal " + directory + " right now");
    }
    return file;
  }

  Optional<TopicNote> topic(String source) throws IOException {
    Optional<JournalFile> file = JournalFile.read(topicFile(source));
    return file.isEmpty() ? Optional.empty() : Optional.of(TopicNote.of(file.get()));
  }

  void write(String source, TopicNote note) throws IOException {
    JournalFile.write(topicFile(source), note.values());
  }

  Optional<PartitionNote> partition(TopicPartition source) throws IOException {
    Optional<JournalFile> file = JournalFile.read(file(source, ".partition"));
    return file.isEmpty() ? Optional.empty() : Optional.of(PartitionNote.of(file.get()));
  }

  void write(TopicPartition source, PartitionNote note) throws IOException {
    JournalFile.write(file(source, ".partition"), note.values());
  }

  /**
   * Where a partition went.
   *
   * @throws BackupException {@code NOT_FOUND} if it was not restored
   */
  public TopicPartition destination(TopicPartition source) throws IOException {
    return partition(source).orElseThrow(() -> unknown(source)).destination();
  }

  /** The file with the map of a partition. */
  public Path map(TopicPartition source) {
    return file(source, ".map");
  }

  /** Whether offsets of the group were committed. */
  boolean hasMoved(String group) {
    return Files.exists(groupFile(group));
  }

  void moved(String group) throws IOException {
    JournalFile.write(groupFile(group), Map.of());
  }

  boolean isComplete() {
    return Files.exists(directory.resolve(COMPLETE));
  }

  void complete() throws IOException {
    JournalFile.write(directory.resolve(COMPLETE), Map.of());
  }

  private BackupException unknown(TopicPartition source) {
    return new BackupException(
        Kind.NOT_FOUND, "The journal " + directory + " knows of no restore of " + source);
  }

  /** Names of groups may be longer than those of files. */
  private Path groupFile(String group) {
    String name = URLEncoder.encode(group, StandardCharsets.UTF_8);
    return directory
        .resolve("group")
        .resolve(name.length() > 200 ? Digest.of(group) : "of-" + name);
  }

  private Path topicFile(String source) {
    return topicDirectory(source).resolve("topic");
  }

  private Path file(TopicPartition source, String ending) {
    return topicDirectory(source.topic()).resolve(source.partition() + ending);
  }

  private Path topicDirectory(String source) {
    return directory.resolve("topics").resolve(TopicNames.legal(source));
  }

  @Override
  public String toString() {
    return directory.toString();
  }
}
