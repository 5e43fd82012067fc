package dev.copperplate.backup.testkit;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Content;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * One way in which stores fail, as a {@link HostileTarget} plays it. The methods are the moments of
 * an operation; a fault of one's own overrides those that it spoils. Several faults of one
 * operation act one after the other.
 *
 * <p>None looks at the time or at chance: the same operations in the same order fail alike.
 */
public interface Fault {

  /** Before the store is asked. Who throws refuses it; a refused deletion remains with that. */
  default void before(Operation operation) throws IOException {}

  /** What the store gets instead of the content of a put. */
  default Content content(Operation operation, Content content) {
    return content;
  }

  /** What the reader gets instead of what the store sent. Closing it closes that. */
  default InputStream stream(Operation operation, InputStream stream) throws IOException {
    return stream;
  }

  /** After the store has done it. Who throws loses the answer. */
  default void after(Operation operation) throws IOException {}

  /**
   * The store does nothing and says so: {@code UNAVAILABLE} is a bucket that is overloaded, {@code
   * DENIED} a changed policy or a stolen token, {@code FULL} a quota.
   */
  static Fault refused(Kind kind) {
    return new Fault() {
      @Override
      public void before(Operation operation) throws IOException {
        throw new BackupException(kind, operation + " is refused, as the test wants it");
      }
    };
  }

  /**
   * The connection breaks in the middle, as {@code UNAVAILABLE}: half of a content was sent and
   * nothing is stored, or half of what is read has come. What has no middle is refused.
   */
  static Fault halfWay() {
    return new HalfWay();
  }

  /**
   * The store does it, and the answer never arrives, as {@code UNAVAILABLE}: a connection that is
   * reset, a time-out of a proxy. What was read is lost before its first byte.
   */
  static Fault answerLost() {
    return new Fault() {
      @Override
      public void after(Operation operation) throws IOException {
        throw new BackupException(
            Kind.UNAVAILABLE, "The answer to " + operation + " is lost, as the test wants it");
      }
    };
  }

  /**
   * One bit of what is read is another: a bad disk below a store without checksums, a faulty
   * network card. Nothing if nothing is read.
   *
   * @param bit which one, counted round the end
   */
  static Fault flipsBit(long bit) {
    return Spoiling.by(
        bytes -> {
          if (bytes.length > 0) {
            int at = (int) Long.remainderUnsigned(bit / 8, bytes.length);
            bytes[at] ^= (byte) (1 << (bit & 7));
          }
          return bytes;
        });
  }

  /**
   * What is read ends early as if it were all: a proxy that does not mind the announced length, a
   * file that somebody cut.
   */
  static Fault truncates() {
    return Spoiling.by(bytes -> Arrays.copyOf(bytes, bytes.length / 2));
  }

  /** What is read, and the content of puts, passes in small pieces, as on a bad line. */
  static Fault trickles(int bytes) {
    return new Trickling(bytes);
  }

  /**
   * Each operation takes its time on the clock of the test, as on a store that throttles. Nobody
   * waits: {@code passes} moves the clock.
   */
  static Fault slow(Duration each, Consumer<Duration> passes) {
    return new Fault() {
      @Override
      public void before(Operation operation) {
        passes.accept(each);
      }
    };
  }

  /**
   * So many bytes fit into all puts that it befalls; those that do not are refused with {@code
   * FULL}, as by a disk or a quota. Deletions free nothing.
   */
  static Fault full(long bytes) {
    AtomicLong left = new AtomicLong(bytes);
    return new Fault() {
      @Override
      public Content content(Operation operation, Content content) {
        long length = content.length();
        boolean fits = left.getAndUpdate(now -> now >= length ? now - length : now) >= length;
        return fits ? content : new NoRoom(operation, content);
      }
    };
  }
}
