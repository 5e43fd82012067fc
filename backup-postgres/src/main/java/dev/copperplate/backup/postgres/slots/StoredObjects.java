package dev.copperplate.backup.postgres.slots;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.EntryType;
import dev.copperplate.backup.Manifest;
import dev.copperplate.backup.SnapshotReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** What a snapshot of replication objects holds. */
record StoredObjects(
    Manifest manifest,
    List<Slot> slots,
    List<Publication> publications,
    List<Subscription> subscriptions) {

  /** Far above what a server can have; all of it is in memory. */
  private static final long MAX_BYTES = 64L << 20;

  /**
   * Reads it.
   *
   * @throws BackupException {@code INVALID} if it is a snapshot of something else, {@code DAMAGED}
   *     if its lists cannot be read
   */
  static StoredObjects read(SnapshotReader snapshot) throws IOException {
    Manifest manifest = snapshot.manifest();
    if (!manifest.get(ReplicationFacts.KIND).orElse("").equals(ReplicationFacts.REPLICATION)) {
      throw new BackupException(
          Kind.INVALID,
          "Snapshot "
              + snapshot.snapshot().run()
              + " holds no slots and publications: choose one of a source postgres-replication");
    }
    return new StoredObjects(
        manifest,
        list(snapshot, Layout.SLOTS, Slot::of),
        list(snapshot, Layout.PUBLICATIONS, Publication::of),
        list(snapshot, Layout.SUBSCRIPTIONS, Subscription::of));
  }

  private static <T> List<T> list(
      SnapshotReader snapshot, EntryPath path, Function<Line, T> reading) throws IOException {
    Entry file =
        snapshot
            .entry(path)
            .filter(each -> each.type() == EntryType.FILE && each.size() <= MAX_BYTES)
            .orElseThrow(() -> damaged(path));
    List<T> all = new ArrayList<>();
    try (InputStream content = snapshot.open(file, ByteRange.ALL)) {
      String text = new String(content.readAllBytes(), StandardCharsets.UTF_8);
      for (String each : text.lines().toList()) {
        all.add(reading.apply(Line.parse(each)));
      }
      return all;
    } catch (IllegalArgumentException malformed) {
      throw damaged(path);
    }
  }

  private static BackupException damaged(EntryPath path) {
    return new BackupException(
        Kind.DAMAGED, path + " of the snapshot is no list of its kind: use another snapshot");
  }
}
