package dev.copperplate.backup.testkit;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Content;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** A connection that breaks in the middle. */
final class HalfWay implements Fault {

  @Override
  public void before(Operation operation) throws IOException {
    boolean middle =
        operation.kind() == Operation.Kind.PUT || operation.kind() == Operation.Kind.READ;
    if (!middle) {
      throw broken(operation);
    }
  }

  @Override
  public Content content(Operation operation, Content content) {
    return new Content() {
      @Override
      public long length() {
        return content.length();
      }

      @Override
      public InputStream open() throws IOException {
        return new Broken(content.open(), content.length() / 2, operation);
      }
    };
  }

  /** Read ahead, to know where the middle is. */
  @Override
  public InputStream stream(Operation operation, InputStream stream) throws IOException {
    return Spoiling.by(
        all -> Arrays.copyOf(all, all.length / 2),
        () -> {
          throw broken(operation);
        })
        .stream(operation, stream);
  }

  private static BackupException broken(Operation operation) {
    return new BackupException(
        Kind.UNAVAILABLE, "The connection broke in " + operation + ", as the test wants it");
  }

  /** Breaks after so many bytes. */
  private static final class Broken extends FilterInputStream {

    private final Operation operation;
    private long left;

    Broken(InputStream in, long left, Operation operation) {
      super(in);
      this.left = left;
      this.operation = operation;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (length > 0 && left <= 0) {
        throw broken(operation);
      }
      int count = super.read(bytes, offset, (int) Math.min(length, left));
      left -= Math.max(0, count);
      return count;
    }

    @Override
    public long skip(long count) throws IOException {
      long skipped = super.skip(Math.min(count, left));
      left -= skipped;
      return skipped;
    }
  }
}
