package dev.copperplate.backup.testkit.s3;

import org.jspecify.annotations.Nullable;

/**
 * The body of a request as it is meant, compared with every digest that came with it.
 *
 * @param checksum the one that was given; null for none
 * @param md5 whether Content-MD5 was given
 */
record Payload(byte[] content, @Nullable StoredChecksum checksum, boolean md5) {

  static final Payload EMPTY = new Payload(new byte[0], null, false);

  boolean hasDigest() {
    return md5 || checksum != null;
  }
}
