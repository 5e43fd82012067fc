package dev.copperplate.backup.repository;

import dev.copperplate.backup.Decision;
import dev.copperplate.backup.Proof;
import dev.copperplate.backup.RetentionPolicy;
import dev.copperplate.backup.RunId;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.repository.expiry.DatedSnapshot;
import dev.copperplate.backup.repository.expiry.Dependencies;
import dev.copperplate.backup.repository.expiry.SnapshotGroup;
import dev.copperplate.backup.repository.expiry.Verdict;
import dev.copperplate.backup.repository.expiry.Verdicts;
import dev.copperplate.backup.repository.read.ListedSnapshot;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Decides which snapshots of a repository go. First the policy is asked, then everything that
 * protects a snapshot has its say, one after the other; each can only keep more. What a snapshot
 * that stays needs stays with it, so that is settled after each step. Made for one plan.
 */
final class RetentionPlanner {

  /** What was decided; see {@link RetentionPlan}. */
  record Outcome(
      List<Decision> decisions, List<Snapshot> needApproval, List<RetentionQuestion> questions) {}

  private static final String PINNED = "pinned";

  private final List<ListedSnapshot> stored;
  private final Protections protections;
  private final RepositoryOptions options;
  private final Instant now;
  private final Dependencies dependencies;
  private final List<SnapshotGroup> groups;
  private final Verdicts verdicts;

  /**
   * @param stored all snapshots of the repository, newest first
   * @param asked which of them the plan is about
   */
  RetentionPlanner(
      List<ListedSnapshot> stored,
      Predicate<Snapshot> asked,
      Protections protections,
      RepositoryOptions options,
      Instant now) {
    List<Snapshot> snapshots = stored.stream().map(ListedSnapshot::snapshot).toList();
    this.stored = stored;
    this.protections = protections;
    this.options = options;
    this.now = now;
    this.dependencies = new Dependencies(snapshots);
    this.groups = SnapshotGroup.of(stored, options.limits().ahead());
    this.verdicts = new Verdicts(snapshots, asked, dependencies);
  }

  Outcome plan(RetentionPolicy policy, Set<RetentionQuestion> answered) throws IOException {
    for (SnapshotGroup group : groups) {
      decide(group, policy);
      classify(group);
      decideDamaged(group);
      keepNewestGood(group);
      keepNewestProved(group);
    }
    stored.forEach(this::keepProtected);
    verdicts.asked().forEach(this::noteGone);
    verdicts.keepNeeded();
    List<RetentionQuestion> questions = ask(answered);
    List<Snapshot> needApproval = keepUnapproved();
    verdicts.keepNeeded();
    return new Outcome(verdicts.decisions(), needApproval, questions);
  }

  private void decide(SnapshotGroup group, RetentionPolicy policy) {
    List<DatedSnapshot> good =
        group.snapshots().stream().filter(each -> each.isGood() && isAsked(each)).toList();
    if (good.isEmpty()) {
      return;
    }
    List<Snapshot> dated = good.stream().map(DatedSnapshot::dated).toList();
    List<Decision> decisions = policy.decide(dated, now);
    if (!decisions.stream().map(Decision::snapshot).toList().equals(dated)) {
      throw new IllegalStateException(
          "The retention policy "
              + policy
              + " did not decide on the "
              + dated.size()
              + " snapshots of "
              + group
              + ", each once and in the order in which it was given them");
    }
    for (int i = 0; i < good.size(); i++) {
      verdicts.of(good.get(i).snapshot()).decide(decisions.get(i));
    }
  }

  /** A policy that names no classes must not be a way around approvals. */
  private void classify(SnapshotGroup group) {
    if (options.approvals().classes().isEmpty()) {
      return;
    }
    List<DatedSnapshot> good = group.snapshots().stream().filter(DatedSnapshot::isGood).toList();
    List<Snapshot> dated = good.stream().map(DatedSnapshot::dated).toList();
    List<Decision> standing = options.approvals().classifier().decide(dated, now);
    for (int i = 0; i < good.size(); i++) {
      verdicts.of(good.get(i).snapshot()).classify(standing.get(i).classes());
    }
  }

  private boolean isAsked(DatedSnapshot each) {
    return verdicts.isAsked(each.snapshot());
  }

  /** A damaged snapshot is better than none. */
  private void decideDamaged(SnapshotGroup group) {
    Optional<Snapshot> newer = Optional.empty();
    for (DatedSnapshot each : group.snapshots()) {
      if (each.isGood()) {
        newer = newer.or(() -> Optional.of(each.snapshot()));
      } else if (newer.isEmpty()) {
        verdicts
            .of(each.snapshot())
            .keep("damaged, but there is no newer undamaged snapshot of " + group);
      } else {
        verdicts
            .of(each.snapshot())
            .note("damaged, and snapshot " + newer.get().id().shortHex() + " is newer and is not");
      }
    }
  }

