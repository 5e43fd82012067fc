package dev.copperplate.backup.repository;

import dev.copperplate.backup.RunId;
import dev.copperplate.backup.repository.expiry.Proofs;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a plan heeds besides the snapshots and the policy, as it stands when the plan is made.
 *
 * @param holds for which reasons runs are held
 * @param leased the runs on which snapshots depend that are being made
 * @param approvals all that were given, whether they still count or not
 * @param proofs how far contents are proved
 * @param identities of the systems that were captured
 */
record Protections(
    Map<RunId, List<String>> holds,
    Set<RunId> leased,
    List<Approval> approvals,
    Proofs.Lookup proofs,
    RetentionQuestions.Identity identities) {}
