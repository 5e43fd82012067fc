package dev.copperplate.backup.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;

/** Compares what stock consumers see of a partition and of its copy. */
final class Replayed {

  private final TestCluster kafka;

  Replayed(TestCluster kafka) {
    this.kafka = kafka;
  }

  /** What a consumer of committed records sees, without offsets. */
  List<String> contents(TopicPartition partition) throws Exception {
    return kafka.consume(partition, 0, true).stream().map(Replayed::content).toList();
  }

  static String content(ConsumerRecord<byte[], byte[]> each) {
    StringBuilder text = new StringBuilder();
    text.append(each.timestamp()).append(' ').append(Arrays.toString(each.key()));
    text.append(' ').append(Arrays.toString(each.value()));
    for (Header header : each.headers()) {
      text.append(' ').append(header.key()).append('=').append(Arrays.toString(header.value()));
    }
    return text.toString();
  }

  /** All records, and where a reader goes on from each offset. */
  void assertSame(TopicPartition source, TopicPartition copy, Path journal) throws Exception {
    assertEquals(contents(source), contents(copy));
    assertResumes(source, copy, journal);
  }

  /** The first record from each offset of the log, also at its end. */
  void assertResumes(TopicPartition source, TopicPartition copy, Path journal) throws Exception {
    List<ConsumerRecord<byte[], byte[]>> before = kafka.consume(source, 0, true);
    List<ConsumerRecord<byte[], byte[]>> after = kafka.consume(copy, 0, true);
    OffsetMap map = OffsetMap.open(journal);
    assertEquals(copy, map.destination(source));
    long end = kafka.end(source);
    long[] offsets = new long[(int) end + 1];
    Arrays.setAll(offsets, i -> i);
    long[] translated = map.translate(source, offsets);
    List<String> expected = new ArrayList<>();
    List<String> found = new ArrayList<>();
    for (int i = 0; i <= end; i++) {
      expected.add(i + ": " + firstFrom(before, i));
      found.add(i + ": " + firstFrom(after, translated[i]));
    }
    assertEquals(expected, found);
    assertEquals(kafka.end(copy), translated[(int) end]);
    assertEquals(translated[(int) end / 2], single(map, source, end / 2));
  }

  private static long single(OffsetMap map, TopicPartition source, long offset) throws IOException {
    return map.translate(source.topic(), source.partition(), offset);
  }

  private static String firstFrom(List<ConsumerRecord<byte[], byte[]>> records, long offset) {
    return records.stream()
        .filter(each -> each.offset() >= offset)
        .findFirst()
        .map(Replayed::content)
        .orElse("the end");
  }
}
