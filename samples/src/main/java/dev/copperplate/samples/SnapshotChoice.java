package dev.copperplate.samples;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.SourceId;
import dev.copperplate.backup.files.FilePaths;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which snapshots of a list are meant.
 *
 * @param path only those that captured this path
 * @param environment only those of this environment
 * @param tags only those with each of these tags
 */
record SnapshotChoice(Optional<String> path, Optional<String> environment, Set<String> tags) {

  static final String LATEST = "latest";

  private static final String PATH = "--path";
  private static final String ENVIRONMENT = "--environment";
  private static final String TAG = "--tag";

  static final Option PATH_OPTION =
      Option.optional(PATH, "PATH", "only snapshots that captured this very path");
  static final Option ENVIRONMENT_OPTION =
      Option.optional(ENVIRONMENT, "LABEL", "only snapshots of this environment");
  static final Option TAG_OPTION = Option.repeatable(TAG, "TAG", "only snapshots with this tag");

  static SnapshotChoice of(Arguments arguments) {
    return new SnapshotChoice(
        arguments.optional(PATH), arguments.optional(ENVIRONMENT), Set.copyOf(arguments.all(TAG)));
  }

  boolean includes(Snapshot snapshot) {
    return path.map(each -> paths(snapshot.source()).contains(each)).orElse(true)
        && environment.map(snapshot.environment()::equals).orElse(true)
        && snapshot.tags().containsAll(tags);
  }

  /** The paths as stock restic shows them. */
  static List<String> paths(SourceId source) {
    return source.type().equals(SourceId.FILES)
        ? FilePaths.paths(source)
        : List.of("/" + source.type() + "/" + source.name());
  }

  /**
   * The one that is meant.
   *
   * @param name {@code latest} for the newest that is not damaged, a run id, or the beginning of a
   *     snapshot id
   * @param newestFirst all snapshots
   * @throws BackupException {@code NOT_FOUND}; {@code INVALID} if several could be meant
   */
  Snapshot find(String name, List<Snapshot> newestFirst) throws BackupException {
    List<Snapshot> included = newestFirst.stream().filter(this::includes).toList();
    if (name.equals(LATEST)) {
      return included.stream()
          .filter(each -> each.state() != SnapshotState.DAMAGED)
          .findFirst()
          .orElseThrow(() -> notFound("an undamaged snapshot"));
    }
    List<Snapshot> runs =
        included.stream().filter(each -> each.run().value().equals(name)).toList();
    List<Snapshot> named = runs.isEmpty() ? startingWith(name, included) : runs;
    if (named.isEmpty()) {
      throw notFound("a snapshot " + name);
    }
    if (named.size() > 1 && runs.isEmpty()) {
      List<String> ids = named.stream().map(each -> each.id().shortHex()).toList();
      throw new BackupException(
          Kind.INVALID, named.size() + " snapshots begin with " + name + ": " + ids);
    }
    // Several of one run: stock restic rewrote it, and the newest is what it made of it.
    return named.get(0);
  }

  private static List<Snapshot> startingWith(String prefix, List<Snapshot> all) {
    return all.stream().filter(each -> each.id().hex().startsWith(prefix)).toList();
  }

  private static BackupException notFound(String what) {
    return new BackupException(
        Kind.NOT_FOUND, "There is not " + what + " that was asked for: ListSnapshots shows all");
  }
}
