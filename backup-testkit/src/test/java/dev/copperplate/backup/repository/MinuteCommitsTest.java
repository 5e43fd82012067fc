package dev.copperplate.backup.repository;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.RetentionPolicy;
import dev.copperplate.backup.restic.Restic;
import dev.copperplate.backup.retention.RetentionPolicies;
import java.io.IOException;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A service that commits every minute keeps its repository small, for as long as it runs. */
class MinuteCommitsTest {

  private static final int MOST_SNAPSHOTS = 400;
  private static final int MOST_OBJECTS = 2_000;
  private static final int DAYS_KEPT = 90;
  private static final Logger LOG = LoggerFactory.getLogger(MinuteCommitsTest.class);

  @TempDir Path directory;

  @Test
  @Timeout(value = 20, unit = TimeUnit.MINUTES)
  void aWeekOfMinuteCommitsLeavesFewObjectsAndLosesNothing() throws Exception {
    simulate(7, 7, RetentionPolicies.unreplaced());
  }

  /** Of a year's days the newest stay: more than 400 snapshots are wanted by nobody. */
  @Test
  @Tag("slow")
  @Timeout(value = 12, unit = TimeUnit.HOURS)
  void aYearOfMinuteCommitsLeavesFewObjectsAndLosesNothing() throws Exception {
    int days = Integer.getInteger("commits.days", 365);
    simulate(days, Math.min(days, DAYS_KEPT), RetentionPolicies.daily(DAYS_KEPT, ZoneOffset.UTC));
  }

  private void simulate(int days, int kept, RetentionPolicy policy)
      throws IOException, InterruptedException {
    long begun = System.nanoTime();
    try (MinuteCommits commits = new MinuteCommits(directory, policy)) {
      for (int day = 0; day < days; day++) {
        commits.day();
      }
      commits.assertDaysAreThere(kept);
      LOG.info(
          "{} days in {} s: {}",
          days,
          TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun),
          commits);
      assertTrue(commits.mostSnapshots() <= MOST_SNAPSHOTS, commits::toString);
      assertTrue(commits.mostObjects() <= MOST_OBJECTS, commits::toString);
      judge(commits);
    }
  }

  private void judge(MinuteCommits commits) throws IOException, InterruptedException {
    Path copy = directory.resolve("copy");
    commits.copyTo(copy);
    Restic.Result result =
        Restic.stock().at(copy, TestRepositories.PASSWORD).run("check", "--read-data");
    assertTrue(result.exitCode() == 0 && result.err().isEmpty(), result::toString);
  }
}
