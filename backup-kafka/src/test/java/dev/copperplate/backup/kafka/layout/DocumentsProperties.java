package dev.copperplate.backup.kafka.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.apache.kafka.common.Uuid;

class DocumentsProperties {

  @Property(tries = 200)
  void aTopicIsReadAsWritten(
      @ForAll String name, @ForAll @Size(max = 4) Map<String, String> configuration)
      throws IOException {
    StoredTopic topic =
        new StoredTopic(
            text(name), Uuid.randomUuid(), 3, 2, true, new TreeMap<>(texts(configuration)));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Documents.write(topic, out);
    assertEquals(
        topic, Documents.readTopic(new ByteArrayInputStream(out.toByteArray()), "topic.json"));
  }

  @Property(tries = 200)
  void aPartitionIsReadAsWritten(
      @ForAll @Size(max = 20) List<@LongRange(min = 1, max = 1L << 40) Long> lengths,
      @ForAll @IntRange(min = -1) int epoch)
      throws IOException {
    List<StoredFile> files = new ArrayList<>();
    List<Hole> holes = new ArrayList<>();
    List<AbortedTransaction> aborted = new ArrayList<>();
    long at = 0;
    for (long each : lengths) {
      files.add(new StoredFile(at, at + each, each * 70, each, each / 2, -1, "ab".repeat(32)));
      aborted.add(new AbortedTransaction(each, at, at + each - 1));
      holes.add(new Hole(at + each, at + each + 2, Hole.Reason.RETENTION));
      at += each + 2;
    }
    StoredPartition partition =
        new StoredPartition(Uuid.randomUuid(), 7, 0, at, epoch, "raw", files, holes, aborted);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Documents.write(partition, out);
    assertEquals(
        partition,
        Documents.readPartition(new ByteArrayInputStream(out.toByteArray()), "partition.json"));
  }

  @Example
  void whatIsCutOffIsDamaged() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Documents.write(new StoredTopic("t", Uuid.randomUuid(), 1, 1, false, new TreeMap<>()), out);
    byte[] whole = out.toByteArray();
    for (int length = 0; length < whole.length; length++) {
      ByteArrayInputStream cut = new ByteArrayInputStream(whole, 0, length);
      BackupException damaged =
          assertThrows(BackupException.class, () -> Documents.readTopic(cut, "/topics/t"));
      assertEquals(Kind.DAMAGED, damaged.kind());
    }
  }

  /** Half a pair of surrogates is no text that JSON can carry. */
  private static String text(String any) {
    return any.codePoints()
        .filter(each -> each < Character.MIN_SURROGATE || each > Character.MAX_SURROGATE)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static Map<String, String> texts(Map<String, String> any) {
    Map<String, String> texts = new TreeMap<>();
    any.forEach((key, value) -> texts.put(text(key), text(value)));
    return texts;
  }
}
