package dev.copperplate.backup.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.restic.Restic;
import dev.copperplate.backup.retention.RetentionPolicies;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots of what something else took before. */
class TakenAtTest {

  private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.SECONDS);

  @TempDir Path directory;

  @Test
  void aSnapshotIsOfTheTimeThatIsSaidAlsoForStockRestic() throws Exception {
    Instant then = Instant.parse("2024-02-29T03:00:00Z");
    try (BackupRepository repository = TestRepositories.create(directory)) {
      Snapshot snapshot = repository.backup(source("old"), at(then)).snapshot();
      assertEquals(then, snapshot.time());
      assertEquals(List.of(snapshot), repository.list(SnapshotFilter.ALL));
    }
    String listed =
        Restic.stock().at(directory, TestRepositories.PASSWORD).run("snapshots", "--json").out();
    assertTrue(listed.contains("\"time\":\"2024-02-29T03:00:00Z\""), listed);
  }

  @Test
  void retentionBeginsWithWhatWasTakenBefore() throws Exception {
    try (BackupRepository repository = TestRepositories.create(directory)) {
      for (int days : List.of(1, 3, 2, 0)) {
        repository.backup(source("day " + days), at(NOW.minus(Duration.ofDays(days))));
      }
      RetentionPlan plan =
          repository.plan(SnapshotFilter.ALL, RetentionPolicies.daily(3, ZoneOffset.UTC));
      assertEquals(List.of(), plan.questions());
      repository.expire(plan);
      assertEquals(
          List.of(NOW, NOW.minus(Duration.ofDays(1)), NOW.minus(Duration.ofDays(2))),
          repository.list(SnapshotFilter.ALL).stream().map(Snapshot::time).toList());
    }
  }

  @Test
  void aTimeToComeIsRefusedBeforeAnythingIsRead() throws Exception {
    try (BackupRepository repository = TestRepositories.create(directory)) {
      Instant later = Instant.now().plus(Duration.ofMinutes(5));
      BackupException refused =
          assertThrows(BackupException.class, () -> repository.backup(source("never"), at(later)));
      assertEquals(Kind.INVALID, refused.kind());
      assertEquals(List.of(), repository.list(SnapshotFilter.ALL));
    }
  }

  private static BackupOptions at(Instant time) {
    return BackupOptions.DEFAULT.takenAt(time);
  }

  private static MapSource source(String content) {
    return new MapSource("one", Map.of("file", content.getBytes(StandardCharsets.UTF_8)));
  }
}
