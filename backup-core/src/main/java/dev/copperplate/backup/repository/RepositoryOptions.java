package dev.copperplate.backup.repository;

import dev.copperplate.backup.repository.pack.BlobWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * How a repository is used. Start from {@link #DEFAULT} and change what differs.
 *
 * @param environment label of the environment that snapshots are written from; restic's host name
 * @param memoryBytes budget of each running backup for data in flight: from the moment when a chunk
 *     is cut until its pack is stored; at least 80 MiB. Each open file adds up to 8 MiB for its
 *     unfinished chunk, each thread that compresses up to 16 MiB of buffers, and the index about 60
 *     bytes for each blob of the repository
 * @param threads how many threads read for a source or write for a restorer, and how many hash,
 *     compress and seal; two more store packs
 * @param compressionLevel of zstd, 1 to 22
 * @param selfCheck whether everything that is about to be stored is opened again and compared with
 *     what was read, so that faulty memory cannot spoil a backup
 * @param approvals which snapshots are removed only with approvals
 * @param limits what is so unusual that a person is asked before anything is removed
 * @param receipts whose receipts count as proof
 * @param retainFor how long the store is asked to keep what is written: a snapshot with all that it
 *     relies on from its time on, records from when they are written on; up to 100 years. Empty for
 *     not asking. Needs {@link dev.copperplate.backup.Capability#RETENTION}
 * @param scratch the directory in which runs make their scratch directories
 * @param clock the time of snapshots and locks
 * @param listeners told of what goes on
 */
public record RepositoryOptions(
    String environment,
    long memoryBytes,
    int threads,
    int compressionLevel,
    boolean selfCheck,
    ApprovalRule approvals,
    RetentionLimits limits,
    ReceiptKeys receipts,
    Optional<Duration> retainFor,
    Path scratch,
    InstantSource clock,
    List<BackupListener> listeners) {

  private static final int MAX_THREADS = 64;
  private static final int MAX_COMPRESSION_LEVEL = 22;
  private static final Duration LONGEST_RETENTION = Duration.ofDays(36_525);

  /** 96 MiB, one thread for each processor up to four, zstd level 3, self-check on. */
  public static final RepositoryOptions DEFAULT = new Draft().options();

  public RepositoryOptions {
    if (environment.isBlank() || environment.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("An environment needs a label");
    }
    if (memoryBytes < BlobWriter.LEAST_MEMORY) {
      throw new IllegalArgumentException(
          "A backup needs at least " + BlobWriter.LEAST_MEMORY + " bytes: " + memoryBytes);
    }
    if (threads < 1 || threads > MAX_THREADS) {
      throw new IllegalArgumentException("1 to " + MAX_THREADS + " threads: " + threads);
    }
    if (compressionLevel < 1 || compressionLevel > MAX_COMPRESSION_LEVEL) {
      throw new IllegalArgumentException("zstd has the levels 1 to 22: " + compressionLevel);
    }
    retainFor.ifPresent(RepositoryOptions::requireRetainable);
    listeners = List.copyOf(listeners);
  }

  public RepositoryOptions environment(String label) {
    return with(draft -> draft.environment = label);
  }

  public RepositoryOptions memoryBytes(long bytes) {
    return with(draft -> draft.memoryBytes = bytes);
  }

  public RepositoryOptions threads(int count) {
    return with(draft -> draft.threads = count);
  }

  public RepositoryOptions compressionLevel(int level) {
    return with(draft -> draft.compressionLevel = level);
  }

  public RepositoryOptions selfCheck(boolean on) {
    return with(draft -> draft.selfCheck = on);
  }

  public RepositoryOptions approvals(ApprovalRule rule) {
    return with(draft -> draft.approvals = rule);
  }

  public RepositoryOptions limits(RetentionLimits usual) {
    return with(draft -> draft.limits = usual);
  }

  public RepositoryOptions receipts(ReceiptKeys keys) {
    return with(draft -> draft.receipts = keys);
  }

  public RepositoryOptions retainFor(Duration time) {
    return with(draft -> draft.retainFor = Optional.of(time));
  }

  public RepositoryOptions scratch(Path directory) {
    return with(draft -> draft.scratch = directory);
  }

  public RepositoryOptions clock(InstantSource source) {
    return with(draft -> draft.clock = source);
  }

  /** With one more listener. */
  public RepositoryOptions listener(BackupListener listener) {
    return with(draft -> draft.listeners.add(listener));
  }

  static void requireRetainable(Duration time) {
    if (time.isNegative() || time.isZero() || time.compareTo(LONGEST_RETENTION) > 0) {
      throw new IllegalArgumentException("Retained is for up to 100 years: " + time);
    }
  }

  private RepositoryOptions with(Consumer<Draft> change) {
    Draft draft = new Draft();
    draft.environment = environment;
    draft.memoryBytes = memoryBytes;
    draft.threads = threads;
    draft.compressionLevel = compressionLevel;
    draft.selfCheck = selfCheck;
    draft.approvals = approvals;
    draft.limits = limits;
    draft.receipts = receipts;
    draft.retainFor = retainFor;
    draft.scratch = scratch;
    draft.clock = clock;
    draft.listeners.addAll(listeners);
    change.accept(draft);
    return draft.options();
  }

  /** Options that are being put together; begins with the defaults. */
  private static final class Draft {

    private String environment = "default";
    private long memoryBytes = 96L << 20;
    private int threads = Math.min(4, Runtime.getRuntime().availableProcessors());
    private int compressionLevel = 3;
    private boolean selfCheck = true;
    private ApprovalRule approvals = ApprovalRule.NONE;
    private RetentionLimits limits = RetentionLimits.DEFAULT;
    private ReceiptKeys receipts = ReceiptKeys.NONE;
    private Optional<Duration> retainFor = Optional.empty();
    private Path scratch = Path.of(System.getProperty("java.io.tmpdir"));
    private InstantSource clock = InstantSource.system();
    private final List<BackupListener> listeners = new ArrayList<>();

    RepositoryOptions options() {
      return new RepositoryOptions(
          environment,
          memoryBytes,
          threads,
          compressionLevel,
          selfCheck,
          approvals,
          limits,
          receipts,
          retainFor,
          scratch,
          clock,
          listeners);
    }
  }
}
