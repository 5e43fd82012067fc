package dev.copperplate.backup.files;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.EntryType;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.RawName;
import dev.copperplate.backup.Task;
import dev.copperplate.backup.Workers;
import dev.copperplate.backup.files.OpenDirectory.Naming;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Makes the destination what the plan said. Directories and links are made by the walking thread,
 * files by the workers.
 */
final class RestoreWriting implements Descent.Visitor<Place>, Closeable {

  private final RestoreJob run;
  private final RestoreChoices options;
  private final Selection selection;
  private final PlannedRestore planned;
  private final Workers workers;
  private final Losses losses;
  private FileBatch batch = new FileBatch();
  private boolean broken;
  private volatile boolean abandoned;

  RestoreWriting(
      RestoreJob run,
      RestoreChoices options,
      Selection selection,
      PlannedRestore planned,
      Workers workers,
      Losses losses) {
    this.run = run;
    this.options = options;
    this.selection = selection;
    this.planned = planned;
    this.workers = workers;
    this.losses = losses;
  }

  @Override
  public @Nullable Place directory(Place parent, Entry entry)
      throws IOException, InterruptedException {
    try {
      RawName name = entry.path().name();
      Action action = parent.isFree(name) ? Action.CREATE : action(parent, entry);
      switch (action) {
        case REPLACE -> {
          parent.directory().deleteTree(name);
          parent.directory().makeDirectory(name);
        }
        case CREATE -> parent.directory().makeDirectory(name);
        case ENTER -> {}
        case REFRESH, KEEP, REFUSE -> {
          kept(entry, "is not restored, with all below: something newer stands in its place");
          return null;
        }
      }
      return opened(parent, entry, action != Action.ENTER);
    } catch (IOException refused) {
      Reasons.throwIfInterrupted(refused);
      run.reportRefused(entry, refused);
      return null;
    }
  }

  /** Opens what was made or found; a link that took its place meanwhile is refused. */
  private Place opened(Place parent, Entry entry, boolean made) throws IOException {
    OpenDirectory directory = parent.directory().open(entry.path().name(), made);
    try {
      boolean passing = !made && selection.isOnTheWay(entry.path());
      boolean cleared = !made && !passing && planned.deleteExtra();
      ExtraNames extra = cleared ? ExtraNames.in(directory) : ExtraNames.none();
      if (!made && !passing) {
        run.metadata().openUp(directory.path());
      }
      Runnable finish = passing ? () -> {} : () -> finish(directory, entry, made);
      return new Place(entry.path(), parent, directory, extra, finish);
    } catch (IOException | RuntimeException failed) {
      directory.close();
      throw failed;
    }
  }

  private void finish(OpenDirectory directory, Entry entry, boolean made) {
    if (abandoned) {
      return;
    }
    if (made) {
      run.metadata().apply(directory.path(), entry);
    } else {
      run.metadata().applyAgain(directory.path(), entry);
    }
  }

  @Override
  public void other(Place place, Entry entry) throws IOException, InterruptedException {
    Naming naming;
    try {
      boolean free = place.isFree(entry.path().name());
      Action action = free ? Action.CREATE : action(place, entry);
      if (Action.isSpecial(entry.type())) {
        losses.add(Loss.SPECIAL, entry.path());
        return;
      }
      if (action == Action.REFRESH) {
        refresh(place.directory().path(entry.path().name()), entry);
      }
      if (action != Action.CREATE && action != Action.REPLACE) {
        return;
      }
      naming = action == Action.REPLACE ? Naming.REPLACING : free ? Naming.FREE : Naming.KEEPING;
      if (naming == Naming.REPLACING) {
        clear(place.directory(), entry.path().name());
      }
      if (entry.type() == EntryType.SYMLINK) {
        symlink(place, entry, naming);
        return;
      }
    } catch (IOException refused) {
      Reasons.throwIfInterrupted(refused);
      run.reportRefused(entry, refused);
      return;
    }
    file(place, entry, naming);
  }

  /** A rename takes the place of anything but a directory. */
  private static void clear(OpenDirectory directory, RawName name) throws IOException {
    if (directory.status(name).filter(Status::isDirectory).isPresent()) {
      directory.deleteTree(name);
    }
  }

  private void refresh(Path path, Entry entry) {
    if (entry.type() == EntryType.SYMLINK) {
      run.metadata().applyToLink(path, entry);
    } else {
      run.metadata().applyAgain(path, entry);
    }
  }

