package dev.copperplate.backup.repository;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** Small things that become large. */
final class Bombs {

  private Bombs() {}

  /** A zstd frame of zeros; some 30 bytes for each MiB. */
  static byte[] zeros(long size) throws IOException {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    try (ZstdOutputStream out = new ZstdOutputStream(frame)) {
      byte[] zeros = new byte[1 << 20];
      for (long left = size; left > 0; left -= zeros.length) {
        out.write(zeros, 0, (int) Math.min(left, zeros.length));
      }
    }
    return frame.toByteArray();
  }
}
