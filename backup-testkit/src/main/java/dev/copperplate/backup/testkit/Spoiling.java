package dev.copperplate.backup.testkit;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.UnaryOperator;

/** Gives the reader other bytes than the store sent; all of them are in memory meanwhile. */
final class Spoiling implements Fault {

  private final UnaryOperator<byte[]> bytes;
  private final End end;

  /** What happens where the bytes end. */
  interface End {
    void reached() throws IOException;
  }

  private Spoiling(UnaryOperator<byte[]> bytes, End end) {
    this.bytes = bytes;
    this.end = end;
  }

  static Fault by(UnaryOperator<byte[]> bytes) {
    return new Spoiling(bytes, () -> {});
  }

  static Fault by(UnaryOperator<byte[]> bytes, End end) {
    return new Spoiling(bytes, end);
  }

  @Override
  public InputStream stream(Operation operation, InputStream stream) throws IOException {
    byte[] sent;
    try {
      sent = stream.readAllBytes();
    } catch (Throwable e) {
      stream.close();
      throw e;
    }
    return new Spoilt(stream, bytes.apply(sent), end);
  }

  /** Closes what it stands for. */
  private static final class Spoilt extends InputStream {

    private final InputStream closed;
    private final InputStream in;
    private final End end;

    Spoilt(InputStream closed, byte[] bytes, End end) {
      this.closed = closed;
      this.in = new ByteArrayInputStream(bytes);
      this.end = end;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      int count = in.read(bytes, offset, length);
      if (count < 0) {
        end.reached();
      }
      return count;
    }

    @Override
    public void close() throws IOException {
      closed.close();
    }
  }
}
