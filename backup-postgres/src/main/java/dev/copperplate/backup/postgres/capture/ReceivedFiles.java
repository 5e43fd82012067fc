package dev.copperplate.backup.postgres.capture;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * Sizes and checksums of the files that arrived, until the manifest tells what they should be: some
 * twenty-five bytes for each, as clusters can have millions. Paths are known by 64 bits of their
 * hash. Not thread-safe.
 */
final class ReceivedFiles {

  private static final int FIRST_CAPACITY = 1 << 10;

  private final MessageDigest digest = sha256();
  private long[] keys = new long[FIRST_CAPACITY];
  private long[] sizes = new long[FIRST_CAPACITY];
  private int[] checksums = new int[FIRST_CAPACITY];
  private int count;

  /** What the comparison with one file of the manifest shows. */
  enum Match {
    SAME,
    ABSENT,
    OTHER_SIZE,
    OTHER_CHECKSUM
  }

  void add(byte[] path, long size, int crc32c) {
    if (count * 2 >= keys.length) {
      grow();
    }
    put(key(path), size, crc32c);
    count++;
  }

  int count() {
    return count;
  }

  /** Compares a file with what the manifest says of it. */
  Match compare(byte[] path, long size, int crc32c) {
    int slot = slot(key(path));
    if (keys[slot] == 0) {
      return Match.ABSENT;
    }
    if (sizes[slot] != size) {
      return Match.OTHER_SIZE;
    }
    return checksums[slot] == crc32c ? Match.SAME : Match.OTHER_CHECKSUM;
  }

  private void put(long key, long size, int checksum) {
    int slot = slot(key);
    keys[slot] = key;
    sizes[slot] = size;
    checksums[slot] = checksum;
  }

  /** Where the key is, or would be. */
  private int slot(long key) {
    int slot = (int) key & (keys.length - 1);
    while (keys[slot] != 0 && keys[slot] != key) {
      slot = (slot + 1) & (keys.length - 1);
    }
    return slot;
  }

  private void grow() {
    long[] oldKeys = keys;
    long[] oldSizes = sizes;
    int[] oldChecksums = checksums;
    keys = new long[oldKeys.length * 2];
    sizes = Arrays.copyOf(oldSizes, keys.length);
    checksums = Arrays.copyOf(oldChecksums, keys.length);
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != 0) {
        put(oldKeys[i], oldSizes[i], oldChecksums[i]);
      }
    }
  }

  private long key(byte[] path) {
    long key = ByteBuffer.wrap(digest.digest(path)).getLong();
    return key == 0 ? 1 : key;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }
}
