package dev.copperplate.backup.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;

/**
 * Copies a stream into an empty file and leaves out whole blocks of zeros: the file system makes
 * holes of them.
 */
final class SparseCopy {

  static final int BLOCK = 64 << 10;

  private static final byte[] ZEROS = new byte[BLOCK];

  private final FileChannel file;
  private long position;
  private boolean endsInHole;

  SparseCopy(FileChannel file) {
    this.file = file;
  }

  /**
   * Copies up to the end of the stream, but not more than the limit.
   *
   * @return how many bytes, one more than the limit if there were more
   * @throws FileWriteException if the file could not be written; what the stream throws passes
   */
  long copy(InputStream content, long limit) throws IOException {
    // One byte more than the file should have, so that one that is small is read in one go. Most
    // files are small: a whole block for each would be most of what a restore allocates.
    byte[] block = new byte[1 + (int) Math.min(BLOCK - 1, Math.max(0, limit))];
    while (true) {
      int count = content.readNBytes(block, 0, block.length);
      if (position + count > limit) {
        return limit + 1;
      }
      try {
        append(block, count);
        if (count < block.length) {
          end();
          return position;
        }
      } catch (IOException refused) {
        throw new FileWriteException(refused);
      }
    }
  }

  private void append(byte[] block, int count) throws IOException {
    if (count == 0) {
      return;
    }
    endsInHole = count == BLOCK && Arrays.equals(block, ZEROS);
    if (!endsInHole) {
      ByteBuffer bytes = ByteBuffer.wrap(block, 0, count);
      while (bytes.hasRemaining()) {
        file.write(bytes, position + bytes.position());
      }
    }
    position += count;
  }

  /** A hole at the end needs its last byte, or the file would be too short. */
  private void end() throws IOException {
    if (endsInHole) {
      file.write(ByteBuffer.wrap(ZEROS, 0, 1), position - 1);
    }
  }
}
