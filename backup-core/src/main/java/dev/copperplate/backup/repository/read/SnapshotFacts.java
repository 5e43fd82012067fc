package dev.copperplate.backup.repository.read;

import dev.copperplate.backup.ContentId;
import dev.copperplate.backup.RunId;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotId;
import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.SourceId;
import dev.copperplate.backup.files.FilePaths;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.format.SnapshotFile;
import dev.copperplate.backup.repository.format.SnapshotSummary;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the facts of a snapshot stand in a snapshot file, where stock restic keeps and shows them.
 *
 * <ul>
 *   <li>Tags: {@code run=} always; {@code parent=}, {@code set=}, {@code replaces=} and {@code
 *       state=} where they apply; the user's own.
 *   <li>Paths: the real ones of plain files, otherwise {@code /<type>/<name>}.
 *   <li>Program version: the library's, and behind it in parentheses the type of the source, which
 *       tells the path of a system from a real one.
 * </ul>
 */
public final class SnapshotFacts {

  private static final String RUN = "run=";
  private static final String PARENT = "parent=";
  private static final String SET = "set=";
  private static final String REPLACES = "replaces=";
  private static final String STATE = "state=";
  private static final Set<String> PREFIXES = Set.of(RUN, PARENT, SET, REPLACES, STATE);
  private static final String PROGRAM = "copperplate";
  private static final Pattern WRITTEN_BY =
      Pattern.compile(PROGRAM + " [^ ]+ \\(([a-z][a-z0-9-]*)\\)");

  private static final String VERSION = readVersion();

  private SnapshotFacts() {}

  /** What a snapshot file tells. Nothing of it is trusted to be well-formed. */
  public static Snapshot of(Sha256 id, SnapshotFile file) {
    List<String> tags = file.tags();
    SnapshotSummary summary = file.summary();
    Sha256 first = file.original() == null ? id : file.original();
    return new Snapshot(
        new SnapshotId(id.hex()),
        run(tags, RUN).orElseGet(() -> new RunId(first.hex())),
        new ContentId(file.tree().hex()),
        source(file),
        file.hostname(),
        file.time(),
        state(tags),
        runs(tags, PARENT),
        run(tags, REPLACES),
        run(tags, SET),
        Set.copyOf(tags.stream().filter(each -> !isOurs(each)).toList()),
        summary == null ? 0 : summary.totalFilesProcessed(),
        summary == null ? 0 : summary.totalBytesProcessed());
  }

  /** Whether the library itself uses tags of this form. */
  public static boolean isOurs(String tag) {
    return PREFIXES.stream().anyMatch(tag::startsWith);
  }

  /** The tags of a snapshot, in the order in which people look for them. */
  public static List<String> tags(
      RunId run,
      SnapshotState state,
      List<RunId> dependencies,
      Optional<RunId> replaces,
      Set<String> own) {
    List<String> tags = new ArrayList<>();
    tags.add(RUN + run);
    dependencies.forEach(each -> tags.add(PARENT + each));
    replaces.ifPresent(each -> tags.add(REPLACES + each));
    if (state != SnapshotState.COMPLETE) {
      tags.add(STATE + state.name().toLowerCase(Locale.ROOT));
    }
    tags.addAll(new TreeSet<>(own));
    return tags;
  }

  /** The paths of a source. */
  public static List<String> paths(SourceId source) {
    return source.type().equals(SourceId.FILES)
        ? FilePaths.paths(source)
        : List.of("/" + source.type() + "/" + source.name());
  }

  /** What the snapshots of a source say of the program. */
  public static String program(SourceId source) {
    return PROGRAM + " " + VERSION + " (" + source.type() + ")";
  }

  private static String readVersion() {
    try (InputStream in =
        SnapshotFacts.class.getResourceAsStream("/dev/copperplate/backup/version")) {
      if (in == null) {
        throw new IllegalStateException("The library was packed without its version");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static SourceId source(SnapshotFile file) {
    Matcher program = WRITTEN_BY.matcher(file.programVersion());
    if (program.matches() && file.paths().size() == 1) {
      String type = program.group(1);
      String path = file.paths().get(0);
      if (!type.equals(SourceId.FILES) && path.startsWith("/" + type + "/")) {
        String name = path.substring(type.length() + 2);
        if (isPlain(name)) {
          return new SourceId(type, name);
        }
      }
    }
    List<String> paths = file.paths().stream().filter(each -> !each.isBlank()).toList();
    return FilePaths.of(paths.isEmpty() ? List.of("/") : paths);
  }

  private static boolean isPlain(String name) {
    return !name.isBlank()
        && name.indexOf('/') < 0
        && !name.equals(".")
        && !name.equals("..")
        && name.chars().noneMatch(Character::isISOControl);
  }

  private static SnapshotState state(List<String> tags) {
    for (String tag : tags) {
      for (SnapshotState state : SnapshotState.values()) {
        if (tag.equals(STATE + state.name().toLowerCase(Locale.ROOT))) {
          return state;
        }
      }
    }
    return SnapshotState.COMPLETE;
  }

  private static Optional<RunId> run(List<String> tags, String prefix) {
    return runs(tags, prefix).stream().findFirst();
  }

  private static List<RunId> runs(List<String> tags, String prefix) {
    List<RunId> runs = new ArrayList<>();
    for (String tag : tags) {
      if (tag.startsWith(prefix)) {
        try {
          runs.add(new RunId(tag.substring(prefix.length())));
        } catch (IllegalArgumentException notOurs) {
          // Somebody else's tag that begins like one of ours: it says nothing to us.
        }
      }
    }
    return runs;
  }
}
