package dev.copperplate.backup.repository.check;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Workers;
import dev.copperplate.backup.repository.check.Survey.PackContents;
import dev.copperplate.backup.repository.format.PackEntry;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.pack.PackScan;
import dev.copperplate.backup.repository.pack.PackScan.BadBlob;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.repository.storage.ObjectStore;
import dev.copperplate.backup.repository.storage.StoredObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads whole packs, several at once, and notes what is wrong with them and with what they hold. In
 * memory is one blob for each worker.
 */
public final class PackReading implements AutoCloseable {

  /** So many packs that cannot be read at all mean that the store cannot. */
  private static final int MOST_UNREADABLE = 16;

  private static final int NAMED = 10;
  static final String REMEDY =
      "Heal it from a replica with a repair. Without one, back up again what is still there and"
          + " repair then, which stores what it holds once more";

  private final ObjectStore store;
  private final Survey survey;
  private final PackContents contents;
  private final Findings findings;
  private final LongConsumer progress;
  private final ConcurrentLinkedQueue<PackScan> scans = new ConcurrentLinkedQueue<>();
  private final AtomicLong packs = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicInteger unreadable = new AtomicInteger();
  private final BitSet read = new BitSet();
  private final BitSet damaged = new BitSet();
  private final BitSet lost = new BitSet();
  private volatile boolean vanished;

  /**
   * @param progress told how many bytes more were read, from several threads
   */
  public PackReading(ObjectStore store, Survey survey, Findings findings, LongConsumer progress) {
    this.store = store;
    this.survey = survey;
    this.contents = survey.contents();
    this.findings = findings;
    this.progress = progress;
  }

  /** Begins to read a pack that an index lists; waits while all workers read. */
  public void submit(int pack, Workers workers) throws IOException, InterruptedException {
    workers.submit(
        () -> {
          read(pack);
          return null;
        });
  }

  /** Begins to read a pack that no index lists. */
  public void submitUnlisted(StoredObject pack, Workers workers)
      throws IOException, InterruptedException {
    workers.submit(
        () -> {
          readUnlisted(pack);
          return null;
        });
  }

  /** How many were read to their end. */
  public long packs() {
    return packs.get();
  }

  /** How many bytes they have. */
  public long bytes() {
    return bytes.get();
  }

  /** Whether a pack went before it could be read. */
  public boolean vanished() {
    return vanished;
  }

  /** The indexed packs that were read to their end. */
  public synchronized BitSet read() {
    return (BitSet) read.clone();
  }

  /** Those of which something is wrong. */
  public synchronized BitSet damaged() {
    return (BitSet) damaged.clone();
  }

  /** The indexed packs that are there and could not be read. */
  public synchronized BitSet unreadable() {
    return (BitSet) lost.clone();
  }

  private void read(int pack) throws IOException {
    Sha256 id = survey.blobs().pack(pack);
    List<PackEntry> listed = contents.entries(pack);
    PackScan.Result result = scan(id, listed);
    if (result == null) {
      return;
    }
    synchronized (this) {
      read.set(pack);
    }
    if (!result.sound()) {
      synchronized (this) {
        damaged.set(pack);
      }
      markBad(pack, result.bad());
      findings.error(name(id), problems(result, listed.size()), REMEDY);
    }
  }

  private void readUnlisted(StoredObject pack) throws IOException {
    PackScan.Result result = scan(pack.id(), List.of());
    if (result != null && !result.sound()) {
      findings.warning(
          name(pack.id()),
          "is in no index, and damaged: " + String.join("; ", result.problems()),
          "Nothing relies on it: the next prune removes it");
    }
  }

  private PackScan.@Nullable Result scan(Sha256 pack, List<PackEntry> listed) throws IOException {
    PackScan scan = scans.poll();
    if (scan == null) {
      scan = new PackScan(store);
    }
    try {
      PackScan.Result result = read(scan, pack, listed);
      packs.incrementAndGet();
      bytes.addAndGet(result.bytes());
      return result;
    } catch (BackupException failure) {
      if (failure.kind() == Kind.NOT_FOUND) {
        vanished = true;
        return null;
      }
      if (unreadable.incrementAndGet() > MOST_UNREADABLE) {
        throw failure;
      }
      synchronized (this) {
        survey.blobs().packNumber(pack).ifPresent(lost::set);
      }
      findings.error(name(pack), "cannot be read: " + failure.getMessage(), REMEDY);
      return null;
    } finally {
      scans.add(scan);
    }
  }

  /** What an earlier version of the pack has whole is no damage. */
  private PackScan.Result read(PackScan scan, Sha256 pack, List<PackEntry> listed)
      throws IOException {
    PackScan.Result result;
    try {
      result = scan.read(pack, listed, progress);
    } catch (BackupException failure) {
      if (failure.kind() == Kind.NOT_FOUND && hasEarlier(pack)) {
        return scan.read(pack, listed, progress);
      }
      throw failure;
    }
    return !result.sound() && hasEarlier(pack) ? scan.read(pack, listed, progress) : result;
  }

  private boolean hasEarlier(Sha256 pack) throws IOException {
    return store.substitutes().find(ObjectKind.PACK, pack);
  }

  private void markBad(int pack, List<BadBlob> bad) {
    Set<PackEntry> entries = bad.stream().map(BadBlob::entry).collect(Collectors.toSet());
    for (int number : contents.numbers(pack)) {
      if (entries.contains(survey.blobs().blobAt(number))) {
        survey.health().markBad(number);
      }
    }
  }

  private static String problems(PackScan.Result result, int blobs) {
    List<String> problems = new ArrayList<>(result.problems());
    if (!result.bad().isEmpty()) {
      String named =
          result.bad().stream()
              .limit(NAMED)
              .map(each -> blob(each) + " (" + each.problem() + ")")
              .collect(Collectors.joining(", "));
      String others = result.bad().size() > NAMED ? " and others" : "";
      problems.add(
          result.bad().size() + " of its " + blobs + " blobs are damaged: " + named + others);
    }
    return String.join("; ", problems);
  }

  private static String blob(BadBlob bad) {
    return new BlobTroubles.Blob(bad.entry().type(), bad.entry().id()).name();
  }

  private static String name(Sha256 pack) {
    return ObjectKind.PACK.key(pack).value();
  }

  @Override
  public void close() {
    for (PackScan scan = scans.poll(); scan != null; scan = scans.poll()) {
      scan.close();
    }
  }
}
