package dev.copperplate.backup.postgres.restore;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.RestoreContext;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.postgres.inventory.StoredBase;
import dev.copperplate.backup.postgres.inventory.StoredSegment;
import dev.copperplate.backup.postgres.inventory.StoredWal;
import dev.copperplate.backup.postgres.inventory.WalSearch;
import dev.copperplate.backup.postgres.wal.TimelineHistory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes WAL beside a data directory, under the server's names. A segment that is not full is
 * filled up with zeros: the server takes no shorter one, and where zeros begin its WAL ends.
 */
final class WalWriting {

  private final Path directory;
  private final RestoreContext context;
  private final StoredBase base;
  private @Nullable StoredWal everywhere;

  /**
   * @param base to which the WAL belongs
   */
  WalWriting(Path directory, RestoreContext context, StoredBase base) {
    this.directory = directory;
    this.context = context;
    this.base = base;
  }

  /** Writes all of it, each commit by one worker. */
  void write(WalPlan plan) throws IOException, InterruptedException {
    for (TimelineHistory each : plan.histories()) {
      NewFiles.write(directory.resolve(TimelineHistory.fileName(each.timeline())), each.toBytes());
    }
    Map<Snapshot, List<List<StoredSegment>>> commits = new LinkedHashMap<>();
    for (List<StoredSegment> each : plan.segments()) {
      commits.computeIfAbsent(each.get(0).snapshot(), any -> new ArrayList<>()).add(each);
    }
    for (Map.Entry<Snapshot, List<List<StoredSegment>>> each : commits.entrySet()) {
      context.workers().submit(() -> write(each.getKey(), each.getValue()));
    }
    context.workers().join();
  }

  private int write(Snapshot snapshot, List<List<StoredSegment>> segments)
      throws IOException, InterruptedException {
    List<List<StoredSegment>> elsewhere = new ArrayList<>();
    try (SnapshotReader reader = context.snapshots().open(snapshot)) {
      for (List<StoredSegment> each : segments) {
        if (attempt(reader, each.get(0)) != null) {
          elsewhere.add(each);
        }
      }
    } catch (BackupException failure) {
      if (!WalSearch.isOfTheSnapshot(failure)) {
        throw failure;
      }
      elsewhere = segments;
    }
    for (List<StoredSegment> each : elsewhere) {
      writeFromOthers(each);
    }
    return segments.size();
  }

  /** Another version of the same segment will do as well. */
  private void writeFromOthers(List<StoredSegment> versions)
      throws IOException, InterruptedException {
    if (writtenFrom(versions) == null) {
      return;
    }
    List<StoredSegment> all = everywhere().versions(versions.get(0).segment());
    @Nullable BackupException failure = writtenFrom(all);
    if (failure != null) {
      throw new BackupException(
          Kind.DAMAGED,
          "WAL segment "
              + versions.get(0).segment()
              + " cannot be read in any of the "
              + all.size()
              + " commits that have it. Recover to a point before it, or from a newer base",
          failure);
    }
  }

  /** The failure, if none of the versions can be read. */
  private @Nullable BackupException writtenFrom(List<StoredSegment> versions)
      throws IOException, InterruptedException {
    @Nullable BackupException failure = null;
    for (StoredSegment each : versions) {
      try (SnapshotReader reader = context.snapshots().open(each.snapshot())) {
        failure = attempt(reader, each);
      } catch (BackupException gone) {
        failure = gone;
      }
      if (failure == null) {
        return null;
      }
      if (!WalSearch.isOfTheSnapshot(failure)) {
        throw failure;
      }
    }
    return failure;
  }

  /** Replaced commits are looked at only when what replaces them is damaged. */
  private synchronized StoredWal everywhere() throws IOException {
    if (everywhere == null) {
      String name = base.snapshot().source().name();
      everywhere = WalSearch.everywhere(context.snapshots(), name).of(base.facts().cluster());
    }
    return everywhere;
  }

  /** The failure, if it is one of this version alone. */
  private @Nullable BackupException attempt(SnapshotReader reader, StoredSegment version)
      throws IOException, InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("The restore was cancelled at " + version.segment());
    }
    Path file = directory.resolve(version.fileName());
    Files.deleteIfExists(file);
    Entry entry = reader.entry(version.path()).orElse(null);
    if (entry == null) {
      return new BackupException(Kind.MISSING, version.path() + " is not there any more");
    }
    try (InputStream content = reader.open(entry, ByteRange.ALL)) {
      NewFiles.write(file, content);
    } catch (BackupException failure) {
      Files.deleteIfExists(file);
      if (WalSearch.isOfTheSnapshot(failure)) {
        return failure;
      }
      throw failure;
    }
    fill(file, version.segment().size().bytes());
    return null;
  }

  private static void fill(Path file, long size) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      if (channel.size() > size) {
        channel.truncate(size);
      } else if (channel.size() < size) {
        channel.write(ByteBuffer.allocate(1), size - 1);
      }
    }
  }
}
