package dev.copperplate.backup.repository.pack;

import dev.copperplate.backup.repository.format.BlobType;
import dev.copperplate.backup.repository.format.PackEntry;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.index.StoredIndex;
import dev.copperplate.backup.repository.lock.RepositoryLock;
import dev.copperplate.backup.repository.run.Buffers;
import dev.copperplate.backup.repository.run.MemoryBudget;
import dev.copperplate.backup.repository.run.NamedThreads;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.repository.storage.ObjectStore;
import dev.copperplate.backup.repository.storage.Retention;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores full packs, two at a time, and lists them in index files: one for every 50,000 blobs, one
 * every ten minutes, and one at the end. Packs first, then the index that lists them.
 */
final class PackUploads implements AutoCloseable {

  static final int AT_ONCE = 2;

  private static final Duration INDEX_INTERVAL = Duration.ofMinutes(10);
  private static final Duration LAST_WORDS = Duration.ofSeconds(60);
  private static final Logger LOG = LoggerFactory.getLogger(PackUploads.class);

  private final ObjectStore store;
  private final StoredIndex index;
  private final PackInventory inventory;
  private final RepositoryLock lock;
  private final MemoryBudget budget;
  private final Buffers buffers;
  private final Retention retention;
  private final BiConsumer<BlobType, Sha256> indexed;
  private final Consumer<Throwable> failed;
  private final Semaphore free = new Semaphore(AT_ONCE);
  private final ExecutorService threads;
  private Map<Sha256, List<PackEntry>> unlisted = new LinkedHashMap<>();
  private final Set<Sha256> listed = new HashSet<>();
  private int unlistedBlobs;
  private boolean listingFailed;
  private long lastIndex = System.nanoTime();

  /**
   * @param buffers where the memory of stored packs goes
   * @param retention of packs and index files
   * @param indexed told of each blob that a stored index lists from now on
   * @param failed told of the failure of an upload
   */
  PackUploads(
      ObjectStore store,
      StoredIndex index,
      PackInventory inventory,
      RepositoryLock lock,
      MemoryBudget budget,
      Buffers buffers,
      Retention retention,
      BiConsumer<BlobType, Sha256> indexed,
      Consumer<Throwable> failed) {
    this.store = store;
    this.index = index;
    this.inventory = inventory;
    this.lock = lock;
    this.budget = budget;
    this.buffers = buffers;
    this.retention = retention;
    this.indexed = indexed;
    this.failed = failed;
    this.threads = Executors.newFixedThreadPool(AT_ONCE, new NamedThreads("copperplate-upload"));
  }

  /** Stores a pack in the background; waits while two are on their way. */
  void submit(PackBuilder.Pack pack) throws InterruptedException {
    free.acquire();
    try {
      threads.execute(() -> upload(pack));
    } catch (RuntimeException refused) {
      free.release();
      throw refused;
    }
  }

  /** Waits for all uploads and lists what is not listed yet. */
  void flush() throws IOException, InterruptedException {
    free.acquire(AT_ONCE);
    free.release(AT_ONCE);
    list();
  }

  /** The packs that are stored and listed in index files. */
  synchronized Set<Sha256> listed() {
    return Set.copyOf(listed);
  }

  /** Ends the uploads and lists what was stored, as far as that is possible. */
  @Override
  public void close() {
    threads.shutdownNow();
    try {
      if (!threads.awaitTermination(LAST_WORDS.toNanos(), TimeUnit.NANOSECONDS)) {
        LOG.error("Uploads to {} do not end", store.target().description());
      }
      list();
    } catch (IOException unlistedPacks) {
      LOG.warn(
          "Packs on {} stay without an index; the next backup finds them again",
          store.target().description(),
          unlistedPacks);
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
  }

  private void upload(PackBuilder.Pack pack) {
    try {
      store.put(ObjectKind.PACK, pack.id(), pack.content(), retention);
      // Not after a failure: a target that gave up waiting may have somebody who still reads.
      pack.content().release(buffers);
      if (note(pack)) {
        list();
      }
    } catch (Throwable thrown) {
      failed.accept(thrown);
    } finally {
      budget.release(pack.blobBytes());
      free.release();
    }
  }

  private synchronized boolean note(PackBuilder.Pack pack) {
    unlisted.put(pack.id(), pack.entries());
    unlistedBlobs += pack.entries().size();
    return unlistedBlobs >= StoredIndex.BLOBS_PER_FILE
        || System.nanoTime() - lastIndex >= INDEX_INTERVAL.toNanos();
  }

  /** One at a time, so that no pack gets into two index files. */
  private synchronized void list() throws IOException {
    lastIndex = System.nanoTime();
    if (unlisted.isEmpty() || listingFailed) {
      // A listing that failed may have been stored all the same: a second one would name its packs
      // twice. The next backup takes them in if it was not.
      return;
    }
    listingFailed = true;
    // Without the lock the packs may have been pruned, and an index must not list what is gone.
    lock.requireHeld();
    Map<Sha256, List<PackEntry>> packs = unlisted;
    index.add(packs, retention);
    listed.addAll(packs.keySet());
    listingFailed = false;
    unlisted = new LinkedHashMap<>();
    unlistedBlobs = 0;
    inventory.include(packs);
    packs.values().forEach(each -> each.forEach(blob -> indexed.accept(blob.type(), blob.id())));
  }
}
