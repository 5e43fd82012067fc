package dev.copperplate.backup.repository;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.BackupSource;
import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Proof;
import dev.copperplate.backup.RestorePlan;
import dev.copperplate.backup.RestoreReport;
import dev.copperplate.backup.Restorer;
import dev.copperplate.backup.RetentionPolicy;
import dev.copperplate.backup.RunId;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.Snapshots;
import dev.copperplate.backup.Verification;
import dev.copperplate.backup.Verifier;
import dev.copperplate.backup.repository.chunk.Polynomial;
import dev.copperplate.backup.repository.crypto.KeyDerivation;
import dev.copperplate.backup.repository.expiry.Dependencies;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.lock.LockTimes;
import dev.copperplate.backup.repository.pack.BlobReader;
import dev.copperplate.backup.repository.read.StoredSnapshotReader;
import dev.copperplate.backup.repository.read.Trees;
import dev.copperplate.backup.repository.run.CaptureRun;
import dev.copperplate.backup.repository.run.RestoreRun;
import dev.copperplate.backup.repository.run.RestoreRun.Permission;
import dev.copperplate.backup.repository.run.Run;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.repository.storage.ObjectStore;
import dev.copperplate.backup.repository.storage.Retention;
import dev.copperplate.backup.repository.storage.Substitutes;
import dev.copperplate.backup.target.RetryPolicy;
import dev.copperplate.backup.target.RetryingTarget;
import java.io.Closeable;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;

/**
 * The deduplicated, encrypted collection of snapshots on one target, in restic's repository format:
 * stock restic reads all of it, and what restic wrote can be read here.
 *
 * <p>Thread-safe and long-lived: a service opens it once. Several backups may run at once, in one
 * process or many. Blocking calls; interrupting the caller cancels the run, closes what was
 * attached to it and leaves nothing half done. {@link #close} ends what the repository made, not
 * the target.
 *
 * <p>Each running backup has {@link RepositoryOptions#threads} threads that read, as many that
 * hash, compress and seal, two that store packs, one that carries it and one that renews its lock;
 * all are daemons whose names begin with {@code copperplate-}, and none outlives the run.
 *
 * <p>Failures are {@link BackupException}s whose {@link BackupException#kind kind} callers branch
 * on.
 *
 * @see <a href="https://restic.readthedocs.io/en/stable/100_references.html">the repository
 *     format</a>
 */
public final class BackupRepository implements Snapshots, Closeable {

  private static final DateTimeFormatter RUN_TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private static final SecureRandom RANDOM = new SecureRandom();

  private final OpenRepository repository;
  private final RepositoryOptions options;
  private final KeyRing keys;

  private BackupRepository(OpenRepository repository, RepositoryOptions options, KeyRing keys) {
    this.repository = repository;
    this.options = options;
    this.keys = keys;
  }

  /** Opens a repository with {@link RepositoryOptions#DEFAULT}. */
  public static BackupRepository open(BackupTarget target, Passwords keys) throws IOException {
    return open(target, keys, RepositoryOptions.DEFAULT);
  }

  /**
   * Opens a repository. Takes about half a second, because that is what a guess of the password
   * shall cost.
   *
   * @throws BackupException {@code NOT_FOUND} if there is none, {@code WRONG_KEY} if no key file
   *     opens with the password, {@code MISSING} if there are no key files, {@code DAMAGED} if
   *     those that might open are damaged, or the config is
   */
  public static BackupRepository open(
      BackupTarget target, Passwords keys, RepositoryOptions options) throws IOException {
    return open(target, keys, options, LockTimes.DEFAULT);
  }

  static BackupRepository open(
      BackupTarget target, Passwords keys, RepositoryOptions options, LockTimes lockTimes)
      throws IOException {
    BackupTarget patient = RetryingTarget.of(target, RetryPolicy.DEFAULT);
    RepositoryKeys stored = new RepositoryKeys(patient);
    RepositoryKeys.Opened opened = stored.open(keys);
    ObjectStore store = new ObjectStore(patient, opened.key(), stored.substitutes());
    OpenRepository repository =
        OpenRepository.of(
            opened.config(), opened.polynomial(), store, lockTimes, () -> retention(options));
    return new BackupRepository(
        repository, options, new StoredKeyRing(repository, options, opened));
  }

