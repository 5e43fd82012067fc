package dev.copperplate.backup.postgres.basebackup;

import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Passes lines through and sums up all but the last one, in which a manifest has that sum. */
final class SummedLines extends FilterInputStream {

  /** A path has 1,024 bytes at most, and twice as many digits. */
  private static final int LONGEST = 16 * 1024;

  private final FileChecksum checksum = ChecksumAlgorithm.SHA256.begin();
  private ByteArrayOutputStream line = new ByteArrayOutputStream(LONGEST);
  private ByteArrayOutputStream last = new ByteArrayOutputStream(LONGEST);

  SummedLines(InputStream lines) {
    super(lines);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    int count = super.read(bytes, from, length);
    int begin = from;
    for (int at = from; at < from + count; at++) {
      if (bytes[at] == '\n') {
        add(bytes, begin, at + 1);
        ended();
        begin = at + 1;
      }
    }
    add(bytes, begin, from + Math.max(0, count));
    return count;
  }

  private void add(byte[] bytes, int from, int to) {
    if (line.size() + (to - from) > LONGEST) {
      throw new IllegalArgumentException("a line of more than " + LONGEST + " bytes");
    }
    line.write(bytes, from, to - from);
  }

  private void ended() {
    byte[] previous = last.toByteArray();
    checksum.update(previous, 0, previous.length);
    ByteArrayOutputStream spare = last;
    last = line;
    line = spare;
    line.reset();
  }

  /** The sum of all but the last line; to be asked once, at the end. */
  String sum() {
    return checksum.hex();
  }

  /** Whether the last line ended as a line. */
  boolean isEnded() {
    return line.size() == 0 && last.size() > 0;
  }

  @Override
  public boolean markSupported() {
    return false;
  }
}
