package dev.copperplate.backup.postgres;

import dev.copperplate.backup.RestoreContext;
import dev.copperplate.backup.RestoreReport;
import dev.copperplate.backup.Restorer;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.postgres.restore.BaseChain;
import dev.copperplate.backup.postgres.restore.PostgresRestore;
import dev.copperplate.backup.postgres.restore.RestoreChoices;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;

/**
 * Restores a base of PostgreSQL into a new data directory, with the WAL beside it and everything in
 * place to start the server, which then recovers to the {@linkplain #target chosen point} and takes
 * writes. No tool of PostgreSQL is needed before that.
 *
 * <p>An incremental is combined with all that it builds on, as {@code pg_combinebackup} does, with
 * a manifest that {@code pg_verifybackup} accepts. WAL is taken from all commits of the archiver of
 * the same name and the same system identifier. Only as much is written as the point needs.
 *
 * <p><b>Nothing is overwritten.</b> The data directory, the directory of the WAL and those of
 * tablespaces must be empty or absent: {@code ALREADY_EXISTS} otherwise. A point that lies in no
 * {@linkplain RecoverableWindow window} is {@code NOT_FOUND}, with the windows that there are.
 *
 * <p><b>Apart from the original.</b> Settings in {@code postgresql.auto.conf} win over all other
 * files and let the server archive nothing, subscribe to nothing, connect nowhere and load no
 * libraries, so that it can run beside the lost one without harm: see {@link #asReplacement}. What
 * they replace is in the snapshot. No file wins over settings on the server's command line, or over
 * those that {@code ALTER DATABASE} and {@code ALTER ROLE} attached: they can load a library, or
 * switch a login event trigger on again, when somebody connects. The report says how to connect
 * without them and forget them.
 *
 * <p>A {@code postgresql.conf} that sets {@code data_directory}, or includes files that may, gets a
 * line at its end that names the restored directory: on the old one, if it is still there, the
 * server would start otherwise. Directories that were moved since need that line changed. Files of
 * access rules that it names elsewhere are told in the report.
 *
 * <p><b>Content is hostile.</b> Files and directories are written as {@code FilesRestorer} does;
 * anything else in a base is refused before the first change. Permissions are 0700 and 0600, the
 * owner is whoever restores. {@code global/pg_control} is written last, when all else is on disk:
 * without it no server starts on a directory that is not whole.
 *
 * <p>Facts of the report: {@code identity}, {@code timeline}, {@code start-lsn}, {@code
 * consistent-lsn}, {@code reach-lsn} (where the stored WAL ends), {@code wal-directory}, {@code
 * chain} (how many bases were combined). Its point is that of a time that was asked for.
 *
 * <p>Memory: what {@code FilesRestorer} takes; for each worker up to 800 KiB while it combines a
 * file; some hundred bytes for each combined file and each stored segment of WAL. Immutable and
 * thread-safe.
 */
public final class PostgresRestorer implements Restorer {

  private final RestoreChoices choices;

  private PostgresRestorer(RestoreChoices choices) {
    this.choices = choices;
  }

  /**
   * Restores into a data directory. The WAL comes beside it, into {@code NAME.wal}, unless {@link
   * #walDirectory} says otherwise.
   *
   * @throws IllegalArgumentException if it is not of the default file system, or holds a line break
   */
  public static PostgresRestorer to(Path dataDirectory) {
    return new PostgresRestorer(RestoreChoices.to(place(dataDirectory)));
  }

  /** How far recovery goes; {@link RecoveryTarget#latest} if not said. */
  public PostgresRestorer target(RecoveryTarget target) {
    return new PostgresRestorer(choices.target(target));
  }

  /**
   * Along which timeline recovery goes. If not said, the one of the highest number that comes from
   * the base's. To be said to reach what was written to a timeline that was left behind.
   */
  public PostgresRestorer timeline(int timeline) {
    if (timeline < 1) {
      throw new IllegalArgumentException("Timelines begin with 1: " + timeline);
    }
    return new PostgresRestorer(choices.timeline(timeline));
  }

  /** Where the WAL goes. The server reads it from there until recovery has ended. */
  public PostgresRestorer walDirectory(Path directory) {
    return new PostgresRestorer(choices.wal(place(directory)));
  }

  /**
   * Where a tablespace goes. If a tablespace is neither named so nor {@linkplain
   * #tablespacesInPlace in place}, nothing is restored.
   *
   * @param which its number, or its place on the server that was backed up
   */
  public PostgresRestorer tablespace(String which, Path directory) {
    return new PostgresRestorer(choices.tablespace(which, place(directory)));
  }

  /**
   * Leaves tablespaces that are not {@linkplain #tablespace named} inside the data directory, as
   * directories instead of links. The server takes them so while {@code allow_in_place_tablespaces}
   * is on, which is set.
   */
  public PostgresRestorer tablespacesInPlace() {
    return new PostgresRestorer(choices.inPlace(true));
  }

  /**
   * Refuses bases of any other cluster.
   *
   * @param systemIdentifier decimal, as {@code pg_control_system()} gives it
   */
  public PostgresRestorer expecting(String systemIdentifier) {
    return new PostgresRestorer(choices.identity(systemIdentifier));
  }

  /**
   * Leaves the settings of the base as they are, but for those of recovery: the server archives,
   * subscribes and loads libraries as the lost one did. To be said when it takes that one's place,
   * and that one is surely down.
   */
  public PostgresRestorer asReplacement() {
    return new PostgresRestorer(choices.replacement(true));
  }

  /**
   * Lets the server wait at the target, for reading only, until {@code pg_wal_replay_resume()} ends
   * recovery. Needs {@code hot_standby}, which is on by default.
   */
  public PostgresRestorer pauseAtTarget() {
    return new PostgresRestorer(choices.pause(true));
  }

  @Override
  public RestoreReport restore(SnapshotReader snapshot, RestoreContext context)
      throws IOException, InterruptedException {
    try (BaseChain chain = BaseChain.open(snapshot, context.snapshots())) {
      return new PostgresRestore(chain, choices, context).run();
    }
  }

  @Override
  public String toString() {
    return "PostgreSQL to " + choices.data();
  }

  private static Path place(Path path) {
    if (path.getFileSystem() != FileSystems.getDefault()) {
      throw new IllegalArgumentException("Not a path of the default file system: " + path);
    }
    if (path.toString().chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("A path with control characters: " + path);
    }
    return path.toAbsolutePath().normalize();
  }
}