  /** Of what is written now. */
  private static Retention retention(RepositoryOptions options) {
    return Retention.of(options.clock().instant(), options.retainFor(), options.clock());
  }

  /**
   * Creates a repository and opens it. Who creates repositories at the same place at the same time
   * gets one, provided that the target can put conditionally.
   *
   * @throws BackupException {@code ALREADY_EXISTS} if a repository, or a part of one, is there;
   *     {@code UNSUPPORTED} if the options ask for retention and the target cannot retain
   */
  public static BackupRepository create(
      BackupTarget target, Passwords keys, RepositoryOptions options) throws IOException {
    create(target, keys, options, Polynomial.random(new SecureRandom()));
    return open(target, keys, options);
  }

  private static void create(
      BackupTarget target, Passwords keys, RepositoryOptions options, Polynomial polynomial)
      throws IOException {
    ObjectStore.requireRetention(target, options.retainFor());
    new RepositoryKeys(RetryingTarget.of(target, RetryPolicy.DEFAULT))
        .create(keys, KeyDerivation.DEFAULT, options.clock(), polynomial, retention(options));
  }

  /** Makes a backup with {@link BackupOptions#DEFAULT}. */
  public BackupReport backup(BackupSource source) throws IOException, InterruptedException {
    return backup(source, BackupOptions.DEFAULT);
  }

  /**
   * Captures the source. Durable and findable on return: only now may upstream state be released.
   *
   * @throws BackupException {@code LOCKED} if somebody maintains the repository for longer than the
   *     options allow; {@code CONFLICT} if something went away on which the new snapshot would have
   *     relied; {@code UNSUPPORTED} for repositories of version 1, and if the snapshot is to be
   *     retained and the target cannot retain; those of the source and the target
   */
  public BackupReport backup(BackupSource source, BackupOptions backupOptions)
      throws IOException, InterruptedException {
    repository.requireWritable();
    requireRetention(backupOptions.retainedFor(options));
    Instant now = options.clock().instant();
    Instant time = backupOptions.takenAt().orElse(now);
    requirePast(time, now);
    RunId id = newRun(now);
    Listeners listeners = new Listeners(options, "backup", id, Optional.of(source.id()));
    try (CaptureRun run = new CaptureRun(settings(id, listeners), time)) {
      Backup backup = new Backup(repository, options, source, backupOptions, run);
      return observed(listeners, () -> run.call(backup::make));
    }
  }

  private static void requirePast(Instant time, Instant now) throws BackupException {
    if (time.isAfter(now)) {
      throw new BackupException(
          Kind.INVALID,
          "A snapshot cannot be of " + time + ", which is still to come: it is " + now);
    }
  }

  /**
   * The snapshots that the filter lets through, newest first. A snapshot file that cannot be read
   * is passed over with a warning in the log. A snapshot is proved only as far as all that it
   * depends on is there and proved.
   */
  @Override
  public List<Snapshot> list(SnapshotFilter filter) throws IOException {
    return new Proofs(repository, options).list(filter);
  }

  @Override
  public SnapshotReader open(Snapshot snapshot) throws IOException {
    requireStored(snapshot);
    repository.index().refresh();
    return repository.reader(snapshot, bytes -> {});
  }

  /**
   * Looks whether a snapshot can be relied on. What is wrong with it is in the verification; that
   * it depends on a snapshot which is gone is an error, whatever the verifier looks at. Writes a
   * receipt, also of a failure; if it cannot be kept, the verification says so with a warning and
   * holds all the same.
   *
   * @throws IOException if the verifier could not look
   */
  public Verification verify(Snapshot snapshot, Verifier verifier)
      throws IOException, InterruptedException {
    RunId id = newRun(options.clock().instant());
    Listeners listeners = new Listeners(options, "verify", id, Optional.of(snapshot.source()));
    try (RestoreRun run = new RestoreRun(settings(id, listeners), Permission.HARMLESS, List.of())) {
      return observed(listeners, () -> run.call(() -> verify(snapshot, verifier, run)));
    }
  }

