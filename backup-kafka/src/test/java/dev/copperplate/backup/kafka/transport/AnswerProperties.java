package dev.copperplate.backup.kafka.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** What parsing makes of bytes that are nearly right, and of any. */
class AnswerProperties {

  private static int parse(byte[] answer) throws MalformedAnswerException {
    ResponseReader in = new ResponseReader(ByteBuffer.wrap(answer));
    in.int32();
    in.skipTags();
    ByteBuffer records = Fetch.read(in, HostileAnswerTest.TOPIC).records();
    BatchRun run = BatchRun.of(records, 0, 1_000);
    assertTrue(run.next() >= 0);
    assertTrue(run.bytes().remaining() <= answer.length);
    assertEquals(run.next() > 0, run.bytes().hasRemaining());
    return run.bytes().remaining();
  }

  @Example
  void aCorrectAnswerIsTaken() throws Exception {
    assertEquals(
        HostileAnswerTest.batches(3).length,
        parse(HostileAnswerTest.answer(0, HostileAnswerTest.batches(3))));
  }

  @Property(tries = 3_000)
  void bytesThatWereCutOrFlippedAreReadOrRefused(
      @ForAll @Size(max = 4) List<@IntRange(max = 10_000) Integer> places,
      @ForAll byte change,
      @ForAll @IntRange(max = 10_000) int length) {
    byte[] answer = HostileAnswerTest.answer(0, HostileAnswerTest.batches(3));
    for (int place : places) {
      answer[place % answer.length] ^= change;
    }
    byte[] cut = length < 5_000 ? Arrays.copyOf(answer, length % answer.length) : answer;
    try {
      parse(cut);
    } catch (MalformedAnswerException refused) {
      assertNotNull(refused.getMessage());
    }
  }

  @Property(tries = 2_000)
  void anyBytesAreReadOrRefused(@ForAll @Size(max = 200) byte[] bytes) {
    try {
      parse(bytes);
    } catch (MalformedAnswerException refused) {
      assertNotNull(refused.getMessage());
    }
  }
}
