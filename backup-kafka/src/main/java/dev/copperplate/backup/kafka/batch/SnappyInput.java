package dev.copperplate.backup.kafka.batch;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.xerial.snappy.Snappy;

/**
 * Decompresses Snappy in the frames of snappy-java or, where those do not begin it, as one raw
 * block, which is then in memory whole. snappy-java's own stream takes as much memory as a block
 * claims to need, up to 2 GiB for six bytes.
 *
 * @see <a
 *     href="https://github.com/xerial/snappy-java/blob/master/src/main/java/org/xerial/snappy/SnappyOutputStream.java">snappy-java,
 *     SnappyOutputStream</a>
 */
final class SnappyInput extends InputStream {

  private static final long MAGIC = 0x82_53_4e_41_50_50_59_00L;

  /** The first four bytes of the magic, where a length could be: streams may follow each other. */
  private static final int MAGIC_HEAD = (int) (MAGIC >>> 32);

  /** Magic, version, and the least version that reads it. */
  private static final int HEADER = 16;

  /** A copy of 64 bytes takes three; nothing is longer for its bytes. */
  private static final int MOST_TIMES = 22;

  private final ByteBuffer compressed;
  private final boolean framed;
  private final long most;
  private byte[] block = new byte[0];
  private byte[] plain = new byte[0];
  private int position;
  private int end;

  /** Decompresses at most so many bytes at once. */
  SnappyInput(ByteBuffer compressed, long most) {
    this.compressed = compressed;
    this.most = most;
    this.framed = compressed.remaining() >= HEADER && compressed.getLong(0) == MAGIC;
    if (framed) {
      compressed.position(HEADER);
    }
  }

  @Override
  public int read() throws IOException {
    return fill() ? plain[position++] & 0xff : -1;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (!fill()) {
      return -1;
    }
    int some = Math.min(length, end - position);
    System.arraycopy(plain, position, target, offset, some);
    position += some;
    return some;
  }

  private boolean fill() throws IOException {
    while (position == end) {
      if (!compressed.hasRemaining()) {
        return false;
      }
      decompress(framed ? blockLength() : compressed.remaining());
    }
    return true;
  }

  private int blockLength() throws IOException {
    require(Integer.BYTES);
    int length = compressed.getInt();
    while (length == MAGIC_HEAD) {
      require(HEADER);
      compressed.position(compressed.position() + HEADER - Integer.BYTES);
      length = compressed.getInt();
    }
    require(length);
    return length;
  }

  private void decompress(int length) throws IOException {
    if (block.length < length) {
      block = new byte[length];
    }
    compressed.get(block, 0, length);
    int plainLength = Snappy.uncompressedLength(block, 0, length);
    if (plainLength < 0 || plainLength > Math.min(most, (long) MOST_TIMES * length)) {
      throw new IOException("A block of " + length + " bytes claims " + plainLength);
    }
    if (plain.length < plainLength) {
      plain = new byte[plainLength];
    }
    position = 0;
    end = Snappy.uncompress(block, 0, length, plain, 0);
  }

  private void require(int bytes) throws IOException {
    if (bytes < 0 || bytes > compressed.remaining()) {
      throw new EOFException("The compressed bytes end too early");
    }
  }
}
