package dev.copperplate.backup.repository.pack;

import dev.copperplate.backup.repository.chunk.Chunker;
import dev.copperplate.backup.repository.format.BlobType;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.index.StoredIndex;
import dev.copperplate.backup.repository.lock.RepositoryLock;
import dev.copperplate.backup.repository.run.Buffers;
import dev.copperplate.backup.repository.run.Failures;
import dev.copperplate.backup.repository.run.MemoryBudget;
import dev.copperplate.backup.repository.run.NamedThreads;
import dev.copperplate.backup.repository.storage.ObjectStore;
import dev.copperplate.backup.repository.storage.Retention;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Stores the blobs of one capture: hashes them, leaves out what is stored, compresses, seals and
 * checks the rest on threads of its own, and hands full packs to {@link PackUploads}. Thread-safe.
 *
 * <p>Memory: the finished data that is in flight, from {@link #storeData} until its pack is stored,
 * stays within the budget; a caller waits for room. Directories are charged without waiting,
 * because they are stored by the threads that everybody waits for.
 */
public final class BlobWriter implements AutoCloseable {

  /**
   * How blobs are stored.
   *
   * @param threads that hash, compress and seal
   * @param memory budget for data in flight, in bytes; at least {@link #LEAST_MEMORY}
   * @param compressionLevel of zstd
   * @param selfCheck whether what is sealed is opened again and compared
   * @param retention of packs and index files
   */
  public record Settings(
      int threads, long memory, int compressionLevel, boolean selfCheck, Retention retention) {}

  /** Told the id of a blob once it is stored or known to be. */
  @FunctionalInterface
  public interface Stored {
    void accept(Sha256 id) throws IOException;
  }

  /** Two packs that are not yet full, two that are being stored, and two large chunks. */
  public static final long LEAST_MEMORY = 80L << 20;

  /** What chunks that were stored have left, for those to come. */
  private static final long IDLE_CHUNKS = 16L << 20;

  /** What two packs have left that were stored. Apart, or chunks would take their place. */
  private static final long IDLE_SEGMENTS = 34L << 20;

  private static final Duration LAST_WORDS = Duration.ofSeconds(60);

  /** The buffers of a sealer that has seen the largest chunks. */
  private static final long MAX_SEALER = 3L * (Chunker.MAX_SIZE + (Chunker.MAX_SIZE >> 4));

  /** What a waiting blob costs besides its bytes. */
  private static final int TASK_COST = 512;

  // Written out for the sake of programs that begin and end often; see EntryPath.
  private record BlobKey(BlobType type, Sha256 id) {

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof BlobKey key && type == key.type && id.equals(key.id);
    }

    @Override
    public int hashCode() {
      return id.hashCode();
    }
  }

  private final ObjectStore store;
  private final Settings settings;
  private final PackInventory inventory;
  private final MemoryBudget budget;
  private final Buffers chunks = new Buffers(IDLE_CHUNKS);
  private final Buffers segments = new Buffers(IDLE_SEGMENTS);
  private final PackUploads uploads;
  private final ExecutorService threads;
  private final ConcurrentLinkedQueue<BlobSealer> sealers = new ConcurrentLinkedQueue<>();
  private final Map<BlobType, PackBuilder> open = new EnumMap<>(BlobType.class);
  // Blobs of this capture that no stored index lists yet.
  private final Set<BlobKey> claimed = ConcurrentHashMap.newKeySet();
  private final Object pendingMonitor = new Object();
  private long pending;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final AtomicLong dataBlobs = new AtomicLong();
  private final AtomicLong treeBlobs = new AtomicLong();
  private final AtomicLong added = new AtomicLong();
  private final AtomicLong addedPacked = new AtomicLong();

  public BlobWriter(
      ObjectStore store,
      StoredIndex index,
      PackInventory inventory,
      RepositoryLock lock,
      Settings settings) {
    this.store = store;
    this.settings = settings;
    this.inventory = inventory;
    this.budget = new MemoryBudget(settings.memory());
    this.uploads =
        new PackUploads(
            store,
            index,
            inventory,
            lock,
            budget,
            segments,
            settings.retention(),
            this::indexed,
            this::fail);
    this.threads =
        Executors.newFixedThreadPool(settings.threads(), new NamedThreads("copperplate-blob"));
  }

  /**
   * Stores a piece of a file in the background. Waits while too much is in flight.
   *
   * @param buffer belongs to the writer from now on, and to {@link #buffers} after that
   * @param length how much of the buffer is content; not 0
   * @param stored told the id, by a thread of the writer
   * @throws IOException the first failure of anything that is in flight
   */
  public void storeData(byte[] buffer, int length, Stored stored) throws IOException {
    inBackground(
        buffer.length,
        () -> {
          Sha256 id = store(BlobType.DATA, buffer, length);
          chunks.give(buffer);
          stored.accept(id);
        });
  }

  /** Where memory for {@link #storeData} is best taken from. */
  public Buffers buffers() {
    return chunks;
  }

  /**
   * Stores a blob that another pack has, of this repository or of another, in the background. Waits
   * while too much is in flight.
   *
   * @param again whether to store it although it is stored: the pack that has it is about to go
   * @throws IOException the first failure of anything that is in flight
   */
  public void transfer(BlobType type, Sha256 id, StoredBlob blob, boolean again)
      throws IOException {
    inBackground(blob.payload().length, () -> store(type, id, blob, again));
  }

  /** What a thread of the writer does. */
  @FunctionalInterface
  private interface Job {
    void run() throws IOException, InterruptedException;
  }

  private void inBackground(int size, Job job) throws IOException {
    throwFailure();
    long cost = (long) size + TASK_COST;
    try {
      budget.acquire(cost);
    } catch (InterruptedIOException ended) {
      throwFailure();
      throw ended;
    }
    pend(1);
    try {
      threads.execute(
          () -> {
            try {
              job.run();
            } catch (Throwable thrown) {
              fail(thrown);
            } finally {
              budget.release(cost);
              pend(-1);
            }
          });
    } catch (RejectedExecutionException ended) {
      budget.release(cost);
      pend(-1);
      throwFailure();
      throw new InterruptedIOException("The run has ended");
    }
  }

  /** Stores a directory at once and returns its id. */
  public Sha256 storeTree(byte[] tree) throws IOException {
    throwFailure();
    budget.charge(tree.length);
    try {
      return store(BlobType.TREE, tree, tree.length);
    } catch (InterruptedException cancelled) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("Interrupted while a directory was stored");
    } finally {
      budget.release(tree.length);
    }
  }

  /** Whether a blob is stored, or about to be by this capture, which then relies on it. */
  public boolean rely(BlobType type, Sha256 id) {
    return claimed.contains(new BlobKey(type, id)) || inventory.rely(type, id);
  }

  /** Waits until all data that was handed over is in a pack, full or not. */
  public void awaitStored() throws IOException, InterruptedException {
    synchronized (pendingMonitor) {
      while (pending > 0 && !hasFailed()) {
        pendingMonitor.wait();
      }
    }
    throwFailure();
  }

  /** Whether something that was handed over could not be stored. */
  public boolean hasFailed() {
    return failure.get() != null;
  }

  /** Waits until everything is stored and listed in stored index files. */
  public void flush() throws IOException, InterruptedException {
    awaitStored();
    for (BlobType type : BlobType.values()) {
      PackBuilder last;
      synchronized (open) {
        last = open.remove(type);
      }
      if (last != null) {
        upload(last);
      }
    }
    uploads.flush();
    throwFailure();
  }

  /** The packs that were stored and listed. */
  public Set<Sha256> packs() {
    return uploads.listed();
  }

  /** Pieces of files that were not stored before. */
  public long dataBlobs() {
    return dataBlobs.get();
  }

  /** Directories that were not stored before. */
  public long treeBlobs() {
    return treeBlobs.get();
  }

  /** Bytes of both, as they were written. */
  public long bytesAdded() {
    return added.get();
  }

  /** Bytes of both, as they are stored. */
  public long bytesStored() {
    return addedPacked.get();
  }

  /**
   * Ends the threads. Without a successful {@link #flush} before, what is not stored yet is given
   * up, and the packs that are stored are listed in an index, so that the next capture finds them.
   */
  @Override
  public void close() {
    boolean interrupted = Thread.interrupted();
    budget.close();
    threads.shutdownNow();
    try {
      if (!threads.awaitTermination(LAST_WORDS.toNanos(), TimeUnit.NANOSECONDS)) {
        fail(new IOException("The threads of the capture do not end"));
      }
    } catch (InterruptedException hurried) {
      interrupted = true;
    }
    uploads.close();
    for (BlobSealer sealer = sealers.poll(); sealer != null; sealer = sealers.poll()) {
      sealer.close();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private Sha256 store(BlobType type, byte[] plain, int length)
      throws IOException, InterruptedException {
    Sha256 id = Sha256.hash(plain, 0, length);
    if (rely(type, id) || !claimed.add(new BlobKey(type, id))) {
      return id;
    }
    if (inventory.rely(type, id)) {
      // Another thread stored it, index and all, between the two looks.
      claimed.remove(new BlobKey(type, id));
      return id;
    }
    add(type, id, length, sealer -> sealer.seal(type, plain, length));
    return id;
  }

  private void store(BlobType type, Sha256 id, StoredBlob blob, boolean again)
      throws IOException, InterruptedException {
    if (!again && rely(type, id) || !claimed.add(new BlobKey(type, id))) {
      return;
    }
    if (!again && inventory.rely(type, id)) {
      claimed.remove(new BlobKey(type, id));
      return;
    }
    add(type, id, blob.length(), sealer -> sealer.sealAgain(blob));
  }

  /** How a blob is sealed. */
  @FunctionalInterface
  private interface Sealing {
    SealedBlob by(BlobSealer sealer) throws IOException;
  }

  private void add(BlobType type, Sha256 id, int length, Sealing sealing)
      throws IOException, InterruptedException {
    BlobSealer sealer = sealers.poll();
    if (sealer == null) {
      sealer = new BlobSealer(store.sealer(), settings.compressionLevel(), settings.selfCheck());
    }
    PackBuilder full;
    try {
      SealedBlob sealed = sealing.by(sealer);
      budget.charge(sealed.length());
      (type == BlobType.DATA ? dataBlobs : treeBlobs).incrementAndGet();
      added.addAndGet(length);
      addedPacked.addAndGet(sealed.length());
      full = pack(type, id, sealed);
    } finally {
      leave(sealer);
    }
    if (full != null) {
      upload(full);
    }
  }

  /** What a huge directory needed is not kept for small ones. */
  private void leave(BlobSealer sealer) {
    if (sealer.size() <= MAX_SEALER) {
      sealers.add(sealer);
    } else {
      sealer.close();
    }
  }

  private @Nullable PackBuilder pack(BlobType type, Sha256 id, SealedBlob sealed) {
    synchronized (open) {
      PackBuilder pack = open.computeIfAbsent(type, any -> new PackBuilder(segments));
      pack.add(type, id, sealed);
      return pack.isFull() ? open.remove(type) : null;
    }
  }

  private void upload(PackBuilder pack) throws IOException, InterruptedException {
    uploads.submit(pack.finish(store.sealer()));
  }

  private void pend(int more) {
    synchronized (pendingMonitor) {
      pending += more;
      pendingMonitor.notifyAll();
    }
  }

  private void indexed(BlobType type, Sha256 id) {
    claimed.remove(new BlobKey(type, id));
  }

  private void fail(Throwable thrown) {
    if (failure.compareAndSet(null, thrown)) {
      budget.close();
      pend(0);
    }
  }

  private void throwFailure() throws IOException {
    Throwable first = failure.get();
    if (first != null) {
      throw Failures.asIo(first);
    }
  }
}