  private Verification verify(Snapshot snapshot, Verifier verifier, RestoreRun run)
      throws IOException, InterruptedException {
    Substitutes substitutes = repository.store().substitutes();
    long begin = substitutes.now();
    requireStored(snapshot);
    repository.index().refresh();
    Verification verification = look(snapshot, verifier, run);
    verification = with(verification, substitutes.findings(begin, Finding.Severity.WARNING));
    verification = with(verification, gone(snapshot));
    return new Receipts(repository, options).keep(snapshot, run.run(), verification);
  }

  /**
   * A snapshot cannot be relied on without what it depends on, whatever its own content is like.
   */
  private List<Finding> gone(Snapshot snapshot) throws IOException {
    if (snapshot.dependencies().isEmpty()) {
      return List.of();
    }
    Dependencies stored = new Dependencies(repository.catalog().list(SnapshotFilter.ALL));
    return stored.closure(List.of(snapshot)).stream()
        .filter(each -> stored.of(each).isEmpty())
        .map(
            run ->
                Finding.error(
                    "snapshot " + snapshot.id().shortHex(),
                    "depends on run " + run + ", which is gone",
                    "Copy that snapshot back from a replica, or make a full backup and rely on"
                        + " another snapshot until then"))
        .toList();
  }

  private Verification look(Snapshot snapshot, Verifier verifier, RestoreRun run)
      throws IOException, InterruptedException {
    try (BlobReader blobs = BlobReader.ofPresentPacks(repository.store(), repository.index());
        SnapshotReader reader =
            new StoredSnapshotReader(
                repository.config().id(),
                snapshot,
                blobs,
                new Trees(blobs),
                bytes -> run.advance(0, bytes))) {
      for (BackupException damage : repository.index().damaged()) {
        run.report(
            Finding.warning(
                repository.store().target().description(),
                String.valueOf(damage.getMessage()),
                "`restic repair index` makes it anew from the packs"));
      }
      Verification verification = verifier.verify(reader, run);
      run.workers().join();
      return with(verification, run.findings());
    } catch (BackupException failure) {
      if (failure.kind() != Kind.MISSING && failure.kind() != Kind.DAMAGED) {
        throw failure;
      }
      Finding finding =
          Finding.error(
              "snapshot " + snapshot.id().shortHex(), String.valueOf(failure.getMessage()), "");
      List<Finding> findings = new ArrayList<>(run.findings());
      findings.add(finding);
      return Verification.of(
          verifier.getClass().getSimpleName(), Proof.STRUCTURE, findings, Map.of());
    }
  }

  private static Verification with(Verification verification, List<Finding> reported) {
    if (reported.isEmpty()) {
      return verification;
    }
    List<Finding> all = new ArrayList<>(verification.findings());
    all.addAll(reported);
    boolean failed =
        !verification.passed()
            || all.stream().anyMatch(each -> each.severity() == Finding.Severity.ERROR);
    return new Verification(
        verification.verifier(), verification.proof(), !failed, all, verification.facts());
  }

  /** What a restore would do, without doing it. */
  public RestorePlan planRestore(Snapshot snapshot, Restorer restorer)
      throws IOException, InterruptedException {
    RunId id = newRun(options.clock().instant());
    Listeners listeners = new Listeners(options, "restore", id, Optional.of(snapshot.source()));
    try (RestoreRun run = new RestoreRun(settings(id, listeners), Permission.DRY_RUN, List.of())) {
      try {
        restore(snapshot, restorer, run);
      } catch (BackupException ended) {
        if (ended.kind() != Kind.NOT_CONFIRMED) {
          throw ended;
        }
      }
      return run.plan()
          .orElseThrow(
              () ->
                  new IllegalStateException(
                      restorer.getClass().getName() + " announced no plan before it ended"));
    }
  }

