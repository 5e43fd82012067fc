package dev.copperplate.backup.repository;

import dev.copperplate.backup.RunId;
import dev.copperplate.backup.SourceId;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the listeners of one operation; what they throw stays here. */
final class Listeners {

  private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

  private final List<BackupListener> all;
  private final BackupListener.Event event;

  Listeners(RepositoryOptions options, String operation, RunId run, Optional<SourceId> source) {
    this.all = options.listeners();
    this.event = new BackupListener.Event(operation, run, source, options.clock().instant());
  }

  BackupListener.Event event() {
    return event;
  }

  void started() {
    tell(each -> each.started(event));
  }

  void progressed(long files, long bytes, long expectedFiles, long expectedBytes) {
    BackupListener.Progress progress =
        new BackupListener.Progress(files, bytes, expectedFiles, expectedBytes);
    tell(each -> each.progressed(event, progress));
  }

  void ended(Optional<Exception> failure) {
    tell(each -> each.ended(event, failure));
  }

  private void tell(Consumer<BackupListener> what) {
    for (BackupListener each : all) {
      try {
        what.accept(each);
      } catch (RuntimeException broken) {
        LOG.warn("A listener failed", broken);
      }
    }
  }
}
