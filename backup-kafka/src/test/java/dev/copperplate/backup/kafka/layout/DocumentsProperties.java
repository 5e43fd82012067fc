package dev.copperplate.backup.kafka.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.kafka.batch.AbortedTransaction;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.apache.kafka.common.Uuid;

class DocumentsProperties {

  @Property(tries = 200)
  void aPartitionIsReadAsWritten(
      @ForAll @Size(max = 20) List<@LongRange(min = 1, max = 1L << 40) Long> lengths,
      @ForAll @IntRange(min = -1) int epoch)
      throws IOException {
    List<StoredFile> files = new ArrayList<>();
    List<Hole> holes = new ArrayList<>();
    List<AbortedTransaction> aborted = new ArrayList<>();
    List<UnendedTransaction> unended = new ArrayList<>();
    long at = 0;
    for (long each : lengths) {
      files.add(new StoredFile(at, at + each, each * 70, each, each / 2, -1, "ab".repeat(32)));
      aborted.add(new AbortedTransaction(each, at, at + each - 1));
      holes.add(new Hole(at + each, at + each + 2, Hole.Reason.RETENTION));
      unended.add(new UnendedTransaction(each, at, each % 2 == 0));
      at += each + 2;
    }
    StoredPartition partition =
        new StoredPartition(
            Uuid.randomUuid(), 7, 0, at, epoch, "raw", files, holes, aborted, unended);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Documents.write(partition, out);
    assertEquals(
        partition,
        Documents.readPartition(new ByteArrayInputStream(out.toByteArray()), "partition.json"));
  }

  @Example
  void whatIsCutOffIsDamaged() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Documents.write(
        new StoredPartition(
            Uuid.randomUuid(), 0, 0, 9, 1, "raw", List.of(), List.of(), List.of(), List.of()),
        out);
    byte[] whole = out.toByteArray();
    for (int length = 0; length < whole.length; length++) {
      ByteArrayInputStream cut = new ByteArrayInputStream(whole, 0, length);
      BackupException damaged =
          assertThrows(BackupException.class, () -> Documents.readPartition(cut, "/topics/t/0"));
      assertEquals(Kind.DAMAGED, damaged.kind());
    }
  }
}
