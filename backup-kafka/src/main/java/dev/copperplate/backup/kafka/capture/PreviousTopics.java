package dev.copperplate.backup.kafka.capture;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.kafka.layout.StoredPartition;
import dev.copperplate.backup.kafka.layout.StoredTopics;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** What an earlier snapshot holds, for going on from there. Thread-safe. */
final class PreviousTopics {

  private final Optional<SnapshotReader> reader;

  PreviousTopics(Optional<SnapshotReader> reader) {
    this.reader = reader;
  }

  /** What it holds of a partition; empty if nothing that can be read. */
  Optional<StoredPartition> partition(String topic, int partition) throws IOException {
    if (reader.isEmpty()) {
      return Optional.empty();
    }
    try {
      return new StoredTopics(reader.get()).find(topic, partition);
    } catch (BackupException unreadable) {
      if (unreadable.kind() == Kind.DAMAGED || unreadable.kind() == Kind.MISSING) {
        return Optional.empty();
      }
      throw unreadable;
    }
  }

  Optional<Entry> entry(EntryPath path) throws IOException {
    return reader.isEmpty() ? Optional.empty() : reader.get().entry(path);
  }

  InputStream open(Entry file) throws IOException {
    return reader.orElseThrow().open(file, ByteRange.ALL);
  }
}
