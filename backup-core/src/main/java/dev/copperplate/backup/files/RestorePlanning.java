package dev.copperplate.backup.files;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.EntryType;
import dev.copperplate.backup.RawName;
import dev.copperplate.backup.RestorePlan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Compares a snapshot with the destination, changing nothing, and says what a restore would do. */
final class RestorePlanning implements Descent.Visitor<RestorePlanning.Place> {

  private static final int MOST_REFUSED = 10;

  private final String destination;
  private final RestoreChoices options;
  private final Selection selection;
  private final DestroyedNames destroyed = new DestroyedNames();
  private final List<EntryPath> refused = new ArrayList<>();
  private long refusedCount;
  private long files;
  private long bytes;
  private long others;
  private long replaced;
  private long deleted;
  private boolean broken;

  RestorePlanning(String destination, RestoreChoices options, Selection selection) {
    this.destination = destination;
    this.options = options;
    this.selection = selection;
  }

  /**
   * Makes the plan.
   *
   * @param top the open destination, or null if it does not exist; closed by this method
   */
  PlannedRestore plan(@Nullable OpenDirectory top) throws IOException, InterruptedException {
    // If the tree of the snapshot cannot be read whole, what it lacks must not be taken for extra.
    if (options.deleteExtra()) {
      TreeCheck check = new TreeCheck();
      try (Cursor<Entry> walk = selection.walk()) {
        new Descent<>(check).run(walk, EntryPath.ROOT);
      }
      broken = check.broken;
    }
    try (Cursor<Entry> walk = selection.walk()) {
      new Descent<>(this).run(walk, place(EntryPath.ROOT, top));
    }
    if (refusedCount > 0) {
      throw alreadyThere();
    }
    return new PlannedRestore(announcement(), destroyed, files, deletesExtra());
  }

  @Override
  public @Nullable Place directory(Place parent, Entry entry) throws IOException {
    others++;
    return switch (action(parent, entry)) {
      case ENTER -> entered(parent, entry);
      case CREATE, REPLACE -> new Place(entry.path(), Optional.empty(), ExtraNames.none());
      case REFRESH, KEEP, REFUSE -> null;
    };
  }

  /** A directory that cannot be looked into holds nothing that could be replaced. */
  private @Nullable Place entered(Place parent, Entry entry) {
    OpenDirectory open;
    try {
      open = parent.existing().open(entry.path().name(), false);
    } catch (IOException refused) {
      // The restore itself reports it.
      return null;
    }
    try {
      return place(entry.path(), open);
    } catch (IOException refused) {
      open.close();
      return null;
    }
  }

  @Override
  public void other(Place parent, Entry entry) throws IOException {
    Action action = action(parent, entry);
    if (action == Action.CREATE || action == Action.REPLACE) {
      if (entry.type() == EntryType.FILE) {
        files++;
        // Sizes are claims of the snapshot, and may be anything.
        long size = Math.max(0, entry.size());
        bytes = Math.min(bytes, Long.MAX_VALUE - size) + size;
      } else {
        others++;
      }
    }
  }

  @Override
  public void left(Place place) throws IOException {
    for (RawName name : place.extra.left()) {
      Optional<Status> status = place.existing().status(name);
      if (status.isPresent()) {
        deleted++;
        destroyed.add(place.path.child(name), status.get().isDirectory());
      }
    }
    abandoned(place);
  }

  @Override
  public void abandoned(Place place) {
    place.open.ifPresent(OpenDirectory::close);
  }

  @Override
  public void broken(BackupException failure) {
    // The restore itself reports it.
  }

  @Override
  public void refused(Entry entry, String why) {
    // The restore itself reports it.
  }

  private Action action(Place parent, Entry entry) throws IOException {
    parent.extra.met(entry.path());
    if (parent.open.isEmpty()) {
      return Action.CREATE;
    }
    OpenDirectory open = parent.open.get();
    Optional<Status> existing = status(open, entry);
    Action action = Action.of(entry, existing, open, options);
    if (action == Action.REPLACE) {
      replaced++;
      destroyed.add(entry.path(), existing.orElseThrow().isDirectory());
    } else if (action == Action.REFUSE) {
      refusedCount++;
      if (refused.size() < MOST_REFUSED) {
        refused.add(entry.path());
      }
    }
    return action;
  }

  /** A name that the file system cannot even look up is not there; writing it will be reported. */
  private static Optional<Status> status(OpenDirectory open, Entry entry) {
    try {
      return open.status(entry.path().name());
    } catch (IOException impossible) {
      return Optional.empty();
    }
  }

  private Place place(EntryPath path, @Nullable OpenDirectory open) throws IOException {
    if (open == null) {
      return new Place(path, Optional.empty(), ExtraNames.none());
    }
    boolean cleared = deletesExtra() && !selection.isOnTheWay(path);
    return new Place(path, Optional.of(open), cleared ? ExtraNames.in(open) : ExtraNames.none());
  }

  private boolean deletesExtra() {
    return options.deleteExtra() && !broken;
  }

  private BackupException alreadyThere() {
    StringBuilder names = new StringBuilder();
    refused.forEach(each -> names.append(' ').append(below(each)));
    String more = refusedCount > refused.size() ? " and others" : "";
    return new BackupException(
        BackupException.Kind.ALREADY_EXISTS,
        "Restore to "
            + destination
            + " refused, nothing was changed: "
            + refusedCount
            + " things stand where it would write:"
            + names
            + more
            + ". Restore to an empty directory, choose another overwrite policy, or for"
            + " directories that stand in the way deleteExtra");
  }

  private String below(EntryPath path) {
    return destination.equals("/") ? path.toString() : destination + path;
  }

  private RestorePlan announcement() {
    List<String> steps = new ArrayList<>();
    steps.add(
        "Write " + files + " files and " + others + " directories and links below " + destination);
    if (replaced > 0) {
      steps.add("Replace " + replaced + " things that exist");
    }
    if (deleted > 0) {
      steps.add("Delete " + deleted + " things that the snapshot does not have");
    }
    return new RestorePlan(destination, steps, destroyed.below(destination), bytes);
  }

  /**
   * A directory while it is compared.
   *
   * @param open empty if it does not exist yet
   */
  record Place(EntryPath path, Optional<OpenDirectory> open, ExtraNames extra) {

    OpenDirectory existing() {
      return open.orElseThrow();
    }
  }

  /** Looks only whether the tree of the snapshot can be read. */
  private static final class TreeCheck implements Descent.Visitor<EntryPath> {

    private boolean broken;

    @Override
    public EntryPath directory(EntryPath parent, Entry entry) {
      return entry.path();
    }

    @Override
    public void other(EntryPath parent, Entry entry) {}

    @Override
    public void left(EntryPath directory) {}

    @Override
    public void abandoned(EntryPath directory) {}

    @Override
    public void broken(BackupException failure) {
      broken = true;
    }

    @Override
    public void refused(Entry entry, String why) {
      broken = true;
    }
  }
}
