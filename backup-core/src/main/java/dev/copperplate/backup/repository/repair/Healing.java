package dev.copperplate.backup.repository.repair;

import dev.copperplate.backup.repository.check.Findings;
import dev.copperplate.backup.repository.storage.ObjectStore;
import dev.copperplate.backup.repository.storage.Retention;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What all parts of a repair share.
 *
 * @param store what is repaired
 * @param replicas where to look, in this order
 * @param dryRun whether only to say what would be done
 * @param retention of what is written
 * @param findings what was done, and what could not be
 * @param objects how many objects were healed
 * @param blobs how many blobs were stored again from a replica
 */
public record Healing(
    ObjectStore store,
    List<Replica> replicas,
    boolean dryRun,
    Retention retention,
    Findings findings,
    AtomicLong objects,
    AtomicLong blobs) {

  public Healing(
      ObjectStore store,
      List<Replica> replicas,
      boolean dryRun,
      Retention retention,
      Findings findings) {
    this(
        store,
        List.copyOf(replicas),
        dryRun,
        retention,
        findings,
        new AtomicLong(),
        new AtomicLong());
  }

  /** Says what was done, or would be. */
  public void done(String subject, String what) {
    findings.info(subject, (dryRun ? "would be " : "was ") + what, "");
  }
}
