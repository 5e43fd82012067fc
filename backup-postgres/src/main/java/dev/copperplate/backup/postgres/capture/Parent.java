package dev.copperplate.backup.postgres.capture;

import dev.copperplate.backup.ByteRange;
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
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The backup on which an incremental can be based, or the reason why there is none.
 *
 * @param reader the backup
 * @param manifest its {@code backup_manifest}
 * @param chain how many backups its chain has
 * @param reason why a full is due; empty if there is a parent
 */
record Parent(@Nullable SnapshotReader reader, @Nullable Entry manifest, int chain, String reason) {

  /** Incrementals came with 17. */
  static final int FIRST_VERSION = 170_000;

  private static final int OF_MAJOR = 10_000;

  /** Opens what the server has to be given. The caller closes it. */
  InputStream openManifest() throws IOException {
    return Objects.requireNonNull(reader).open(Objects.requireNonNull(manifest), ByteRange.ALL);
  }

  Snapshot snapshot() {
    return Objects.requireNonNull(reader).snapshot();
  }

  static Parent none(String reason) {
    return new Parent(null, null, 0, reason);
  }

  /**
   * Looks for the parent of the next backup.
   *
   * @param summarizing whether the server keeps summaries of its WAL
   */
  static Parent choose(
      CaptureContext context,
      int chainLength,
      SystemIdentity system,
      int serverVersion,
      boolean summarizing)
      throws IOException {
    if (chainLength == 1) {
      return none("asked for");
    }
    if (serverVersion < FIRST_VERSION) {
      return none("the server has no incrementals before PostgreSQL 17");
    }
    if (!summarizing) {
      return none("summarize_wal is off");
    }
    Optional<SnapshotReader> previous = context.previous();
    if (previous.isEmpty()) {
      return none("there is no earlier backup");
    }
    return judge(context, previous.get(), chainLength, system, serverVersion);
  }

  private static Parent judge(
      CaptureContext context,
      SnapshotReader previous,
      int chainLength,
      SystemIdentity system,
      int serverVersion)
      throws IOException {
    Manifest facts = previous.manifest();
    int chain = number(facts, Facts.CHAIN);
    if (!facts.get(Manifest.IDENTITY).equals(Optional.of(system.system()))) {
      return none("the earlier backup is of another system");
    }
    if (number(facts, Facts.SERVER_VERSION) / OF_MAJOR != serverVersion / OF_MAJOR) {
      return none("the earlier backup is of another major version");
    }
    if (number(facts, Facts.TIMELINE) != system.timeline()) {
      return none("the earlier backup is of another timeline");
    }
    if (chain < 1 || chain >= chainLength) {
      return none("the chain has its " + chain + " backups");
    }
    if (!isWhole(context, previous)) {
      return none("a backup of the chain is gone or damaged");
    }
    Optional<Entry> manifest = previous.entry(PhysicalCapture.MANIFEST);
    return manifest
        .map(each -> new Parent(previous, each, chain, ""))
        .orElseGet(() -> none("the earlier backup has no manifest"));
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