  /** Restores with {@link RestoreOptions#DEFAULT}: nothing that exists is lost. */
  public RestoreReport restore(Snapshot snapshot, Restorer restorer)
      throws IOException, InterruptedException {
    return restore(snapshot, restorer, RestoreOptions.DEFAULT);
  }

  /**
   * Puts a snapshot back. What could not be restored is named by the findings of the report.
   *
   * @throws BackupException {@code NOT_CONFIRMED}, before anything was changed, if something would
   *     be destroyed that the confirmed plan does not name
   */
  public RestoreReport restore(Snapshot snapshot, Restorer restorer, RestoreOptions restoreOptions)
      throws IOException, InterruptedException {
    RunId id = newRun(options.clock().instant());
    Listeners listeners = new Listeners(options, "restore", id, Optional.of(snapshot.source()));
    List<String> confirmed =
        restoreOptions.confirmed().map(RestorePlan::destroys).orElse(List.of());
    try (RestoreRun run =
        new RestoreRun(settings(id, listeners), Permission.CONFIRMED, confirmed)) {
      return observed(listeners, () -> restore(snapshot, restorer, run));
    }
  }

  private RestoreReport restore(Snapshot snapshot, Restorer restorer, RestoreRun run)
      throws IOException, InterruptedException {
    Substitutes substitutes = repository.store().substitutes();
    long begin = substitutes.now();
    requireStored(snapshot);
    repository.index().refresh();
    return run.call(
        () -> {
          try (SnapshotReader reader =
              repository.reader(snapshot, bytes -> run.advance(0, bytes))) {
            RestoreReport report = restorer.restore(reader, run);
            run.workers().join();
            // All that was asked for is there, so this is no reason to call it incomplete.
            substitutes.findings(begin, Finding.Severity.INFO).forEach(run::report);
            return with(report, run.findings());
          }
        });
  }

  private static RestoreReport with(RestoreReport report, List<Finding> reported) {
    List<Finding> all = new ArrayList<>(report.findings());
    all.addAll(reported);
    return new RestoreReport(
        report.plan(), report.point(), report.facts(), report.files(), report.bytes(), all);
  }

  /**
   * The receipts of a snapshot's content, oldest first. Those that were forged or altered are left
   * out; {@link #check} names them.
   */
  public List<Receipt> receipts(Snapshot snapshot) throws IOException {
    return new Receipts(repository, options).of(snapshot.content());
  }

  /**
   * What went wrong while a snapshot was made, as far as it was worse than informative. Empty for
   * snapshots of other tools.
   */
  public List<Finding> findings(Snapshot snapshot) throws IOException {
    return new RunFindings(repository).of(snapshot.run());
  }

  /**
   * Keeps a snapshot until it is released: no plan removes it, and none of those on which it
   * depends.
   *
   * @param reason for those who wonder later; not blank
   */
  public void hold(Snapshot snapshot, String reason) throws IOException {
    requireStored(snapshot);
    new Holds(repository, options).hold(snapshot, reason);
  }

  /**
   * Ends all holds of a snapshot.
   *
   * @param approvals besides those that are stored; needed where the options' {@link ApprovalRule}
   *     protects anything
   * @throws BackupException {@code DENIED} if approvals are missing
   */
  public void release(Snapshot snapshot, Approval... approvals) throws IOException {
    new Holds(repository, options).release(snapshot, List.of(approvals));
  }

  /** Keeps an approval beside the repository, where every later {@link #expire} finds it. */
  public void approve(Approval approval) throws IOException {
    new Approvals(repository).add(approval);
  }

