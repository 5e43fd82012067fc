package dev.copperplate.backup.files;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.RawName;
import dev.copperplate.backup.RestoreContext;
import dev.copperplate.backup.RestoreReport;
import dev.copperplate.backup.SnapshotReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One restore: plans, announces, writes. */
final class FilesRestore {

  private static final Logger LOG = LoggerFactory.getLogger(FilesRestorer.class);

  private final Path destination;
  private final RestoreChoices options;
  private final SnapshotReader snapshot;
  private final RestoreContext context;
  private final Selection selection;
  private final StatusReader statuses = new StatusReader(false);
  private final Losses losses = new Losses();

  FilesRestore(
      Path destination, RestoreChoices options, SnapshotReader snapshot, RestoreContext context) {
    this.destination = destination;
    this.options = options;
    this.snapshot = snapshot;
    this.context = context;
    this.selection = new Selection(snapshot, options.only());
  }

  RestoreReport run() throws IOException, InterruptedException {
    PlannedRestore planned = plan();
    context.begin(planned.plan());
    context.expect(planned.files(), planned.plan().bytes());
    Files.createDirectories(destination);
    return write(planned);
  }

  private PlannedRestore plan() throws IOException, InterruptedException {
    String name = PathBytes.bytes(destination).toString();
    return new RestorePlanning(name, options, selection).plan(existing());
  }

  private @Nullable OpenDirectory existing() throws IOException {
    if (Files.isDirectory(destination)) {
      return OpenDirectory.at(destination, statuses);
    }
    if (Files.exists(destination, LinkOption.NOFOLLOW_LINKS)) {
      throw new BackupException(
          BackupException.Kind.INVALID, "Cannot restore to " + destination + ": not a directory");
    }
    return null;
  }

  private RestoreReport write(PlannedRestore planned) throws IOException, InterruptedException {
    Place top = top(planned.deleteExtra() && !selection.isOnTheWay(EntryPath.ROOT));
    try {
      Place linkStore = linkStore(top);
      try {
        return write(planned, top, linkStore);
      } finally {
        linkStore.release();
      }
    } finally {
      top.release();
    }
  }

  private Place top(boolean cleared) throws IOException {
    OpenDirectory directory = OpenDirectory.at(destination, statuses);
    try {
      ExtraNames extra = cleared ? ExtraNames.in(directory) : ExtraNames.none();
      return new Place(EntryPath.ROOT, null, directory, extra, () -> {});
    } catch (IOException | RuntimeException failed) {
      directory.close();
      throw failed;
    }
  }

  private RestoreReport write(PlannedRestore planned, Place top, Place linkStore)
      throws IOException, InterruptedException {
    RestoreJob run =
        new RestoreJob(
            snapshot, context, new Metadata(options, losses), new LinkGroups(linkStore, losses));
    if (options.deleteExtra() && !planned.deleteExtra()) {
      context.report(
          Finding.warning(
              "snapshot", "Nothing extra was deleted: a part of the tree cannot be read", ""));
    }
    try (RestoreWriting writing =
            new RestoreWriting(run, options, selection, planned, context.workers(), losses);
        Cursor<Entry> walk = selection.walk()) {
      top.retain();
      new Descent<>(writing).run(walk, top);
      writing.flush();
    }
    context.workers().join();
    losses.report(context);
    return RestoreReport.of(planned.plan(), run.files(), run.bytes());
  }

  /** A private directory that goes with the last that uses it. */
  private Place linkStore(Place top) throws IOException {
    RawName name = RawName.of(RestoreJob.newPrefix());
    top.directory().makeDirectory(name);
    OpenDirectory store = top.directory().open(name, true);
    return new Place(
        top.child(name), top, store, ExtraNames.none(), () -> remove(top, name, store));
  }

  private static void remove(Place top, RawName name, OpenDirectory store) {
    try {
      for (RawName each : store.names()) {
        store.deleteFile(each);
      }
      top.directory().removeDirectory(name);
    } catch (IOException failed) {
      // Nothing but additional names of restored files is left.
      LOG.warn("Could not remove the temporary directory {}", name, failed);
    }
  }
}
