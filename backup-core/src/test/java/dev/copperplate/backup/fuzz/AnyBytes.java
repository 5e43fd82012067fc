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

  /**
   * What parsers allocate whatever they are given: buffers, ciphers, messages, and a copy of
   * Jackson's table of field names, which grows up to 6,000 names that the process has met.
   */
  public static final long FIXED = 1 << 20;

  /** What parsers allocate at most for each byte that they are given. */
  public static final long PER_BYTE = 256;

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
    // A second time, as the first may have loaded classes.
    long before = THREADS.getCurrentThreadAllocatedBytes();
    attempt(input, parser);
    long taken = THREADS.getCurrentThreadAllocatedBytes() - before;
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