  private void symlink(Place place, Entry entry, Naming naming) throws IOException {
    RawName wanted = Action.wantedTarget(entry);
    Path target = PathBytes.target(wanted);
    if (!PathBytes.bytes(target).equals(wanted)) {
      losses.add(Loss.LINK_SLASHES, entry.path());
    }
    RawName temporary = run.temporaryName();
    OpenDirectory directory = place.directory();
    directory.makeSymlink(temporary, target);
    try {
      run.metadata().applyToLink(directory.path(temporary), entry);
      directory.publish(temporary, entry.path().name(), naming);
    } finally {
      directory.deleteFile(temporary);
    }
  }

  private void file(Place place, Entry entry, Naming naming)
      throws IOException, InterruptedException {
    if (!LinkGroups.isLinked(entry)) {
      FileWriting writing = new FileWriting(run, place, entry, naming);
      gather(writing);
      return;
    }
    Optional<RawName> first = run.links().written(entry);
    if (first.isEmpty() || !link(first.get(), place, entry, naming)) {
      FileWriting writing = new FileWriting(run, place, entry, naming);
      run.links().writing(entry, submit(writing, writing));
    }
  }

  private void gather(FileWriting writing) throws IOException, InterruptedException {
    boolean gathered = false;
    try {
      if (!batch.takes(writing)) {
        flush();
      }
      batch.add(writing);
      gathered = true;
    } finally {
      if (!gathered) {
        writing.close();
      }
    }
  }

  /** Hands over the files that were gathered; to be called at the end as well. */
  void flush() throws IOException, InterruptedException {
    FileBatch full = batch;
    batch = new FileBatch();
    if (!full.isEmpty()) {
      submit(full, full);
    }
  }

  /** Gives up the files that were not handed over. */
  @Override
  public void close() {
    batch.close();
  }

  /** Makes another name of a file; if that cannot be, the answer is false. */
  private boolean link(RawName first, Place place, Entry entry, Naming naming)
      throws IOException, InterruptedException {
    RawName temporary = run.temporaryName();
    try {
      run.links().link(first, place.directory(), temporary);
      place.directory().publish(temporary, entry.path().name(), naming);
      run.wrote(0);
      return true;
    } catch (FileAlreadyExistsException taken) {
      run.reportRefused(entry, taken);
      return true;
    } catch (IOException noLink) {
      Reasons.throwIfInterrupted(noLink);
      losses.add(Loss.HARD_LINKS, entry.path());
      return false;
    } finally {
      place.directory().deleteFile(temporary);
    }
  }

  private <T> Task<T> submit(Callable<T> writing, Closeable places)
      throws IOException, InterruptedException {
    boolean submitted = false;
    try {
      Task<T> task = workers.submit(writing);
      submitted = true;
      return task;
    } finally {
      if (!submitted) {
        places.close();
      }
    }
  }

  /** What to do here, which may no longer be what was planned: then nothing is lost for it. */
  private Action action(Place place, Entry entry) throws IOException {
    place.extra().met(entry.path());
    Optional<Status> existing = place.directory().status(entry.path().name());
    Action action = Action.of(entry, existing, place.directory(), options);
    boolean unannounced =
        action == Action.REFUSE
            || (action == Action.REPLACE && !planned.destroyed().contains(entry.path()));
    if (unannounced) {
      throw new FileAlreadyExistsException(entry.path().toString());
    }
    return action;
  }

  private void kept(Entry entry, String message) {
    run.report(Finding.warning(entry.path().toString(), message, ""));
  }

  @Override
  public void left(Place place) throws IOException {
    if (!broken) {
      for (RawName name : place.extra().left()) {
        delete(place, name);
      }
    }
    place.release();
  }

  private void delete(Place place, RawName name) {
    EntryPath path = place.child(name);
    if (!planned.destroyed().contains(path)) {
      // It came after the plan, so nobody has agreed to lose it.
      return;
    }
    try {
      place.directory().deleteTree(name);
    } catch (IOException refused) {
      run.report(
          Finding.warning(
              path.toString(), "could not be deleted: " + Reasons.of(refused), "Delete it"));
    }
  }

  @Override
  public void abandoned(Place place) {
    abandoned = true;
    place.release();
  }

  @Override
  public void broken(BackupException failure) {
    broken = true;
    run.report(
        Finding.error(
            "snapshot",
            "A part is not restored: " + failure.getMessage(),
            "Restore it from another snapshot"));
  }

  @Override
  public void refused(Entry entry, String why) {
    run.report(Finding.error(entry.path().toString(), "is not restored: it " + why, ""));
  }
}
