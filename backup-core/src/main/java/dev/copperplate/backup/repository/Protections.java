package dev.copperplate.backup.repository;

import dev.copperplate.backup.Proof;
import dev.copperplate.backup.RunId;
import dev.copperplate.backup.SnapshotId;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a plan heeds besides the snapshots and the policy, as it stands when the plan is made.
 *
 * @param holds for which reasons runs are held
 * @param leased the runs on which snapshots depend that are being made
 * @param approvals all that were given, whether they still count or not
 * @param proofs how far snapshots are proved, with all that they depend on
 * @param identities of the systems that were captured
 */
record Protections(
    Map<RunId, List<String>> holds,
    Set<RunId> leased,
    List<Approval> approvals,
    Map<SnapshotId, Proof> proofs,
    RetentionQuestions.Identity identities) {}