  /**
   * What a policy would remove of all snapshots, each source and environment by itself. Whatever it
   * says, these stay, each with the reason: the newest undamaged snapshot and the newest proved
   * ones; what is held, has the tag {@code pinned}, is retained by the store or lacks approvals;
   * and all that any snapshot that stays depends on. A damaged snapshot goes once a newer undamaged
   * one is there.
   *
   * @throws IllegalStateException if the policy breaks its contract
   */
  public RetentionPlan plan(RetentionPolicy policy) throws IOException {
    return plan(SnapshotFilter.ALL, policy);
  }

  /** What a policy would remove of the snapshots that the filter lets through. */
  public RetentionPlan plan(SnapshotFilter filter, RetentionPolicy policy) throws IOException {
    return plan(filter, policy, Set.of());
  }

  /**
   * What a policy would remove, after a person has looked.
   *
   * @param answered the questions of an earlier plan that this person has looked at; others are
   *     asked as before
   */
  public RetentionPlan plan(
      SnapshotFilter filter, RetentionPolicy policy, Set<RetentionQuestion> answered)
      throws IOException {
    return new RetentionPlanning(repository, options).plan(filter, policy, answered);
  }

  /**
   * Removes the snapshots that a plan of this repository says, and those that only lacked approvals
   * if they have them now. Plans again under the lock: what became needed since stays, and is
   * named. Takes a shared lock only, so that backups go on. A snapshot goes before those that it
   * depends on: whatever interrupts this leaves none without what it needs.
   *
   * @param approvals besides those that are stored; they are kept, see {@link #approve}
   * @throws BackupException {@code LOCKED} if somebody maintains the repository, or is removing
   *     snapshots already
   * @throws IllegalArgumentException if the plan is another repository's
   */
  public ExpireReport expire(RetentionPlan plan, Approval... approvals)
      throws IOException, InterruptedException {
    repository.requireWritable();
    return maintained(
        "expire", run -> new Expiry(repository, options, run).expire(plan, List.of(approvals)));
  }

  /**
   * Frees what no snapshot needs. Writers go on; only at the end those of this library wait between
   * two snapshots, for as long as the options say.
   *
   * @throws BackupException {@code LOCKED} if another prune is at work; {@code DAMAGED}, naming it,
   *     if a snapshot, a directory or an index file cannot be read, because what it needs is
   *     unknown. Beside writers that do not end it throws nothing: the report says that it is not
   *     complete
   */
  public PruneReport prune(PruneOptions pruneOptions) throws IOException, InterruptedException {
    repository.requireWritable();
    return maintained("prune", run -> new Prune(repository, options, run).prune(pruneOptions));
  }

  /** Looks whether what is stored is as it was written. Takes no lock and changes nothing. */
  public CheckReport check(CheckOptions checkOptions) throws IOException, InterruptedException {
    return maintained("check", run -> new Check(repository, options, run).check(checkOptions));
  }

  /**
   * Makes index files anew from the packs where they are damaged, missing or wrong, and takes from
   * replicas what is damaged or missing here. Needs the repository for itself.
   *
   * @throws BackupException {@code LOCKED} if others are at work for longer than the options allow
   */
  public RepairReport repair(RepairOptions repairOptions) throws IOException, InterruptedException {
    repository.requireWritable();
    requireRetention(options.retainFor());
    return maintained("repair", run -> new Repair(repository, options, run).repair(repairOptions));
  }

  /**
   * Copies snapshots into another repository, which may have another key: those on which others
   * depend first. Run, content and tags stay; holds and findings go along; a proof is earned again
   * there. What the replica has, copied by this library or by stock restic, is not copied again,
   * and neither is what an interrupted copy has stored.
   *
   * <p>A snapshot that cannot be read whole, or that depends on one that is in neither repository,
   * is an error among the findings, and the others are copied. Takes a shared lock on both, without
   * which a repository that can only be read is copied all the same. Reading takes as many threads
   * as this repository's options say, storing as many as the replica's.
   *
   * @throws BackupException {@code LOCKED} if somebody maintains one of them for longer than the
   *     options allow; {@code INVALID} if the replica is this repository, copied file by file;
   *     {@code CONFLICT} if something went away in the replica on which a copy would have relied;
   *     {@code UNSUPPORTED} if the replica's options ask for retention and its target cannot
   *     retain; those of the replica's target
   * @throws IllegalArgumentException if the two are one repository
   */
  public CopyReport copyTo(BackupRepository replica, CopyOptions copyOptions)
      throws IOException, InterruptedException {
    replica.repository.requireWritable();
    replica.requireRetention(replica.options.retainFor());
    return maintained(
        "copy",
        run ->
            new Copy(repository, options, replica.repository, replica.options, run)
                .copy(copyOptions));
  }

