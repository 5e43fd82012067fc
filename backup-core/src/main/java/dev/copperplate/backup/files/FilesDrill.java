package dev.copperplate.backup.files;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.EntryType;
import dev.copperplate.backup.Proof;
import dev.copperplate.backup.RestoreContext;
import dev.copperplate.backup.RestoreReport;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.Verification;
import dev.copperplate.backup.Verifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Restores a snapshot into the scratch directory of its run, as {@link FilesRestorer} does by
 * default, and compares every entry with the snapshot: type, size and content byte by byte, the
 * targets of links, permissions, times of modification, {@code user.*} extended attributes, and
 * which names are one file. Nothing that exists is touched, and the copy goes with the run.
 *
 * <p>Proves {@link Proof#RESTORED}. Facts: {@code files}, {@code bytes}, and {@code milliseconds}
 * that the restore took without the comparison.
 *
 * <p>An {@code ERROR} is what a restore would lack: an entry that is missing or of another type,
 * content or target. Metadata that the copy does not have are a {@code WARNING}, since that may be
 * the scratch directory's file system; so is what may not be looked at again by its permissions.
 * Not compared are owners, setuid and setgid, which a restore sets only when asked, and pipes,
 * sockets and devices, which the JDK cannot make: the restorer's own findings count them.
 *
 * <p>Throws {@code FULL}, without having written anything, where the scratch directory has less
 * room than the files have bytes: see {@code RepositoryOptions.scratch}. One drill in a
 * verification, because a run restores once. Memory: some hundred bytes for each file with several
 * names. Immutable and thread-safe.
 */
public final class FilesDrill implements Verifier {

  private static final String NAME = "files drill";

  private FilesDrill() {}

  /** A drill of whole snapshots. */
  public static FilesDrill create() {
    return new FilesDrill();
  }

  @Override
  public Verification verify(SnapshotReader snapshot, RestoreContext context)
      throws IOException, InterruptedException {
    Path scratch = context.scratch();
    requireRoom(bytes(snapshot), scratch);
    Path copy = scratch.resolve("restored");
    Instant start = context.clock().instant();
    RestoreReport report = FilesRestorer.to(copy).restore(snapshot, context);
    Duration took = Duration.between(start, context.clock().instant());
    new DrillComparison(snapshot, context).compare(copy);
    Map<String, String> facts =
        Map.of(
            "files", Long.toString(report.files()),
            "bytes", Long.toString(report.bytes()),
            "milliseconds", Long.toString(took.toMillis()));
    return Verification.of(NAME, Proof.RESTORED, List.of(), facts);
  }

  /** The bytes of all files, those with several names once. */
  private static long bytes(SnapshotReader snapshot) throws IOException {
    Set<LinkGroups.Key> linked = new HashSet<>();
    long bytes = 0;
    try (Cursor<Entry> walk = snapshot.walk(EntryPath.ROOT, Integer.MAX_VALUE)) {
      for (Entry entry = next(walk); entry != null; entry = next(walk)) {
        boolean counts =
            entry.type() == EntryType.FILE
                && (!LinkGroups.isLinked(entry) || linked.add(LinkGroups.Key.of(entry)));
        bytes = counts ? saturated(bytes, entry.size()) : bytes;
      }
    }
    return bytes;
  }

  /** What cannot be read is found by the restore. */
  private static @Nullable Entry next(Cursor<Entry> walk) throws IOException {
    while (true) {
      try {
        return walk.next();
      } catch (BackupException failure) {
        if (!Reasons.isBrokenContent(failure)) {
          throw failure;
        }
      }
    }
  }

  private static long saturated(long bytes, long more) {
    return bytes > Long.MAX_VALUE - more ? Long.MAX_VALUE : bytes + more;
  }

  private static void requireRoom(long bytes, Path scratch) throws IOException {
    long room = Files.getFileStore(scratch).getUsableSpace();
    if (bytes > room) {
      throw new BackupException(
          Kind.FULL,
          "No drill was made: the files have "
              + bytes
              + " bytes, and "
              + scratch.getParent()
              + " has room for "
              + room
              + ". Name a larger scratch directory in the options of the repository");
    }
  }
}
