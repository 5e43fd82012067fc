package dev.copperplate.backup.fuzz;

import com.sun.management.ThreadMXBean;
import dev.copperplate.backup.repository.crypto.DamagedContainerException;
import dev.copperplate.backup.repository.format.FormatException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Optional;

/**
 * The promise of every parser of stored bytes, whatever the bytes are: it gives a value or says in
 * the stated way that there is none, and takes no more memory than a stated multiple of what it was
 * given. Whatever else it throws is a finding of the fuzzer.
 *
 * <p>Fuzz tests name parsers and writers by method references and give seeds that need no record:
 * JDK 17 spoils records with annotated components that were loaded before Jazzer rewrites them
 * (NoSuchFieldError).
 */
public final class AnyBytes {

  /** What parsers allocate whatever they are given: buffers, ciphers, messages. */
  public static final long FIXED = 256 << 10;

  /** What parsers allocate at most for each byte that they are given. */
  public static final long PER_BYTE = 256;

  private static final int ATTEMPTS = 4;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private AnyBytes() {}

  /** Something that reads stored bytes. */
  @FunctionalInterface
  public interface Parser<I, T> {
    T read(I input) throws IOException;
  }

  /** Something that writes what was read. */
  @FunctionalInterface
  public interface Writer<T> {
    byte[] write(T value) throws IOException;
  }

  /**
   * Reads in the usual bounds.
   *
   * @return the value; empty if the bytes were refused in the stated way
   */
  public static <T> Optional<T> read(byte[] input, Parser<byte[], T> parser) throws IOException {
    return read(input, FIXED + PER_BYTE * input.length, parser);
  }

  /** Reads, and fails if that takes more than so many bytes of memory. */
  public static <I, T> Optional<T> read(I input, long mostMemory, Parser<I, T> parser)
      throws IOException {
    Optional<T> value = attempt(input, parser);
    // Again, as the first time may have loaded classes; and the least of several times, because
    // Jackson now and then copies the table of all field names that it has ever met.
    long taken = Long.MAX_VALUE;
    for (int i = 0; i < ATTEMPTS && taken > mostMemory; i++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      attempt(input, parser);
      taken = Math.min(taken, THREADS.getCurrentThreadAllocatedBytes() - before);
    }
    if (taken > mostMemory) {
      throw new AssertionError("It took " + taken + " bytes of memory, allowed are " + mostMemory);
    }
    return value;
  }

  /** Reads in the usual bounds; what was read survives being written and read again. */
  public static <T> void roundTrip(byte[] input, Parser<byte[], T> parser, Writer<T> writer)
      throws IOException {
    Optional<T> value = read(input, parser);
    if (value.isPresent()) {
      byte[] written = writer.write(value.get());
      byte[] again = writer.write(parser.read(written));
      require(Arrays.equals(written, again), "Written and read again it is another: " + value);
    }
  }

  /** What must hold of everything that was read. */
  public static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new AssertionError(otherwise);
    }
  }

  private static <I, T> Optional<T> attempt(I input, Parser<I, T> parser) throws IOException {
    try {
      return Optional.of(parser.read(input));
    } catch (FormatException | DamagedContainerException refused) {
      return Optional.empty();
    }
  }
}
