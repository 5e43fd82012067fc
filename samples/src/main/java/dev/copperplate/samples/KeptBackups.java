package dev.copperplate.samples;

import dev.copperplate.backup.Proof;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.CheckOptions;
import dev.copperplate.backup.repository.CheckReport;
import dev.copperplate.backup.repository.CopyOptions;
import dev.copperplate.backup.repository.PruneOptions;
import dev.copperplate.backup.repository.RetentionPlan;
import dev.copperplate.backup.retention.RetentionPolicies;
import java.io.IOException;
import java.time.Duration;
import java.time.ZoneId;

/** The lines that the README shows of keeping backups. No program: a test runs them. */
final class KeptBackups {

  private KeptBackups() {}

  /** Thins out the snapshots, frees what nobody needs, copies what was proved, looks at a part. */
  static CheckReport keep(BackupRepository repository, BackupRepository replica)
      throws IOException, InterruptedException {
    // @start region="readme"
    RetentionPlan plan =
        repository.plan(RetentionPolicies.gfs(7, 4, 12, ZoneId.of("Europe/Berlin")));
    repository.expire(plan); // plan.removed(), but for what became needed meanwhile
    repository.prune(PruneOptions.DEFAULT); // writers go on
    repository.copyTo(replica, CopyOptions.DEFAULT.filter(SnapshotFilter.ALL.proved(Proof.DATA)));
    // What was not read for longest, up to 10 GiB or an hour
    return repository.check(new CheckOptions.Budget(10L << 30, Duration.ofHours(1)));
    // @end
  }
}
