package dev.copperplate.backup.kafka.replay;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Tells texts from each other. */
final class Digest {

  private Digest() {}

  /** SHA-256 of the texts, in order, in hexadecimal digits. */
  static String of(Object... texts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Object each : texts) {
        digest.update(each.toString().getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException absent) {
      throw new IllegalStateException("Every JDK has SHA-256", absent);
    }
  }
}
