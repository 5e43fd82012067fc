package dev.copperplate.backup.postgres.archive;

import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.postgres.Lsn;
import dev.copperplate.backup.postgres.WalArchiverListener;
import dev.copperplate.backup.postgres.WalLag;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the log and the listener, each thing once for as long as it lasts. Thread-safe. */
final class Reports {

  private static final Logger LOG = LoggerFactory.getLogger(Reports.class);

  private final WalArchiverListener listener;
  private final Map<String, String> lasting = new HashMap<>();

  Reports(WalArchiverListener listener) {
    this.listener = listener;
  }

  /** Something happened. */
  void found(Finding finding) {
    LOG.warn("{}", finding);
    tell(each -> each.found(finding));
  }

  /** Something is so from now on; said again when its words change. */
  void lasting(Finding finding) {
    synchronized (lasting) {
      if (finding.message().equals(lasting.put(finding.subject(), finding.message()))) {
        return;
      }
    }
    found(finding);
  }

  /** It is not so any more. */
  void over(String subject) {
    synchronized (lasting) {
      if (lasting.remove(subject) == null) {
        return;
      }
    }
    LOG.info("{}: well again", subject);
  }

  void committed(Snapshot commit, Lsn durable) {
    tell(each -> each.committed(commit, durable));
  }

  void measured(WalLag lag) {
    tell(each -> each.measured(lag));
  }

  private void tell(Consumer<WalArchiverListener> what) {
    try {
      what.accept(listener);
    } catch (RuntimeException broken) {
      LOG.warn("A listener failed", broken);
    }
  }
}