  private void keepNewestGood(SnapshotGroup group) {
    group
        .newestGood()
        .ifPresent(newest -> verdicts.of(newest).keep("the newest undamaged snapshot of " + group));
  }

  /** The newest of each strength: a recent check does not make up for a restore that succeeded. */
  private void keepNewestProved(SnapshotGroup group) {
    Optional<Proof> strongest = Optional.empty();
    for (DatedSnapshot each : group.snapshots()) {
      Proof proof = protections.proofs().get(each.snapshot().id());
      if (each.isGood()
          && proof != null
          && strongest.map(than -> isStronger(proof, than)).orElse(true)) {
        strongest = Optional.of(proof);
        verdicts
            .of(each.snapshot())
            .keep("the newest proved snapshot of " + group + " (" + word(proof) + ")");
      }
    }
  }

  private static boolean isStronger(Proof proof, Proof than) {
    return proof.compareTo(than) > 0;
  }

  private static String word(Proof proof) {
    return proof.name().toLowerCase(Locale.ROOT);
  }

  private void keepProtected(ListedSnapshot listed) {
    Snapshot snapshot = listed.snapshot();
    Verdict verdict = verdicts.of(snapshot);
    for (String reason : protections.holds().getOrDefault(snapshot.run(), List.of())) {
      verdict.keep("held: " + reason);
    }
    if (snapshot.tags().contains(PINNED)) {
      verdict.keep("it has the tag " + PINNED);
    }
    if (protections.leased().contains(snapshot.run())) {
      verdict.keep("a snapshot that depends on it is being made");
    }
    listed
        .file()
        .retainedUntil()
        .filter(until -> until.isAfter(now))
        .ifPresent(until -> verdict.keep("the store retains it until " + until));
  }

  private void noteGone(Verdict verdict) {
    List<RunId> gone = dependencies.gone(verdict.snapshot());
    if (!gone.isEmpty()) {
      String others = gone.size() == 1 ? "" : " and " + (gone.size() - 1) + " more,";
      verdict.note("it depends on run " + gone.get(0) + "," + others + " which is gone");
    }
  }

  private List<RetentionQuestion> ask(Set<RetentionQuestion> answered) throws IOException {
    RetentionQuestions source = new RetentionQuestions(options.limits(), protections.identities());
    List<RetentionQuestion> open = new ArrayList<>();
    for (SnapshotGroup group : groups) {
      if (!doomed(group).isEmpty()) {
        open.addAll(keepAsked(group, source.arrivals(group), answered));
      }
    }
    // What waits for an answer keeps what it needs, of which no identity has to be read then.
    verdicts.keepNeeded();
    for (SnapshotGroup group : groups) {
      open.addAll(keepAsked(group, source.identities(group, doomed(group)), answered));
    }
    verdicts.keepNeeded();
    return open;
  }

  private List<RetentionQuestion> keepAsked(
      SnapshotGroup group, List<RetentionQuestion> questions, Set<RetentionQuestion> answered) {
    List<RetentionQuestion> open =
        questions.stream().filter(each -> !answered.contains(each)).toList();
    for (RetentionQuestion question : open) {
      for (DatedSnapshot each : group.snapshots()) {
        verdicts.of(each.snapshot()).keep("a question is open: " + question.text());
      }
    }
    return open;
  }

  private List<Snapshot> doomed(SnapshotGroup group) {
    return group.snapshots().stream()
        .map(DatedSnapshot::snapshot)
        .filter(each -> !verdicts.of(each).isKept())
        .toList();
  }

  /** What stays because approvals are missing. */
  private List<Snapshot> keepUnapproved() {
    ApprovalRule rule = options.approvals();
    List<Snapshot> unapproved = new ArrayList<>();
    for (Verdict each : verdicts.asked()) {
      Set<String> protectedClasses = new TreeSet<>(each.classes());
      protectedClasses.retainAll(rule.classes());
      if (each.isKept() || protectedClasses.isEmpty()) {
        continue;
      }
      List<String> approvers =
          Approvals.approvers(each.snapshot().run(), protections.approvals(), now);
      String standsFor = "stands for " + String.join(", ", protectedClasses);
      if (approvers.size() >= rule.approvers()) {
        each.note(standsFor + "; removal approved by " + String.join(", ", approvers));
      } else {
        each.keep(standsFor + ": " + given(approvers, rule));
        unapproved.add(each.snapshot());
      }
    }
    return unapproved;
  }

  private static String given(List<String> approvers, ApprovalRule rule) {
    String names = approvers.isEmpty() ? "" : " (" + String.join(", ", approvers) + ")";
    return approvers.size() + " of " + rule.approvers() + " approvals given" + names;
  }
}
