package dev.copperplate.backup.postgres.restore;

import dev.copperplate.backup.postgres.basebackup.ChecksumAlgorithm;
import dev.copperplate.backup.postgres.basebackup.FileChecksum;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;

/** Sums up what passes, and says the sum when the last byte has passed. */
final class SummedFile extends InputStream {

  private final InputStream content;
  private final FileChecksum checksum;
  private final Consumer<String> whole;
  private long left;

  SummedFile(InputStream content, ChecksumAlgorithm algorithm, long size, Consumer<String> whole) {
    this.content = content;
    this.checksum = algorithm.begin();
    this.whole = whole;
    this.left = size;
    endIfWhole();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    int count = content.read(bytes, from, length);
    if (count > 0) {
      checksum.update(bytes, from, count);
      left -= count;
      endIfWhole();
    }
    return count;
  }

  @Override
  public void close() throws IOException {
    content.close();
  }

  private void endIfWhole() {
    if (left == 0) {
      whole.accept(checksum.hex());
    }
  }
}
