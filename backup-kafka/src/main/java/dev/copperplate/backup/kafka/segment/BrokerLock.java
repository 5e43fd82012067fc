package dev.copperplate.backup.kafka.segment;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The lock by which one broker at a time has a log directory; whoever holds it keeps others out.
 */
final class BrokerLock implements Closeable {

  private final FileChannel channel;
  private final @Nullable Path made;

  private BrokerLock(FileChannel channel, @Nullable Path made) {
    this.channel = channel;
    this.made = made;
  }

  /**
   * Takes it.
   *
   * @throws BackupException {@code CONFLICT} if a broker has it
   */
  static BrokerLock take(Path logDirectory) throws IOException {
    Path file = logDirectory.resolve(".lock");
    boolean absent = !Files.exists(file, LinkOption.NOFOLLOW_LINKS);
    Set<OpenOption> options =
        new HashSet<>(Set.of(StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
    if (absent) {
      options.add(StandardOpenOption.CREATE_NEW);
    }
    FileChannel channel = FileChannel.open(file, options);
    try {
      // As long as the channel is open.
      FileLock lock = channel.tryLock();
      if (lock == null) {
        throw taken(logDirectory);
      }
      return new BrokerLock(channel, absent ? file : null);
    } catch (OverlappingFileLockException inThisProcess) {
      channel.close();
      throw taken(logDirectory);
    } catch (IOException refused) {
      channel.close();
      throw refused;
    }
  }

  private static BackupException taken(Path logDirectory) {
    return new BackupException(
        Kind.CONFLICT,
        "Restore onto "
            + logDirectory
            + " refused, nothing was changed: a broker runs on it and holds its .lock. Stop all"
            + " brokers that have replicas of these topics, restore onto each of them, and only"
            + " then start them again");
  }

  /** A file that was not there before is gone again: the broker could not open one of root. */
  @Override
  public void close() throws IOException {
    try {
      if (made != null) {
        Files.deleteIfExists(made);
      }
    } finally {
      channel.close();
    }
  }
}
