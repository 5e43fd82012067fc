package dev.copperplate.backup.repository.check;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.EntryType;
import dev.copperplate.backup.Finding.Severity;
import dev.copperplate.backup.Workers;
import dev.copperplate.backup.repository.format.BlobIds;
import dev.copperplate.backup.repository.format.BlobType;
import dev.copperplate.backup.repository.format.DamagedNode;
import dev.copperplate.backup.repository.format.FormatException;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.format.TreeItem;
import dev.copperplate.backup.repository.format.TreeNode;
import dev.copperplate.backup.repository.format.TreeReader;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Walks all directories of snapshots, each once however many snapshots have it, and looks whether
 * what they name can be had. Several at once; a bit for each blob, and the ids of the directories
 * that are next.
 */
public final class Directories {

  private static final String LOST =
      "Heal it from a replica with a repair. Without one, back up again what is still there and"
          + " repair then; `restic repair snapshots --forget` gives up what is lost";

  /** Told of each blob that is not as it should be. */
  @FunctionalInterface
  public interface Troubles {
    void add(BlobType type, Sha256 id, Severity severity, String message, String remedy);
  }

  /** Where the bytes of directories come from. */
  @FunctionalInterface
  public interface Source {
    byte[] read(Sha256 id) throws IOException;
  }

  private final BlobHealth health;
  private final Source source;
  private final Troubles troubles;
  private final LongConsumer progress;
  private final BitSet needed = new BitSet();
  private final Set<BlobTroubles.Blob> unlisted = new HashSet<>();
  private final Deque<Sha256> next = new ArrayDeque<>();
  private int reading;

  /**
   * @param progress told of each directory that was read
   */
  public Directories(BlobHealth health, Source source, Troubles troubles, LongConsumer progress) {
    this.health = health;
    this.source = source;
    this.troubles = troubles;
    this.progress = progress;
  }

  /** Walks what lies below these directories; not from inside a task. */
  public void walk(Collection<Sha256> roots, Workers workers)
      throws IOException, InterruptedException {
    roots.forEach(each -> note(BlobType.TREE, each));
    for (int i = 0; i < workers.size(); i++) {
      workers.submit(this::work);
    }
    workers.join();
  }

  /** Whether a snapshot needs the blob that the number stands for. */
  public synchronized boolean isNeeded(int number) {
    return number >= 0 && needed.get(number);
  }

  private @Nullable Void work() throws IOException, InterruptedException {
    for (Sha256 tree = take(); tree != null; tree = take()) {
      try {
        read(tree);
      } finally {
        done();
      }
    }
    return null;
  }

  /** Waits while there is nothing to read but others still read; null when all have ended. */
  private synchronized @Nullable Sha256 take() throws InterruptedException {
    while (next.isEmpty() && reading > 0) {
      wait();
    }
    if (next.isEmpty()) {
      return null;
    }
    reading++;
    return next.pop();
  }

  private synchronized void done() {
    reading--;
    notifyAll();
  }

  private void read(Sha256 id) throws IOException {
    byte[] tree;
    try {
      tree = source.read(id);
    } catch (BackupException failure) {
      if (failure.kind() != Kind.MISSING
          && failure.kind() != Kind.DAMAGED
          && failure.kind() != Kind.UNSUPPORTED) {
        throw failure;
      }
      troubles.add(BlobType.TREE, id, Severity.ERROR, String.valueOf(failure.getMessage()), LOST);
      return;
    }
    progress.accept(1);
    parse(id, tree);
  }

  private void parse(Sha256 id, byte[] tree) {
    try (TreeReader reader = new TreeReader(tree)) {
      for (TreeItem item = reader.next(); item != null; item = reader.next()) {
        if (item instanceof DamagedNode damaged) {
          troubles.add(
              BlobType.TREE,
              id,
              Severity.ERROR,
              "its entry '" + damaged.name() + "' makes no sense: " + damaged.problem(),
              "Back up again what is still there; `restic repair snapshots` drops the entry");
        } else {
          visit((TreeNode) item);
        }
      }
      if (!reader.sorted()) {
        troubles.add(
            BlobType.TREE,
            id,
            Severity.WARNING,
            "its entries are not in ascending order, or a name stands twice",
            "It can be restored; `restic rewrite` refuses it");
      }
    } catch (FormatException broken) {
      troubles.add(
          BlobType.TREE, id, Severity.ERROR, "it is no directory: " + broken.getMessage(), LOST);
    }
  }

  private void visit(TreeNode node) {
    if (node.type() == EntryType.DIRECTORY && node.subtree() != null) {
      note(BlobType.TREE, node.subtree());
    }
    BlobIds content = node.content();
    for (int i = 0; i < content.size(); i++) {
      note(BlobType.DATA, content.get(i));
    }
  }

  private void note(BlobType type, Sha256 id) {
    int number = health.number(type, id);
    synchronized (this) {
      if (number >= 0 ? needed.get(number) : !unlisted.add(new BlobTroubles.Blob(type, id))) {
        return;
      }
      if (number >= 0) {
        needed.set(number);
      }
      if (type == BlobType.TREE) {
        next.push(id);
        notifyAll();
        return;
      }
    }
    if (!health.has(type, id)) {
      troubles.add(
          type,
          id,
          Severity.ERROR,
          number < 0 ? "is in no index" : "is only in packs that are gone or damaged",
          LOST);
    }
  }
}
