package dev.copperplate.backup.repository;

import dev.copperplate.backup.RetentionPolicy;
import dev.copperplate.backup.RunId;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.SourceId;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.format.SnapshotFile;
import dev.copperplate.backup.repository.read.SnapshotFacts;
import dev.copperplate.backup.repository.storage.ObjectKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Snapshot files in a repository in a directory, all of one small content, as if backups had been
 * made over months. A snapshot goes by its run; each is a day younger than the one before, and
 * arrived when it was made.
 */
final class StoredHistory {

  private static final MapSource CONTENT =
      new MapSource(
          "content",
          Map.of(
              "kept", "some".getBytes(StandardCharsets.UTF_8),
              "left out", "more".getBytes(StandardCharsets.UTF_8)));

  private final Path place;
  private final StoredRepository stored;
  private final BackupRepository repository;
  private final String tree;
  private Instant time = Instant.parse("2026-01-01T06:00:00Z");

  /** Makes one backup of another source, whose content all have. */
  StoredHistory(Path place, BackupRepository repository) throws Exception {
    this.place = place;
    this.repository = repository;
    this.stored = StoredRepository.at(place);
    this.tree = repository.backup(CONTENT).snapshot().content().hex();
  }

  /** Adds a snapshot of a source, a day younger than the last. */
  Snapshot add(String source, String run, String... needs) throws IOException {
    return add(source, run, Set.of(), needs);
  }

  Snapshot add(String source, String run, Set<String> tags, String... needs) throws IOException {
    time = time.plus(Duration.ofDays(1));
    return add(source, run, time, time, tags, needs);
  }

  Snapshot add(
      String source, String run, Instant made, Instant arrived, Set<String> tags, String... needs)
      throws IOException {
    SourceId id = new SourceId("map", source);
    List<RunId> runs = Arrays.stream(needs).map(RunId::new).toList();
    SnapshotFile file =
        SnapshotFile.builder(made, Sha256.parse(tree))
            .paths(SnapshotFacts.paths(id))
            .hostname(RepositoryOptions.DEFAULT.environment())
            .tags(
                SnapshotFacts.tags(
                    new RunId(run), SnapshotState.COMPLETE, runs, Optional.empty(), tags))
            .programVersion(SnapshotFacts.program(id))
            .build();
    String name =
        stored.write(ObjectKind.SNAPSHOT, new String(file.encode(), StandardCharsets.UTF_8));
    Files.setLastModifiedTime(place.resolve("snapshots").resolve(name), FileTime.from(arrived));
    return get(run);
  }

  /** The snapshot of a run. */
  Snapshot get(String run) throws IOException {
    return repository.list(SnapshotFilter.of(new RunId(run))).get(0);
  }

  /** The runs that are listed, but for the one that made the content. */
  Set<String> runs() throws IOException {
    return runs(
        repository.list(SnapshotFilter.ALL).stream()
            .filter(each -> !each.source().equals(CONTENT.id()))
            .toList());
  }

  static Set<String> runs(List<Snapshot> snapshots) {
    Set<String> runs = new TreeSet<>();
    snapshots.forEach(each -> runs.add(each.run().value()));
    return runs;
  }

  /** Keeps the snapshots of these runs. */
  static RetentionPolicy keeping(String... runs) {
    return TestHistory.keeping(each -> List.of(runs).contains(each.run().value()));
  }
}