  /**
   * Creates a repository that cuts files as this one does, so that copies and later backups share
   * what they have in common.
   *
   * @throws BackupException {@code ALREADY_EXISTS} if a repository, or a part of one, is there;
   *     {@code UNSUPPORTED} if the options ask for retention and the target cannot retain
   */
  public BackupRepository createReplica(
      BackupTarget target, Passwords passwords, RepositoryOptions replicaOptions)
      throws IOException {
    create(target, passwords, replicaOptions, repository.polynomial());
    return open(target, passwords, replicaOptions);
  }

  /** How it cuts files; for replicas that are made otherwise than by {@link #createReplica}. */
  Polynomial polynomial() {
    return repository.polynomial();
  }

  /** The key files. */
  public KeyRing keys() {
    return keys;
  }

  /** Ends what the repository made. The target stays open: it is the host's. */
  @Override
  public void close() throws IOException {
    repository.blobs().close();
  }

  /** Its parts, for what another repository does with it. */
  OpenRepository opened() {
    return repository;
  }

  private void requireRetention(Optional<Duration> retainFor) throws IOException {
    ObjectStore.requireRetention(repository.store().target(), retainFor);
  }

  private void requireStored(Snapshot snapshot) throws IOException {
    repository
        .store()
        .substitutes()
        .meet(ObjectKind.SNAPSHOT.key(Sha256.parse(snapshot.id().hex())));
    if (!repository.catalog().contains(snapshot)) {
      throw new BackupException(
          Kind.NOT_FOUND,
          "Snapshot "
              + snapshot.id().shortHex()
              + " is not in "
              + repository.store().target().description()
              + ": it was removed, or is of another"
              + " repository");
    }
  }

  /** What maintains the repository. */
  @FunctionalInterface
  private interface Maintenance<T> {
    T during(Run run) throws IOException, InterruptedException;
  }

  private <T> T maintained(String operation, Maintenance<T> maintenance)
      throws IOException, InterruptedException {
    RunId id = newRun(options.clock().instant());
    Listeners listeners = new Listeners(options, operation, id, Optional.empty());
    try (Run run = new Run(settings(id, listeners))) {
      return observed(listeners, () -> run.call(() -> maintenance.during(run)));
    }
  }

  private Run.Settings settings(RunId id, Listeners listeners) {
    return new Run.Settings(
        id,
        listeners.event().operation(),
        options.clock(),
        options.threads(),
        options.scratch(),
        this,
        listeners::progressed);
  }

  /** Sorts by time, says when it was, and is random enough for many writers. */
  private static RunId newRun(Instant time) {
    String random = HexFormat.of().toHexDigits(RANDOM.nextLong());
    return new RunId(RUN_TIME.format(time) + "-" + random);
  }

  private static <T> T observed(Listeners listeners, Callable<T> operation)
      throws IOException, InterruptedException {
    listeners.started();
    Optional<Exception> failure = Optional.empty();
    try {
      return operation.call();
    } catch (IOException | InterruptedException | RuntimeException thrown) {
      failure = Optional.of(thrown);
      throw thrown;
    } catch (Exception unexpected) {
      failure = Optional.of(unexpected);
      throw new IOException(unexpected);
    } catch (Error fatal) {
      // Whoever counts backups must not count this one as made.
      failure = Optional.of(new IllegalStateException("The operation ended with an error", fatal));
      throw fatal;
    } finally {
      listeners.ended(failure);
    }
  }
}
