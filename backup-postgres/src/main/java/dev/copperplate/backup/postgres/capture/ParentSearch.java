package dev.copperplate.backup.postgres.capture;

import dev.copperplate.backup.CaptureContext;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.Manifest;
import dev.copperplate.backup.RunId;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.postgres.replication.SystemIdentity;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Finds out on which backup the next one can be based. */
final class ParentSearch {

  /** Incrementals came with 17. */
  static final int FIRST_VERSION = 170_000;

  private static final int OF_MAJOR = 10_000;

  private ParentSearch() {}

  /**
   * Looks for the parent of the next backup.
   *
   * @param summarizing whether the server keeps summaries of its WAL
   */
  static Basis choose(
      CaptureContext context,
      int chainLength,
      SystemIdentity system,
      int serverVersion,
      boolean summarizing)
      throws IOException {
    if (chainLength == 1) {
      return new NoParent("asked for");
    }
    if (serverVersion < FIRST_VERSION) {
      return new NoParent("the server has no incrementals before PostgreSQL 17");
    }
    if (!summarizing) {
      return new NoParent("summarize_wal is off");
    }
    Optional<SnapshotReader> previous = context.previous();
    if (previous.isEmpty()) {
      return new NoParent("there is no earlier backup");
    }
    return judge(context, previous.get(), chainLength, system, serverVersion);
  }

  private static Basis judge(
      CaptureContext context,
      SnapshotReader previous,
      int chainLength,
      SystemIdentity system,
      int serverVersion)
      throws IOException {
    Manifest facts = previous.manifest();
    int chain = number(facts, Facts.CHAIN);
    if (!facts.get(Manifest.IDENTITY).equals(Optional.of(system.system()))) {
      return new NoParent("the earlier backup is of another system");
    }
    if (number(facts, Facts.SERVER_VERSION) / OF_MAJOR != serverVersion / OF_MAJOR) {
      return new NoParent("the earlier backup is of another major version");
    }
    if (number(facts, Facts.TIMELINE) != system.timeline()) {
      return new NoParent("the earlier backup is of another timeline");
    }
    if (chain < 1 || chain >= chainLength) {
      return new NoParent("the chain has its " + chain + " backups");
    }
    if (!isWhole(context, previous)) {
      return new NoParent("a backup of the chain is gone or damaged");
    }
    Optional<Entry> manifest = previous.entry(PhysicalCapture.MANIFEST);
    return manifest
        .<Basis>map(each -> new Parent(previous, each, chain))
        .orElseGet(() -> new NoParent("the earlier backup has no manifest"));
  }

  /**
   * Whether every backup of the chain is still there and fit to be relied on. Each names only the
   * one before it, and what stands in a repository is not trusted to be free of circles.
   */
  private static boolean isWhole(CaptureContext context, SnapshotReader previous)
      throws IOException {
    Set<RunId> known = new HashSet<>();
    Deque<RunId> open = new ArrayDeque<>(previous.snapshot().dependencies());
    for (RunId run = open.poll(); run != null; run = open.poll()) {
      Optional<Snapshot> link =
          context.snapshots().list(SnapshotFilter.of(run)).stream()
              .filter(each -> each.state() != SnapshotState.DAMAGED)
              .findFirst();
      if (link.isEmpty()) {
        return false;
      }
      if (known.add(run)) {
        open.addAll(link.get().dependencies());
      }
    }
    return true;
  }

  private static int number(Manifest facts, String key) {
    try {
      return facts.get(key).map(Integer::parseInt).orElse(0);
    } catch (NumberFormatException e) {
      return 0; // as good as none: a full is always right
    }
  }
}
