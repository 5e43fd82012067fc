package dev.copperplate.backup.repository.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class LockFileTest {

  private static final String JSON =
      "{\"time\":\"2024-02-29T12:00:00.5Z\",\"exclusive\":true,\"hostname\":\"h\\u003c\","
          + "\"username\":\"u\",\"pid\":42,\"uid\":1000,\"gid\":4294967295}";

  @Test
  void isWrittenAsResticWritesIt() throws Exception {
    Instant time = Instant.parse("2024-02-29T12:00:00.500Z");
    LockFile lock = new LockFile(time, true, "h<", "u", 42, 1000, 4294967295L);
    assertEquals(JSON, Expect.text(lock.encode()));
    assertEquals(lock, LockFile.decode(lock.encode()));
    assertEquals(
        "{\"time\":\"1970-01-01T00:00:00Z\",\"exclusive\":false,\"hostname\":\"\","
            + "\"username\":\"\",\"pid\":0}",
        Expect.text(new LockFile(Instant.EPOCH, false, "", "", 0, 0, 0).encode()));
  }

  @Property(tries = 200)
  void isReadAsItWasWritten(
      @ForAll boolean exclusive,
      @ForAll @LongRange(min = 0) long pid,
      @ForAll @LongRange(min = 0, max = 0xffff_ffffL) long uid)
      throws Exception {
    LockFile lock = new LockFile(Instant.EPOCH, exclusive, "\u2028\"", "", pid, uid, 0);
    assertEquals(lock, LockFile.decode(lock.encode()));
  }

  @Test
  void isStaleWhenItHasNoTime() throws Exception {
    assertEquals(Timestamps.UNKNOWN, LockFile.decode(Expect.utf8("{}")).time());
    assertEquals(
        Timestamps.UNKNOWN, LockFile.decode(Expect.utf8("{\"time\":null,\"new\":[]}")).time());
  }

  @Test
  void survivesDamage() {
    Expect.everyTruncationRefused(Expect.utf8(JSON), LockFile::decode);
    Expect.noFlippedBitSurprises(Expect.utf8(JSON), LockFile::decode);
    Expect.refused("something follows", JSON + "{}", LockFile::decode);
    Expect.refused("'exclusive' is not true or false", "{\"exclusive\":1}", LockFile::decode);
    Expect.refused("'time': Not a time", "{\"time\":\"yesterday\"}", LockFile::decode);
  }
}
