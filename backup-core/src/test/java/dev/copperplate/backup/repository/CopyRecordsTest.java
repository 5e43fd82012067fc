package dev.copperplate.backup.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Proof;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.Verification;
import dev.copperplate.backup.records.ReceiptBody;
import dev.copperplate.backup.records.RecordKind;
import dev.copperplate.backup.records.RecordStore;
import dev.copperplate.backup.repository.storage.ObjectStore;
import dev.copperplate.backup.verify.Verifiers;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What lies beside a repository goes along with its snapshots, and what it proves there. */
class CopyRecordsTest extends CopyFixture {

  @Test
  void theFilterChoosesByProofAndAProofIsEarnedAgainInTheReplica() throws Exception {
    Snapshot proved = backup("a", 1);
    backup("b", 2);
    assertTrue(repository.verify(proved, Verifiers.checksums()).passed());
    SnapshotFilter filter = SnapshotFilter.ALL.proved(Proof.DATA);
    CopyReport report = copy(filter);
    assertEquals(List.of(proved.run()), runs(report));
    Snapshot copied = report.copied().get(0);
    List<Receipt> history = replica.receipts(copied);
    assertEquals(1, history.size());
    assertFalse(history.get(0).counts());
    assertEquals(List.of(), replica.list(filter));
    assertTrue(replica.verify(copied, Verifiers.checksums()).passed());
    assertEquals(List.of(copied), replica.list(filter));
    copy(filter);
    assertEquals(2, replica.receipts(copied).size());
  }

  @Test
  void aReceiptThatSomebodyForgedForTheReplicaIsNotTakenThere() throws Exception {
    Snapshot made = backup("a", 1);
    ObjectStore forger = store(place);
    Instant now = Instant.now();
    Verification passed = new Verification("forged", Proof.RESTORED, true, List.of(), Map.of());
    ReceiptBody body =
        new ReceiptBody(config(replicaPlace), made.content(), made.run(), made.run(), now, passed);
    new RecordStore(forger)
        .write(RecordKind.RECEIPT, made.content().hex(), now, body.encode(), null);
    Snapshot copied = copy(SnapshotFilter.ALL).copied().get(0);
    assertEquals(List.of(), replica.receipts(copied));
    assertEquals(List.of(), replica.list(SnapshotFilter.ALL.proved(Proof.STRUCTURE)));
  }

  @Test
  void holdsAndFindingsGoAlongOnceAndAHoldThatWasReleasedThereStaysReleased() throws Exception {
    Snapshot made =
        repository
            .backup(
                new PausingSource(
                    source("a", 1),
                    (writer, context) -> context.report(Finding.warning("x", "changed", ""))))
            .snapshot();
    repository.hold(made, "case 4711");
    Snapshot copied = copy(SnapshotFilter.ALL).copied().get(0);
    assertEquals(repository.findings(made), replica.findings(copied));
    assertEquals(
        List.of("case 4711 (held in repository " + config(place).substring(0, 8) + ")"),
        held().get(made.run()));
    copy(SnapshotFilter.ALL);
    assertEquals(1, held().get(made.run()).size());
    replica.release(copied);
    copy(SnapshotFilter.ALL);
    assertEquals(Map.of(), held());
    repository.hold(made, "another case");
    assertEquals(1, copy(SnapshotFilter.ALL).present());
    assertEquals(1, held().get(made.run()).size());
    repository.release(made);
    copy(SnapshotFilter.ALL);
    assertEquals(1, held().get(made.run()).size());
  }
}
