package dev.copperplate.backup.postgres.basebackup;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** One of the SHA-2 family. */
final class DigestChecksum implements FileChecksum {

  /** Larger single calls miss the JIT's fast path. */
  private static final int SLICE = 16 * 1024;

  private final MessageDigest digest;

  DigestChecksum(String algorithm) {
    try {
      digest = MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("Every JDK has " + algorithm, impossible);
    }
  }

  @Override
  public void update(byte[] bytes, int from, int length) {
    for (int done = 0; done < length; done += SLICE) {
      digest.update(bytes, from + done, Math.min(SLICE, length - done));
    }
  }

  @Override
  public String hex() {
    return HexFormat.of().formatHex(digest.digest());
  }
}
