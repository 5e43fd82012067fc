package dev.copperplate.backup.repository;

import dev.copperplate.backup.ContentId;
import dev.copperplate.backup.Decision;
import dev.copperplate.backup.Proof;
import dev.copperplate.backup.RetentionPolicy;
import dev.copperplate.backup.RunId;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotId;
import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.SourceId;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.read.ListedSnapshot;
import dev.copperplate.backup.repository.read.SnapshotCatalog;
import dev.copperplate.backup.repository.storage.StoredObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * A history of snapshots that no store holds, for plans that are made in memory. Snapshots go by
 * names, which are their runs; unless said otherwise each is of {@link #ORDERS}, arrived when it
 * was made, is an hour younger than the one before, and complete.
 */
final class TestHistory {

  static final SourceId ORDERS = new SourceId("map", "orders");
  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  /** Keeps nothing. */
  static final RetentionPolicy NOTHING = keeping(each -> false);

  final Map<String, Item> items = new LinkedHashMap<>();
  final Map<RunId, List<String>> holds = new HashMap<>();
  final Map<String, Proof> proofs = new HashMap<>();
  final Map<ContentId, String> identities = new HashMap<>();
  final Set<RunId> leased = new HashSet<>();
  final List<Approval> approvals = new ArrayList<>();
  RepositoryOptions options = RepositoryOptions.DEFAULT;
  Instant now = START.plus(Duration.ofDays(400));

  /** A snapshot that is being described. */
  static final class Item {
    SourceId source = ORDERS;
    String environment = "default";
    Instant time;
    Optional<Instant> arrival = Optional.empty();
    Optional<Instant> retainedUntil = Optional.empty();
    SnapshotState state = SnapshotState.COMPLETE;
    List<String> needs = List.of();
    Set<String> tags = Set.of();
    Optional<String> run = Optional.empty();

    private Item(Instant time) {
      this.time = time;
    }

    Item of(String name) {
      source = new SourceId("map", name);
      return this;
    }

    Item needs(String... runs) {
      needs = List.of(runs);
      return this;
    }

    Item state(SnapshotState is) {
      state = is;
      return this;
    }
  }

  /** Adds a snapshot, the newest so far. */
  Item add(String name) {
    Item item = new Item(START.plus(Duration.ofHours(items.size())));
    items.put(name, item);
    return item;
  }

  Snapshot snapshot(String name) {
    Item item = items.get(name);
    if (item == null) {
      throw new IllegalArgumentException(name);
    }
    return new Snapshot(
        new SnapshotId(hash(name).hex()),
        new RunId(item.run.orElse(name)),
        content(name),
        item.source,
        item.environment,
        item.time,
        item.state,
        item.needs.stream().map(RunId::new).toList(),
        Optional.empty(),
        Optional.empty(),
        item.tags,
        1,
        1);
  }

  static ContentId content(String name) {
    return new ContentId(hash("content of " + name).hex());
  }

  private static Sha256 hash(String name) {
    return Sha256.hash(name.getBytes(StandardCharsets.UTF_8));
  }

  List<ListedSnapshot> stored() {
    List<ListedSnapshot> stored = new ArrayList<>();
    items.forEach(
        (name, item) ->
            stored.add(
                new ListedSnapshot(
                    snapshot(name),
                    new StoredObject(
                        hash(name), 1, item.arrival.orElse(item.time), item.retainedUntil))));
    stored.sort(Comparator.comparing(ListedSnapshot::snapshot, SnapshotCatalog.NEWEST_FIRST));
    return stored;
  }

  /** What a plan about all of them would say. */
  Planned plan(RetentionPolicy policy, RetentionQuestion... answered) throws IOException {
    return plan(policy, each -> true, answered);
  }

  Planned plan(RetentionPolicy policy, Predicate<Snapshot> asked, RetentionQuestion... answered)
      throws IOException {
    Map<SnapshotId, Proof> proved = new HashMap<>();
    proofs.forEach((name, proof) -> proved.put(snapshot(name).id(), proof));
    Protections protections =
        new Protections(
            holds,
            leased,
            approvals,
            proved,
            each -> Optional.ofNullable(identities.get(each.content())));
    RetentionPlanner planner = new RetentionPlanner(stored(), asked, protections, options, now);
    Map<SnapshotId, String> names = new HashMap<>();
    items.keySet().forEach(each -> names.put(snapshot(each).id(), each));
    return new Planned(planner.plan(policy, Set.of(answered)), names);
  }

  void remove(Set<String> names) {
    items.keySet().removeAll(names);
    proofs.keySet().removeAll(names);
  }

  /** A plan whose snapshots go by names. */
  record Planned(RetentionPlanner.Outcome outcome, Map<SnapshotId, String> names) {

    Set<String> kept() {
      return named(Decision::keep);
    }

    Set<String> removed() {
      return named(each -> !each.keep());
    }

    private Set<String> named(Predicate<Decision> which) {
      Set<String> found = new HashSet<>();
      outcome.decisions().stream().filter(which).forEach(each -> found.add(name(each.snapshot())));
      return found;
    }

    Set<String> needApproval() {
      Set<String> found = new HashSet<>();
      outcome.needApproval().forEach(each -> found.add(name(each)));
      return found;
    }

    private String name(Snapshot snapshot) {
      return names.getOrDefault(snapshot.id(), "unknown");
    }

    List<String> reasons(String name) {
      return outcome.decisions().stream()
          .filter(each -> name(each.snapshot()).equals(name))
          .findFirst()
          .orElseThrow()
          .reasons();
    }

    List<String> questions() {
      return outcome.questions().stream().map(RetentionQuestion::text).toList();
    }

    RetentionQuestion[] asked() {
      return outcome.questions().toArray(RetentionQuestion[]::new);
    }
  }

  /** Keeps what is asked for. */
  static RetentionPolicy keeping(Predicate<Snapshot> which) {
    return (snapshots, now) ->
        snapshots.stream()
            .map(
                each ->
                    new Decision(
                        each,
                        which.test(each),
                        which.test(each) ? List.of("wanted") : List.of(),
                        Set.of()))
            .toList();
  }

  /** Keeps the newest. */
  static RetentionPolicy last(int n) {
    return (snapshots, now) ->
        snapshots.stream()
            .map(
                each -> {
                  boolean keep = snapshots.indexOf(each) < n;
                  return new Decision(
                      each, keep, keep ? List.of("last " + n) : List.of(), Set.of());
                })
            .toList();
  }

  /** The same policy, which says of all that they stand for a class. */
  static RetentionPolicy classed(RetentionPolicy policy, String name) {
    UnaryOperator<Decision> classed =
        each -> new Decision(each.snapshot(), each.keep(), each.reasons(), Set.of(name));
    return (snapshots, now) -> policy.decide(snapshots, now).stream().map(classed).toList();
  }
}
