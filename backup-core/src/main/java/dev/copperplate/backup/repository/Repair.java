package dev.copperplate.backup.repository;

import dev.copperplate.backup.repository.check.Findings;
import dev.copperplate.backup.repository.lock.RepositoryLock;
import dev.copperplate.backup.repository.repair.Healing;
import dev.copperplate.backup.repository.repair.Replica;
import dev.copperplate.backup.repository.run.Run;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Makes whole again what is damaged, with the repository for itself. */
final class Repair {

  private final OpenRepository repository;
  private final RepositoryOptions options;
  private final Run run;

  Repair(OpenRepository repository, RepositoryOptions options, Run run) {
    this.repository = repository;
    this.options = options;
    this.run = run;
  }

  RepairReport repair(RepairOptions how) throws IOException, InterruptedException {
    try (RepositoryLock lock = repository.exclusiveLock(options, how.lockWait());
        OpenRepository fresh = repository.afresh()) {
      Findings findings = new Findings();
      Healing healing =
          new Healing(
              fresh.store(), replicas(how), how.dryRun(), fresh.records().retention(), findings);
      long indexes = new Repairing(fresh, options, run, lock, healing).repair();
      findings.tell(fresh.store().target().description(), run::report);
      return new RepairReport(
          healing.objects().get(), healing.blobs().get(), indexes, run.findings());
    }
  }

  private List<Replica> replicas(RepairOptions how) throws IOException {
    List<Replica> replicas = new ArrayList<>();
    for (BackupRepository each : how.replicas()) {
      OpenRepository opened = each.opened();
      opened.index().refresh();
      boolean cutsAlike = opened.polynomial().equals(repository.polynomial());
      replicas.add(new Replica(opened.store(), opened.blobs(), cutsAlike));
    }
    return replicas;
  }
}
