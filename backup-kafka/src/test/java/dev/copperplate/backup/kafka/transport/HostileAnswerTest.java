package dev.copperplate.backup.kafka.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.kafka.KafkaCluster;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** No bytes of a broker hang a reader, take its memory or end in another exception than ours. */
@Timeout(60)
class HostileAnswerTest {

  static final TopicIdPartition TOPIC = new TopicIdPartition(new Uuid(1, 2), 0, "t");
  private static final TransportOptions HASTY =
      new TransportOptions(1_000, 10_000, Duration.ofSeconds(1));

  static byte[] batches(int count) {
    ByteBuffer all = ByteBuffer.allocate(count * 100);
    for (int i = 0; i < count; i++) {
      byte[] value = ("value " + i).getBytes(StandardCharsets.UTF_8);
      all.put(
          MemoryRecords.withRecords(
                  i * 2L, Compression.NONE, new SimpleRecord(value), new SimpleRecord(value))
              .buffer());
    }
    return Arrays.copyOf(all.array(), all.position());
  }

  /** A correct answer without its size. */
  static byte[] answer(int correlation, byte[] records) {
    RequestWriter out = new RequestWriter().int32(correlation).noTags();
    out.int32(0).int16(0).int32(0).compactArray(1).uuid(TOPIC.topicId()).compactArray(1);
    out.int32(0).int16(0).int64(100).int64(100).int64(0);
    out.compactArray(1).int64(7).int64(0).noTags();
    out.int32(-1).compactBytes(records.length);
    for (byte each : records) {
      out.int8(each);
    }
    return bytes(out.noTags().noTags().noTags());
  }

  private static byte[] bytes(RequestWriter out) {
    ByteBuffer done = out.done();
    byte[] all = new byte[done.remaining()];
    done.get(all);
    return all;
  }

  private static byte[] read(IntFunction<byte[]> answers, long to) throws Exception {
    try (FakeBroker broker = new FakeBroker(13, answers);
        RawTransport transport =
            RawTransport.of(
                KafkaCluster.of(Map.of("bootstrap.servers", broker.endpoint().toString())),
                HASTY)) {
      Node node = new Node(1, broker.endpoint().host(), broker.endpoint().port());
      transport
          .topics()
          .learn(TOPIC.topic(), List.of(new TopicPartitionInfo(0, node, List.of(), List.of())));
      try (BatchStream stream = transport.read(TOPIC, 0, to, -1)) {
        return Brokers.rest(stream);
      }
    }
  }

  private static BackupException refused(IntFunction<byte[]> answers) {
    return assertThrows(BackupException.class, () -> read(answers, 100));
  }

  private static byte[] whole(byte[] answer) {
    return FakeBroker.framed(ByteBuffer.wrap(answer));
  }

  @Test
  void aCorrectAnswerArrives() throws Exception {
    byte[] records = batches(3);
    assertArrayEquals(records, read(correlation -> whole(answer(correlation, records)), 6));
  }

  @Test
  void anAnswerThatClaimsToBeHugeIsNotGivenMemory() {
    BackupException refused =
        refused(correlation -> ByteBuffer.allocate(8).putInt(Integer.MAX_VALUE).array());
    assertEquals(Kind.UNSUPPORTED, refused.kind());
    assertTrue(refused.getMessage().contains("2147483647 bytes"), refused.getMessage());
  }

  @Test
  void anAnswerOfNegativeSizeIsGivenUp() {
    assertEquals(
        Kind.UNAVAILABLE, refused(correlation -> ByteBuffer.allocate(8).putInt(-5).array()).kind());
  }

  @Test
  void anAnswerThatStopsHalfwayIsGivenUp() {
    assertEquals(
        Kind.UNAVAILABLE,
        refused(correlation -> Arrays.copyOf(whole(answer(correlation, batches(3))), 90)).kind());
  }

  @Test
  void anAnswerToSomethingElseIsDamaged() {
    assertEquals(
        Kind.DAMAGED, refused(correlation -> whole(answer(correlation + 1, batches(3)))).kind());
  }

  @Test
  void aBatchThatEndsBeforeItBeginsIsDamaged() {
    byte[] records = batches(2);
    ByteBuffer.wrap(records).putInt(23, -1);
    BackupException refused = refused(correlation -> whole(answer(correlation, records)));
    assertEquals(Kind.DAMAGED, refused.kind());
    assertTrue(
        refused.getMessage().startsWith("Reading t-0 at offset 0 met"), refused.getMessage());
  }

  @Test
  void aBatchThatTheAnswerDoesNotHoldWholeIsDamaged() {
    byte[] records = Arrays.copyOf(batches(1), 70);
    assertEquals(Kind.DAMAGED, refused(correlation -> whole(answer(correlation, records))).kind());
  }

  @Test
  void anotherServerIsNoBroker() throws IOException {
    byte[] words = "HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        RawTransport transport =
            RawTransport.of(
                KafkaCluster.of(Map.of("bootstrap.servers", "127.0.0.1:" + server.getLocalPort())),
                HASTY)) {
      Thread web =
          new Thread(
              () -> {
                try (Socket socket = server.accept()) {
                  socket.getOutputStream().write(words);
                  socket.getInputStream().readAllBytes();
                } catch (IOException gone) {
                  // The client has closed the connection.
                }
              });
      web.start();
      BackupException refused = assertThrows(BackupException.class, transport::probe);
      assertEquals(Kind.INVALID, refused.kind());
      assertTrue(refused.getMessage().contains("security.protocol"), refused.getMessage());
    }
  }
}
