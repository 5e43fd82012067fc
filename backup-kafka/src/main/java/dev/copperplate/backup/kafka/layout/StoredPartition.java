package dev.copperplate.backup.kafka.layout;

import dev.copperplate.backup.kafka.batch.AbortedTransaction;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.Uuid;

/**
 * What a snapshot holds of a partition.
 *
 * @param topicId of the topic; another one is another topic of the same name
 * @param partition its number
 * @param from the first offset that counts; the first file may begin before it, with what the
 *     broker had deleted already
 * @param to the first offset that is not held: the last stable one when it was captured
 * @param epoch the leader epoch of the last batch; -1 if there is none or it is not known
 * @param transport how it was read, {@code raw} or {@code consumer}
 * @param files ascending
 * @param holes ascending, all of them at or behind {@code from}
 * @param aborted ascending by marker; those that have records in the files
 * @param unended ascending by first offset
 */
public record StoredPartition(
    Uuid topicId,
    int partition,
    long from,
    long to,
    int epoch,
    String transport,
    List<StoredFile> files,
    List<Hole> holes,
    List<AbortedTransaction> aborted,
    List<UnendedTransaction> unended) {

  public StoredPartition {
    files = List.copyOf(files);
    holes = List.copyOf(holes);
    aborted = List.copyOf(aborted);
    unended = List.copyOf(unended);
    if (partition < 0 || from < 0 || to < from) {
      throw new IllegalArgumentException(
          "No partition " + partition + " from " + from + " to " + to);
    }
    long end = -1;
    for (StoredFile each : files) {
      if (each.base() < end) {
        throw new IllegalArgumentException("Files out of order at " + each.base());
      }
      end = each.next();
    }
    if (end > to) {
      throw new IllegalArgumentException("Files end at " + end + ", behind " + to);
    }
  }

  /** The last file, if there is one. */
  public Optional<StoredFile> last() {
    return files.isEmpty() ? Optional.empty() : Optional.of(files.get(files.size() - 1));
  }

  /** Bytes of all files. */
  public long bytes() {
    return files.stream().mapToLong(StoredFile::bytes).sum();
  }

  /** Records of all files, without markers. */
  public long records() {
    return files.stream().mapToLong(StoredFile::records).sum();
  }
}
